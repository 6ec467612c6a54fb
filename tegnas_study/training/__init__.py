"""Training networks: one epoch as a reward, and whole trainings by the recipes of the literature.

`protocols` says how, `data` on what, `training` does it and `run` keeps it in files. This file imports nothing, so
that the command line knows the `choices` without waiting for torch.
"""
