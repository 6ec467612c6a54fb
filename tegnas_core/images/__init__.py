"""Small labelled images from many sources: built in, Parquet files, official files, or class folders.

``load_images`` opens one by name or path; an :class:`ImageSource` decodes only what is asked for.
"""

from tegnas_core.images.loading import IMAGE_NAMES as IMAGE_NAMES
from tegnas_core.images.loading import FoundImages as FoundImages
from tegnas_core.images.loading import find_images as find_images
from tegnas_core.images.loading import load_images as load_images
from tegnas_core.images.source import ImageSet as ImageSet
from tegnas_core.images.source import ImageSource as ImageSource
