"""Weight sharing on NAS-Bench-201: one network that holds every cell, trained once, and the searches that train it."""
