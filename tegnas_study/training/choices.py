"""What a training can be asked for, by name; nothing is imported, so that the command line knows it at once."""

PROTOCOLS = (
    "nas-bench-201",
    "darts-cifar10",
    "darts-imagenet",
    "darts-cifar10-released",
    "darts-imagenet-released",
)
SIZES = ("quick", "zoo", "reduced", "full")
DEFAULTS = {"nas-bench-201": "nas-bench-201", "darts": "darts-cifar10"}
PRECISIONS = ("auto", "float32", "bfloat16")
CHECKPOINT = "checkpoint.pt"  # of a training, in its folder
