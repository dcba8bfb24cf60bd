"""Premises with their windows, and equipment."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework import Duty
from common.contracts.model import EventData
from common.contracts.record import Record
from common.contracts.registry.record import RecordState

AreaBasis = Literal["certified", "measured"]
EquipmentKind = Literal["computer", "printer", "fax", "telephone", "filing_cabinet", "notice_board"]
EquipmentCondition = Literal["working", "faulty", "scrapped"]
AssetFund = Literal["county_budget", "town_supplement", "special_fund", "provincial_aid", "donation", "other"]


class OpeningHours(EventData):
    """One opening of a window. Source: O2.2b.

    Attributes:
        weekday: 1 Monday … 7 Sunday.
        opens: HH:MM, Beijing time.
        closes: HH:MM, later than `opens`.
    """

    weekday: int = Field(ge=1, le=7)
    opens: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class WindowState(EventData):
    """One window of the premises. Source: O2.2b.

    Attributes:
        number: as people read it above the window.
        is_public: open to the public (对外服务窗口).
        duties: the duties that are handled there.
    """

    number: str = Field(min_length=1, max_length=20)
    is_public: bool
    duties: tuple[Duty, ...]
    opening_hours: tuple[OpeningHours, ...]


class AreaWaiver(EventData):
    """Why premises may be smaller than the rule of thumb (原则上). Source: O2.2a.

    Attributes:
        approver: the bureau that grants it, never a person.
        expires_on: the last day on which it counts.
    """

    reason: str = Field(min_length=1, max_length=500)
    approver: str = Field(min_length=1, max_length=100)
    document: str | None
    expires_on: date


class AidedWork(EventData):
    """A piece of building work that provincial aid for infrastructure paid for. Source: O5.2.

    Attributes:
        cost_fen: what the grant paid, in fen.
    """

    aid_grant_id: UUID
    cost_fen: int = Field(ge=1)
    description: str = Field(min_length=1, max_length=200)
    done_on: date


class PremisesState(RecordState):
    """Where an office works: building area (建筑面积) for office and service, and windows. Source: O2.2a, O2.2b.

    Attributes:
        certified_area_dm2: 证载 building area, in square decimetres (1 m² = 100 dm²); None if there is no certificate.
        measured_area_dm2: measured building area, in square decimetres.
        shared_area_dm2: the part that is shared with others and counts by agreement, within the area above.
        ended_on: first day on which the office no longer works there; None while it does.
        shared_agreement: the document by which the shared part counts; without one it does not.
        works: building work paid by provincial aid, in the order in which it was told.
    """

    address: str = Field(min_length=1, max_length=300)
    certified_area_dm2: int | None = Field(ge=0)
    certificate: str | None
    measured_area_dm2: int | None = Field(ge=0)
    shared_area_dm2: int = Field(ge=0)
    waiver: AreaWaiver | None
    windows: tuple[WindowState, ...]
    ended_on: date | None
    shared_agreement: str | None = None
    works: tuple[AidedWork, ...] = ()


class EquipmentState(RecordState):
    """Some pieces of one kind of the six, bought together. Source: O2.3, O5.2.

    Attributes:
        aid_grant_id: the provincial aid that paid for them; only with fund `provincial_aid`.
        cost_fen: of all pieces together, in fen.
        split_from: the pieces that these were a part of, until their condition began to differ.
    """

    kind: EquipmentKind
    model: str | None
    quantity: int = Field(ge=0)
    condition: EquipmentCondition
    acquired_on: date
    fund: AssetFund
    aid_grant_id: UUID | None
    cost_fen: int | None = Field(ge=0)
    split_from: UUID | None = None


RECORDS = (
    Record("registry.premises", PremisesState, "场地和窗口变动"),
    Record("registry.equipment", EquipmentState, "设备变动"),
)
