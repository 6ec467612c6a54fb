"""Weight sharing on NAS-Bench-201: one network that holds every cell, and the searches that train it."""
