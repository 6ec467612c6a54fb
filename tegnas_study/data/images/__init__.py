"""Small labelled images from many sources: built in, Parquet files, official files, or class folders.

``load_images`` opens one by name or path; an :class:`ImageSource` decodes only what is asked for.
"""

from tegnas_core.data.source import ImageSet as ImageSet
from tegnas_core.data.source import ImageSource as ImageSource
from tegnas_study.data.images.loading import IMAGE_NAMES as IMAGE_NAMES
from tegnas_study.data.images.loading import FoundImages as FoundImages
from tegnas_study.data.images.loading import find_images as find_images
from tegnas_study.data.images.loading import load_images as load_images
