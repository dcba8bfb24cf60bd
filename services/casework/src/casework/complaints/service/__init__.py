"""Use cases of consultations, complaints and reports."""

from casework.complaints.service.filing import Filed, Filing, file_complaint
from casework.complaints.service.handling import (
    Seen,
    accept_complaint,
    close_complaint,
    extend_complaint,
    publish_consultation,
    reassign_complaint,
    refer_complaint,
    reply_to_complaint,
    take_up_complaint,
)
from casework.complaints.service.reading import (
    Attachment,
    Complainant,
    Content,
    count_complaints,
    disclose_complainant,
    disclose_content,
    get_complaint,
    list_complaints,
    list_publications,
    open_attachment,
    unconcerned,
)
from casework.complaints.service.tracking import Progress, appeal_complaint, list_progress

__all__ = [
    "Attachment",
    "Complainant",
    "Content",
    "Filed",
    "Filing",
    "Progress",
    "Seen",
    "accept_complaint",
    "appeal_complaint",
    "close_complaint",
    "count_complaints",
    "disclose_complainant",
    "disclose_content",
    "extend_complaint",
    "file_complaint",
    "get_complaint",
    "list_complaints",
    "list_progress",
    "list_publications",
    "open_attachment",
    "publish_consultation",
    "reassign_complaint",
    "refer_complaint",
    "reply_to_complaint",
    "take_up_complaint",
    "unconcerned",
]
