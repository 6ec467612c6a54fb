"""The tests that exercises are checked with: one module a chapter, each with a dictionary ``TASKS``, label → task.

Whoever wants to solve an exercise should not look in here. A module imports torch and the like inside its
functions, so that asking for one exercise does not load what all of them need.
"""
