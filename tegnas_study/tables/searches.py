"""How the searches of Tables 2 and 5 are named: what a row of them is known by, and which there are."""

ROW = ("method", "preset", "reward", "dataset", "budget", "source")  # what a row of searches is known by
SEARCHED = ("reinforce", "evolution", "fp-nas", "local", "random")
SECOND = "teg-cifar10-seed1"  # the second table of the atlas: the same architectures under another seed
SUBSETS = ("kappa", "regions", "mse", "kappa+regions", "kappa+mse", "regions+mse", "teg")  # rewards of Table 5
