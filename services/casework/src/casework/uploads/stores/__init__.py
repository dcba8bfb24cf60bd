"""Where files are kept: a port, and what it is made of. Files come sealed; no store can read one.

A file's key is the SHA-256 of its sealed bytes, so that whoever fetches one can tell whether it is the right one.
"""

from casework.settings import CaseworkSettings
from casework.uploads.stores.filesystem import FilesystemStore
from casework.uploads.stores.nowhere import NoStore
from casework.uploads.stores.port import Store, StoredFile, path_of
from casework.uploads.stores.s3 import S3Store
from casework.uploads.stores.signing import S3Keys

__all__ = ["FilesystemStore", "NoStore", "S3Keys", "S3Store", "Store", "StoredFile", "open_store", "path_of"]


def open_store(settings: CaseworkSettings) -> Store:
    """The store that the settings name; one that refuses everything where they name none."""
    if settings.uploads_s3_endpoint is not None and settings.uploads_s3_keys_file is not None:
        return S3Store(
            endpoint=settings.uploads_s3_endpoint,
            bucket=settings.uploads_s3_bucket or "",
            region=settings.uploads_s3_region,
            keys=S3Keys.load(settings.uploads_s3_keys_file),
        )
    if settings.uploads_dir is not None:
        return FilesystemStore(settings.uploads_dir)
    return NoStore()
