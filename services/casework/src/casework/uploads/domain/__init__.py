"""What files are taken, known by their content alone. Pure: a file is looked at, never decoded or unfolded unmeasured.

Source: O4.2b.
"""

from casework.uploads.domain.archives import require_sound_archive
from casework.uploads.domain.images import jpeg_size, png_size
from casework.uploads.domain.inspection import inspect_file
from casework.uploads.domain.kinds import (
    EXTENSIONS,
    KIND_LABELS,
    KINDS,
    MEDIA_TYPES,
    STATUS_LABELS,
    Limits,
    kind_of_media_type,
)

__all__ = [
    "EXTENSIONS",
    "KINDS",
    "KIND_LABELS",
    "MEDIA_TYPES",
    "STATUS_LABELS",
    "Limits",
    "inspect_file",
    "jpeg_size",
    "kind_of_media_type",
    "png_size",
    "require_sound_archive",
]
