"""The contracts of the columns of ``data/quoted/``, which holds what the paper's tables print."""

from tegnas_study.catalogue.column import Column, percent, text

ROW = text("row", "name of the row, as the paper prints it")
NOTE = text("note", "what is odd about the row, or the paper's footnote", missing=True)
KIND = text("method", "kind of search that the paper names", missing=True)
PARAMETERS = Column("parameters", "parameters of the network", unit="million", lowest=0)
GPU_DAYS = Column("gpu_days", "cost of the search", unit="GPU-day", lowest=0, missing=True)
_IMAGES = {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100", "imagenet16_120": "ImageNet16-120"}

TABLE_2 = (
    ROW,
    *(
        column
        for name, images in _IMAGES.items()
        for column in (
            percent(name, f"accuracy on {images}"),
            percent(f"{name}_sd", "its standard deviation over runs", missing=True),
        )
    ),
    *(
        Column(f"seconds_{name}", f"time of the search on {images}", unit="s", lowest=0, missing=True)
        for name, images in _IMAGES.items()
    ),
    KIND,
    NOTE,
)
TABLE_3 = (ROW, percent("test_error", "test error on CIFAR-10"), PARAMETERS, GPU_DAYS, KIND, NOTE)
TABLE_4 = (
    ROW,
    percent("top1_error", "top-1 error on ImageNet"),
    percent("top5_error", "top-5 error on ImageNet"),
    PARAMETERS,
    GPU_DAYS,
    KIND,
    NOTE,
)
TABLE_5 = (
    ROW,
    text("reward", "reward of the search, as `tegnas search --reward` calls it"),
    percent("cifar100", "accuracy on CIFAR-100"),
    percent("cifar100_sd", "its standard deviation over runs"),
    Column("seconds", "time of the search", unit="s", lowest=0),
    NOTE,
)
