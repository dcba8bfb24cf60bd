"""Applications of several items at once (一件事). Who applies stands nowhere in them."""

from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account, ApplicantKind, Channel
from common.contracts.model import EventData, Instant
from common.contracts.record import Record, StoredState


class MaterialNeed(EventData):
    """A material that is handed in once for all the items that ask for it. Source: O4.1c.

    Attributes:
        originals, copies, is_required: the most that any of the items asks for; None where nobody has confirmed it.
        item_codes: which of the items ask for it.
    """

    name: str = Field(min_length=1, max_length=200)
    originals: int | None = Field(ge=0)
    copies: int | None = Field(ge=0)
    is_required: bool | None
    item_codes: tuple[str, ...] = Field(min_length=1)


class ApplicationState(StoredState):
    """One application: what was asked for together. Source: O4.1c.

    Its cases carry its id, and how far they are is told by their own events: nothing here changes with them.

    Attributes:
        number: on the receipt.
        bundle_code: of the catalogue; None for items that the applicant put together.
        item_codes: in the order asked for; `case_ids` in the same.
        contact_id: the first contact that it came of.
        materials: everything that the items ask for, each once.
        office_name, office_phone, complaint_phone: as the receipt tells them.
    """

    number: str = Field(min_length=1, max_length=64)
    bundle_code: str | None = Field(default=None, max_length=31)
    item_codes: tuple[str, ...] = Field(min_length=1)
    case_ids: tuple[UUID, ...] = Field(min_length=1)
    channel: Channel
    applicant_kind: ApplicantKind
    registered_at: Instant
    registered_by: Account
    contact_id: UUID | None = None
    materials: tuple[MaterialNeed, ...] = ()
    office_name: str
    office_phone: str | None = None
    complaint_phone: str | None = None


RECORDS: tuple[Record, ...] = (Record("casework.application", ApplicationState, "一件事申请变动"),)
