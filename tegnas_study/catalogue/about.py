"""What is said of the whole folder: by the project's own files, and about its making, use and limits."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ABOUT = (
    "Indicators of untrained networks of NAS-Bench-201 and of the DARTS space (the condition number of the "
    "neural tangent kernel, the number of linear regions, the error of kernel regression, and rivals of these), "
    "computed by this study; histories and outcomes of architecture searches by them; records of what follows "
    "from both; and the numbers that the TEG-NAS paper prints, quoted. Images and benchmark accuracies are not "
    "included."
)
RESPONSIBLE = {
    "dataCollection": (
        "Every table but those in quoted/ was computed by a command that its metadata name, from random weights "
        "and from batches of public images. Those in quoted/ were typed from Tables 2 to 5 of the paper."
    ),
    "dataCollectionType": ["Software Collection", "Experiments", "Secondary Data Analysis"],
    "dataCollectionMissingData": (
        "A value that could not be computed is infinite, with a status that says why. Tables that still grow hold "
        "a random sample of their classes; architectures that a table lacks are missing and not imputed."
    ),
    "dataCollectionRawData": (
        "CIFAR-10 from a copy with lossy JPEG compression, and classes of Tiny ImageNet in the place of CIFAR-100 "
        "and of ImageNet16-120."
    ),
    "dataPreprocessingProtocol": [
        "Architectures that share their function and their weights are evaluated once, as the plainest of them.",
        "Values are stored as computed, one row for each draw; averages are left to the reader.",
    ],
    "dataBiases": [
        "One family of small convolutional networks, 32x32 images of one data set, one batch size: an indicator "
        "that agrees with accuracy here need not do so elsewhere.",
        "Many architectures are equivalent, so agreements over all 15,625 weigh some functions more than others.",
    ],
    "dataUseCases": [
        "To compare indicators of untrained networks, and searches by them, without computing them.",
        "To check the figures and tables of this study.",
    ],
    "dataLimitations": [
        "An indicator is no accuracy, and its differences are not differences of accuracy.",
        "Times were taken on busy machines and are no benchmark.",
        "Values depend on the draw of weights and batch; two tables of different settings must not be mixed.",
        "Tables named tiny-imagenet are stand-ins and say nothing about CIFAR-100 or ImageNet16-120.",
    ],
    "dataSocialImpact": "None is expected: the tables hold numbers about randomly initialised networks.",
    "personalSensitiveInformation": ["None: no image and nothing about a person is included."],
    "dataReleaseMaintenancePlan": (
        "Tables change with the versions of the study, which CHANGELOG.md lists; older ones stay in its history. "
        "Errors are reported as issues of the repository."
    ),
}


@dataclass(frozen=True)
class Project:
    """What the project's own files say.

    Attributes:
        name: The name of the distribution.
        title: The title of the book.
        version: The version of the distribution.
        license: Its SPDX identifier.
        authors: Their names.
        keywords: The keywords of the distribution.
        url: Where the repository is published; "" where it is not.
        published: The day of the release; "" before it.
    """

    name: str
    title: str
    version: str
    license: str
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    url: str
    published: str


def project(root: Path) -> Project:
    """Return what ``pyproject.toml``, ``_config.yml`` and ``CITATION.cff`` say."""
    import yaml  # which only those who write the description need

    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config, citation = (
        yaml.safe_load((root / name).read_text(encoding="utf-8")) for name in ("_config.yml", "CITATION.cff")
    )
    return Project(
        name=re.sub(r"[^\w-]", "-", told["name"]),
        title=config["title"],
        version=told["version"],
        license=told["license"],
        authors=tuple(author["name"] for author in told["authors"]),
        keywords=tuple(told["keywords"]),
        url=str(config["repository"]["url"] or ""),
        published=str(citation.get("date-released", "")),
    )
