"""What tables of searches say: means and gaps over seeds, curves over evaluations, exact steps, costs.

`rows` says which rows of a study are compared, `estimates` compares them, and `cost` says what a search costs.
`trajectories` is about curves over evaluations and `live` about the live searches of the DARTS space. The steps of
REINFORCE and FP-NAS without chance are in `exact_gradient`, many runs of FP-NAS side by side in `many_runs`.
"""
