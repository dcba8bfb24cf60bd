"""Budget lines, supplements, special-fund expenses, aid, and the pay of station staff. Money in whole fen."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import EventData, Instant
from common.contracts.registry.people import Pseudonym
from common.contracts.registry.record import Record, RecordState

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
    """An expense out of the special employment fund, checked against what its source may pay. Source: O5.1c."""

    source: FundSource
    use: FundUse
    amount_fen: int = Field(ge=1)
    spent_on: date
    purpose: str = Field(min_length=1, max_length=200)
    voucher: str = Field(min_length=1, max_length=100)
    service_contract_id: UUID | None
    status: Literal["recorded", "reversed"]


class AidGrantState(RecordState):
    """Provincial aid for a less developed area, with the assets that it bought. Source: O5.2.

    Attributes:
        spent_fen: cost of the assets linked to it; never above `amount_fen`.
    """

    use: AidUse
    amount_fen: int = Field(ge=1)
    granted_on: date
    document: str = Field(min_length=1, max_length=200)
    area_list_version: str = Field(min_length=1, max_length=50)
    spent_fen: int = Field(ge=0)
    asset_ids: tuple[UUID, ...]


class PayLine(EventData):
    """What one person earned in a run: accepted tasks × rate × quality. Source: O1.4f.

    Attributes:
        quality_permille: quality factor in thousandths.
        blocked_by: clause that forbids the pay; None if it is paid.
    """

    staff_member_id: UUID
    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    tasks: int = Field(ge=0)
    quality_permille: int = Field(ge=0)
    amount_fen: int = Field(ge=0)
    blocked_by: str | None
    case_ids: tuple[UUID, ...] = ()


class PayRunState(RecordState):
    """The pay of a station's staff for a period. Source: O1.4f, O1.4g."""

    period_from: date
    period_to: date
    status: Literal["draft", "settled", "cancelled"]
    lines: tuple[PayLine, ...]
    total_fen: int = Field(ge=0)
    settled_at: Instant | None


class PayRecoveryState(RecordState):
    """Pay that must come back, because its receiver turned out to be a public employee. Source: O1.4g."""

    pay_run_id: UUID
    staff_member_id: UUID
    pseudonym: Pseudonym = Field(pattern=r"^[0-9a-f]{64}$")
    amount_fen: int = Field(ge=1)
    found_on: date
    clause: str
    status: Literal["open", "recovered", "waived"]


RECORDS = (
    Record("registry.budget_line", BudgetLineState, "经费预算变动"),
    Record("registry.town_supplement", TownSupplementState, "乡镇补助变动"),
    Record("registry.fund_expense", FundExpenseState, "专项资金支出变动"),
    Record("registry.aid_grant", AidGrantState, "欠发达地区补助变动"),
    Record("registry.pay_run", PayRunState, "报酬核发变动"),
    Record("registry.pay_recovery", PayRecoveryState, "报酬追回变动"),
)
