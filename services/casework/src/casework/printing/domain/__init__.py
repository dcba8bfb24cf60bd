"""What notices say. Pure."""

from casework.printing.domain.notices import (
    CASE_KINDS,
    Desk,
    Notice,
    find_document,
    write_first_contact_receipt,
    write_notice,
)
from casework.printing.domain.wordings import KIND_LABELS, WORDINGS, CaseNoticeKind, NoticeKind, Wording

__all__ = [
    "CASE_KINDS",
    "KIND_LABELS",
    "WORDINGS",
    "CaseNoticeKind",
    "Desk",
    "Notice",
    "NoticeKind",
    "Wording",
    "find_document",
    "write_first_contact_receipt",
    "write_notice",
]
