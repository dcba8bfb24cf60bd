"""Budget lines, supplements, special-fund expenses, aid, and the pay of station staff. Money in whole fen."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework import Duty
from common.contracts.model import EventData, Instant
from common.contracts.record import Record
from common.contracts.registry.people import Pseudonym
from common.contracts.registry.record import RecordState

FundSource = Literal["province", "city", "county"]
FundUse = Literal[
    "employment_training",
    "social_security",
    "labour_relations",
    "legal_publicity",
    "purchased_service",
    "information_system",
]
AidUse = Literal["infrastructure", "basic_equipment"]
PayBlock = Literal["public_employee_post", "public_employee_roster", "paid_elsewhere", "no_station_post"]


class BudgetLineState(RecordState):
    """Whether the running costs of an office stand in the county's budget of a year. Source: O5.1a.

    Attributes:
        budget_division: the county, or the city that has no counties.
        is_listed: the line is in the budget; the document says where.
    """

    year: int = Field(ge=2000, le=2200)
    budget_division: str
    is_listed: bool
    amount_fen: int | None = Field(ge=0)
    document: str | None


class TownSupplementState(RecordState):
    """What a town adds to an office's costs (适当补助). Source: O5.1b."""

    year: int = Field(ge=2000, le=2200)
    amount_fen: int = Field(ge=0)
    purpose: str = Field(min_length=1, max_length=200)
    document: str | None


class FundExpenseState(RecordState):
    """An expense out of the special employment fund, checked against what its source may pay. Source: O5.1c.

    Attributes:
        year: of `spent_on`.
        matrix_document: the document in force on `spent_on` that lets the source pay for the use.
    """

    source: FundSource
    use: FundUse
    amount_fen: int = Field(ge=1)
    spent_on: date
    purpose: str = Field(min_length=1, max_length=200)
    voucher: str = Field(min_length=1, max_length=100)
    service_contract_id: UUID | None
    status: Literal["recorded", "reversed"]
    year: int | None = None
    matrix_document: str | None = None


class AidGrantState(RecordState):
    """Provincial aid for a less developed area, with the assets that it bought. Source: O5.2.

    Attributes:
        area_list_version: document and first day of the list of eligible areas that held on `granted_on`.
        spent_fen: cost of the assets linked to it; never above `amount_fen`.
        asset_ids: the equipment bought with it, and the premises where work was done with it.
    """

    use: AidUse
    amount_fen: int = Field(ge=1)
    granted_on: date
    document: str = Field(min_length=1, max_length=200)
    area_list_version: str = Field(min_length=1, max_length=50)
    spent_fen: int = Field(ge=0)
    asset_ids: tuple[UUID, ...]


class PayRateState(RecordState):
    """What one accepted task is worth at the stations of a town. Source: O1.4f.

    Attributes:
        station_division: only at this station; None at every station of the town that has no rate of its own.
        item_code, duty: only for this item, or for items of this duty; both None for every task.
        fen_per_task: at a quality of 1000 permille.
        valid_from, valid_to: days on which tasks are closed that it prices; `valid_to` excluded, None is open.
        station_office_ids: the stations that it prices, whatever their divisions are called by now; None with a
            `station_division` in states of before this field, and where it prices every station of the town.
        absorbed_on: the town was absorbed by another one on this day, so it prices nothing that came later, and only
            the stations that the town had; None while the town stands.
    """

    station_division: str | None
    item_code: str | None
    duty: Duty | None
    fen_per_task: int = Field(ge=0)
    valid_from: date
    valid_to: date | None
    document: str = Field(min_length=1, max_length=200)
    station_office_ids: tuple[UUID, ...] | None = None
    absorbed_on: date | None = None


class PayLine(EventData):
    """What one person earned in a run: accepted tasks × rate × quality. Source: O1.4f.

    Attributes:
        quality_permille: quality factor in thousandths, the mean of the tasks weighted by their rates.
        amount_fen: what is paid; 0 if blocked.
        blocked_by: clause that forbids the pay; None if it is paid.
        earned_fen: what the tasks are worth, rounded half up once, on the line.
        blocked_reason: why, as a code; `blocked_detail` in words.
    """

    staff_member_id: UUID
    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    tasks: int = Field(ge=0)
    quality_permille: int = Field(ge=0)
    amount_fen: int = Field(ge=0)
    blocked_by: str | None
    case_ids: tuple[UUID, ...] = ()
    earned_fen: int | None = Field(default=None, ge=0)
    blocked_reason: PayBlock | None = None
    blocked_detail: str | None = None


class PayRunState(RecordState):
    """The pay of a station's staff, or of all stations of a town, for a period. Source: O1.4f, O1.4g.

    Attributes:
        period_from, period_to: first and last Beijing day on which the paid tasks were closed, both included.
        total_fen: sum of the lines.
        only_staff: the run is for these posts alone (a supplement); None for everybody.
        cancel_reason: why a draft was given up.
    """

    period_from: date
    period_to: date
    status: Literal["draft", "settled", "cancelled"]
    lines: tuple[PayLine, ...]
    total_fen: int = Field(ge=0)
    settled_at: Instant | None
    only_staff: tuple[UUID, ...] | None = None
    cancel_reason: str | None = None


class PayRecoveryState(RecordState):
    """Pay that must come back: its receiver turned out to be a public employee, or its task to be none.

    Source: O1.4f, O1.4g.

    Attributes:
        found_reason: what turned out, as a code; `found_detail` in words.
        case_id: the task that was taken back; None where the whole line is wrong.
        closed_on: the day on which it was recovered or waived.
        close_reason, close_document: on what grounds.
    """

    pay_run_id: UUID
    staff_member_id: UUID
    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    amount_fen: int = Field(ge=1)
    found_on: date
    clause: str
    status: Literal["open", "recovered", "waived"]
    found_reason: PayBlock | Literal["task_withdrawn"] | None = None
    found_detail: str | None = None
    case_id: UUID | None = None
    closed_on: date | None = None
    close_reason: str | None = None
    close_document: str | None = None


RECORDS = (
    Record("registry.budget-line", BudgetLineState, "经费预算变动"),
    Record("registry.town-supplement", TownSupplementState, "乡镇补助变动"),
    Record("registry.fund-expense", FundExpenseState, "专项资金支出变动"),
    Record("registry.aid-grant", AidGrantState, "欠发达地区补助变动"),
    Record("registry.pay-rate", PayRateState, "报酬标准变动"),
    Record("registry.pay-run", PayRunState, "报酬核发变动"),
    Record("registry.pay-recovery", PayRecoveryState, "报酬追回变动"),
)
