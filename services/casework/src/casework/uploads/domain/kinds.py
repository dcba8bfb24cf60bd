"""The kinds of files that are taken, and the limits that they are held to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from casework.uploads.errors import FileTypeRefused
from common.contracts.casework.online import FileKind, UploadStatus

KINDS: tuple[FileKind, ...] = get_args(FileKind)
KIND_LABELS: Mapping[FileKind, str] = {
    "pdf": "PDF 文档",
    "jpeg": "JPEG 图片",
    "png": "PNG 图片",
    "ofd": "OFD 版式文档",
    "docx": "Word 文档",
    "xlsx": "Excel 工作簿",
}
MEDIA_TYPES: Mapping[FileKind, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXTENSIONS: Mapping[FileKind, str] = {
    "pdf": "pdf",
    "jpeg": "jpg",
    "png": "png",
    "ofd": "ofd",
    "docx": "docx",
    "xlsx": "xlsx",
}
STATUS_LABELS: Mapping[UploadStatus, str] = {"uploaded": "已上传", "attached": "已提交", "removed": "已删除"}
_KINDS = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most.

    Attributes:
        bytes_: of the file itself.
        pixels: of an image.
        entries: of a file that is an archive.
        unfolded_bytes: of all its entries together.
        ratio: of unfolded to folded bytes; archives below a mebibyte unfolded are let be.
    """

    bytes_: int
    pixels: int
    entries: int
    unfolded_bytes: int
    ratio: int


def kind_of_media_type(declared: str | None) -> FileKind:
    """The kind that a request declares; parameters such as `charset` count for nothing.

    Source: O4.2b.

    Raises:
        FileTypeRefused: no kind that is taken.
    """
    kind = _KINDS.get((declared or "").partition(";")[0].strip().lower())
    if kind is None:
        raise FileTypeRefused(accepted=[*sorted(_KINDS)])
    return kind
