"""What the public does itself: applications, the files that it hands in, and what it is told (网上办事).

Citizens are not in any of these states: who they are is a blind index in casework's own database.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Instant
from common.contracts.record import Record, StoredState

FileKind = Literal["pdf", "jpeg", "png", "ofd", "docx", "xlsx"]
UploadStatus = Literal["uploaded", "attached", "removed"]
OnlineChannel = Literal["computer", "mobile"]
NotificationKind = Literal[
    "received", "supplement_needed", "accepted", "refused", "due_date_moved", "decided", "ready", "closed", "withdrawn"
]


class UploadState(StoredState):
    """A file that was handed in, without the file. Source: O4.2b.

    Attributes:
        material: of the item's guide, or in words; None until it belongs to a case.
        kind: known from the content.
        sha256: 64 hexadecimal digits of the content under the origin's key, bound to the upload; of uploads of before
            the bare hash. Who has the document can neither tell that it was handed in here nor find it twice.
        is_submitted: the office may see it; a citizen's file is nobody else's until it belongs to a case.
        by: account of the clerk who took it in; None for a citizen's.
        lost_at: when the store was found not to have it.
    """

    status: UploadStatus
    case_id: UUID | None = None
    material: str | None = Field(default=None, min_length=1, max_length=200)
    kind: FileKind
    size_bytes: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    is_submitted: bool
    by: str | None = None
    lost_at: Instant | None = None


class OnlineApplicationState(StoredState):
    """A case that its applicant has opened online. Source: O4.2b.

    Attributes:
        is_duplicate: the applicant had an open case about the item that another account, or an office, had opened.
    """

    case_id: UUID
    item_code: str = Field(min_length=1, max_length=31)
    channel: OnlineChannel
    is_duplicate: bool = False


class NotificationState(StoredState):
    """Something that the applicant of a case must know; who delivers it looks up where. Source: O4.2b, O4.3c.

    The members are those of a message's template; none of them is about the person.

    Attributes:
        case_version: of the case that gave rise to it.
        materials: of `supplement_needed`: everything that is missing.
        due_on: of `supplement_needed` the last day to bring it, otherwise the day by which the case is due.
        previous_due_on: of `due_date_moved`.
        is_favourable: of `decided`.
        result: of `closed`.
    """

    case_id: UUID
    case_version: int = Field(ge=1)
    case_number: str | None = Field(default=None, max_length=64)
    item_code: str = Field(min_length=1, max_length=31)
    kind: NotificationKind
    occurred_at: Instant
    materials: tuple[str, ...] = ()
    due_on: date | None = None
    previous_due_on: date | None = None
    is_favourable: bool | None = None
    result: str | None = None


RECORDS: tuple[Record, ...] = (
    Record("casework.upload", UploadState, "材料文件变动"),
    Record("casework.online-application", OnlineApplicationState, "网上申请"),
    Record("casework.notification", NotificationState, "申请人通知"),
)
