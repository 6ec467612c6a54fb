"""Landscapes of architectures (paper Section 4.3 and Fig. 4), one file for each question.

`draws` holds the indicators of the whole space under every draw of weights that the atlas has, `neighbourhood`
says what a landscape looks like to a step that changes one edge, `pairs` how far the two children of a spawned
search end from each other, `barriers` what lies between them, and `projection` how all of it is put on a plane.
"""
