"""Use cases of uploads: taking files in, giving them to cases, showing them, forgetting them."""

from casework.uploads.service.evidence import give_evidence, open_evidence
from casework.uploads.service.receiving import Received, Receiving, counted_reception, receive_file, remove_remnants
from casework.uploads.service.sweeping import Tolerance, remove_forgotten, report_lost, sweep_store
from casework.uploads.service.uploading import (
    READERS,
    UPLOADERS,
    Content,
    ReceivingCase,
    add_upload,
    attach_uploads,
    find_upload,
    get_upload,
    is_citizen,
    kept,
    list_case_uploads,
    list_uploads,
    open_content,
    remove_upload,
    require_welcome,
)
from casework.uploads.stores import Store

__all__ = [
    "READERS",
    "UPLOADERS",
    "Content",
    "Received",
    "Receiving",
    "ReceivingCase",
    "Store",
    "Tolerance",
    "add_upload",
    "attach_uploads",
    "counted_reception",
    "find_upload",
    "get_upload",
    "give_evidence",
    "is_citizen",
    "kept",
    "list_case_uploads",
    "list_uploads",
    "open_content",
    "open_evidence",
    "receive_file",
    "remove_forgotten",
    "remove_remnants",
    "remove_upload",
    "report_lost",
    "require_welcome",
    "sweep_store",
]
