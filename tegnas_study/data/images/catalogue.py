"""The data sets known by name: their shapes, their normalisation, and what stands in for what."""

from dataclasses import dataclass

from tegnas_core.data.source import ImageSet, ImageSource

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class DataSet:
    """Facts about a data set, known before any image is decoded.

    Attributes:
        name: What `load_images` takes, and the name of its folder of Parquet files.
        title: How a sentence names it.
        n_classes: Number of classes.
        size: Height and width in pixels.
        mean: Mean of each colour channel, in units of 0..1.
        std: Standard deviation of each colour channel, in units of 0..1.
        stand_in_for: Name of the data set that it replaces, or None.
    """

    name: str
    title: str
    n_classes: int
    size: int
    mean: Colour
    std: Colour
    stand_in_for: str | None = None

    def source(self, details: str, train: ImageSet, test: ImageSet | None) -> ImageSource:
        """Return the source with these images; ``details`` says in a few words what was read."""
        stand_in = f"; a stand-in for {self.stand_in_for}" if self.stand_in_for else ""
        shape = f"{self.n_classes} classes, {self.size}×{self.size}"
        return ImageSource(
            name=self.name,
            description=f"{self.title}: {details}, {shape}{stand_in}",
            n_classes=self.n_classes,
            size=self.size,
            mean=self.mean,
            std=self.std,
            stand_in_for=self.stand_in_for,
            train=train,
            test=test,
        )


def unnamed(folder_name: str, n_classes: int, size: int) -> DataSet:
    """Return the facts of a user's own folder, normalised with the usual values of ImageNet."""
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    return DataSet(f"folder:{folder_name}", f"folder {folder_name}", n_classes, size, mean, std)


def of_255(red: float, green: float, blue: float) -> Colour:
    """Return a colour given in units of 0..255 in units of 0..1."""
    return red / 255, green / 255, blue / 255


# Means and standard deviations as in NAS-Bench-201 (Dong & Yang, 2020).
_CIFAR10 = of_255(125.3, 123.0, 113.9), of_255(63.0, 62.1, 66.7)
_CIFAR100 = of_255(129.3, 124.1, 112.4), of_255(68.2, 65.4, 70.4)
_IMAGENET16 = of_255(122.68, 116.66, 104.01), of_255(63.22, 61.26, 65.09)

_ALL = (
    DataSet("cifar10", "CIFAR-10", 10, 32, *_CIFAR10),
    DataSet("cifar100", "CIFAR-100", 100, 32, *_CIFAR100),
    DataSet("imagenet16-120", "ImageNet16-120", 120, 16, *_IMAGENET16),
    DataSet("cifar100-sample", "biased sample of CIFAR-100", 100, 32, *_CIFAR100, "cifar100"),
    DataSet("tiny-imagenet-16-120", "part of Tiny-ImageNet", 120, 16, *_IMAGENET16, "imagenet16-120"),
    DataSet("tiny-imagenet-32-100", "part of Tiny-ImageNet", 100, 32, *_IMAGENET16, "cifar100"),
)
DATA_SETS = {data_set.name: data_set for data_set in _ALL}
