"""Requests and answers about the money. All amounts are whole fen."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.contracts.registry.money import AidGrantState, BudgetLineState, FundExpenseState, TownSupplementState
from common.http import IMPERSONAL, AnswerModel, FieldRule, StrictModel
from common.policy import Parameter
from registry.funding.domain import (
    AID_USE_LABELS,
    BUDGET_FINDING_LABELS,
    EXPENSE_STATUS_LABELS,
    FUND_SOURCE_LABELS,
    FUND_USE_LABELS,
    BudgetFinding,
    FundRule,
    area_list_version,
)
from registry.funding.service import BudgetCheck, BudgetLineChanges, NewBudgetLine, NewExpense
from registry.history.schemas import Reason, RecordAnswer, RecordBody, shown
from registry.history.service import Total

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
MAX_FEN = 10**15
Fen = Annotated[int, Field(ge=1, le=MAX_FEN, description="金额，单位：分。")]
FenOrZero = Annotated[int, Field(ge=0, le=MAX_FEN, description="金额，单位：分。")]
Year = Annotated[int, Field(ge=2000, le=2200)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=1, max_length=200, description="不得填写个人信息。"),
    IMPERSONAL,
]
Document = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=200, description="文件名称或文号。"),
    IMPERSONAL,
]
Voucher = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=100), IMPERSONAL]
Source = Literal["province", "city", "county"]
Use = Literal[
    "employment_training",
    "social_security",
    "labour_relations",
    "legal_publicity",
    "purchased_service",
    "information_system",
]


class _Patch(RecordBody):
    """At least one member beside day and reason; null only where it means "none"."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self.changed
        if not given:
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in given - {"amount_fen", "document"}):
            raise CANNOT_BE_NULL.error()
        return self

    @property
    def changed(self) -> set[str]:
        """The members that are to be changed."""
        return set(self.model_fields_set) - {"effective_on", "reason"}


class BudgetLineBody(RecordBody):
    """登记机构工作经费是否列入当年财政预算。"""

    office_id: UUID
    year: Year
    is_listed: bool = Field(description="是否列入县（市、区）财政预算；东莞、中山为市财政预算。")
    amount_fen: FenOrZero | None = None
    document: Document | None = Field(default=None, description="预算文件；列入预算的必填。")

    def to_domain(self) -> NewBudgetLine:
        """For the use case."""
        return NewBudgetLine(self.office_id, self.year, self.is_listed, self.amount_fen, self.document)


class BudgetLinePatch(_Patch):
    """变更预算登记；只填写要变更的内容。"""

    is_listed: bool | None = None
    amount_fen: FenOrZero | None = None
    document: Document | None = None

    def to_changes(self) -> BudgetLineChanges:
        """Only what is to be changed."""
        changes = BudgetLineChanges()
        if self.is_listed is not None:
            changes["is_listed"] = self.is_listed
        if "amount_fen" in self.changed:
            changes["amount_fen"] = self.amount_fen
        if "document" in self.changed:
            changes["document"] = self.document
        return changes


class BudgetLineAnswer(RecordAnswer):
    """一个机构一个年度的预算登记。"""

    year: int
    budget_division: str = Field(description="所在预算的区划。")
    is_listed: bool
    amount_fen: int | None
    document: str | None

    @classmethod
    def of(cls, state: BudgetLineState) -> Self:
        """From the state."""
        return shown(cls, state)


class BudgetCheckAnswer(AnswerModel):
    """年度检查中未列入财政预算的一个机构。"""

    office_id: UUID
    office_name: str
    division: str
    budget_division: str
    year: int
    finding: BudgetFinding
    finding_label: str
    budget_line_id: UUID | None
    clause: str = "O5.1a"

    @classmethod
    def of(cls, check: BudgetCheck, year: int) -> Self:
        """From the finding."""
        return cls(
            office_id=check.office.id,
            office_name=check.office.name,
            division=check.office.division,
            budget_division=check.budget_division,
            year=year,
            finding=check.finding,
            finding_label=BUDGET_FINDING_LABELS[check.finding],
            budget_line_id=check.line.id if check.line else None,
        )


class BudgetCountAnswer(AnswerModel):
    """年度检查中一种结果的机构数。"""

    finding: BudgetFinding
    finding_label: str
    office_count: int

    @classmethod
    def of(cls, finding: BudgetFinding, count: int) -> Self:
        """From the count."""
        return cls(finding=finding, finding_label=BUDGET_FINDING_LABELS[finding], office_count=count)


class SupplementBody(RecordBody):
    """登记乡镇（街道）给予机构的补助。"""

    office_id: UUID
    year: Year
    amount_fen: Fen
    purpose: Words
    document: Document | None = None


class SupplementPatch(_Patch):
    """变更补助；只填写要变更的内容，金额为 0 表示取消。"""

    amount_fen: FenOrZero | None = None
    purpose: Words | None = None
    document: Document | None = None

    @model_validator(mode="after")
    def _has_amount(self) -> Self:
        if "amount_fen" in self.model_fields_set and self.amount_fen is None:
            raise CANNOT_BE_NULL.error()
        return self

    def to_changes(self) -> dict[str, object]:
        """Only what is to be changed."""
        return {name: getattr(self, name) for name in self.changed}


class SupplementAnswer(RecordAnswer):
    """一个机构一个年度的乡镇（街道）补助。"""

    year: int
    amount_fen: int
    purpose: str
    document: str | None

    @classmethod
    def of(cls, state: TownSupplementState) -> Self:
        """From the state."""
        return shown(cls, state)


class ExpenseBody(StrictModel):
    """登记就业专项资金支出；按支出当日的使用规定核对。"""

    office_id: UUID
    source: Source
    use: Use
    amount_fen: Fen
    spent_on: date = Field(description="支出日期（北京时间），自该日起为此状态。")
    purpose: Words
    voucher: Voucher = Field(description="凭证号。")
    service_contract_id: UUID | None = Field(default=None, description="政府购买服务合同；仅购买服务支出可填。")

    def to_domain(self) -> NewExpense:
        """For the use case."""
        return NewExpense(**dict(self))


class ReversalBody(RecordBody):
    """冲销一笔支出，须说明理由；正确的支出另行登记。"""

    reason: Reason


class ExpenseAnswer(RecordAnswer):
    """一笔就业专项资金支出。"""

    source: str
    source_label: str
    use: str
    use_label: str
    amount_fen: int
    spent_on: date
    year: int | None
    purpose: str
    voucher: str
    service_contract_id: UUID | None
    matrix_document: str | None = Field(description="核对所依据的文件。")
    status: str
    status_label: str

    @classmethod
    def of(cls, state: FundExpenseState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            source_label=FUND_SOURCE_LABELS[state.source],
            use_label=FUND_USE_LABELS[state.use],
            status_label=EXPENSE_STATUS_LABELS[state.status],
        )


class ExpenseTotalAnswer(AnswerModel):
    """一个年度内一种来源、一种用途的支出合计，冲销的不计。"""

    source: str
    source_label: str
    use: str
    use_label: str
    count: int
    amount_fen: int

    @classmethod
    def of(cls, pair: tuple[str, str], total: Total) -> Self:
        """From the sum."""
        source, use = pair
        return cls(
            source=source,
            source_label=FUND_SOURCE_LABELS[source],
            use=use,
            use_label=FUND_USE_LABELS[use],
            count=total.count,
            amount_fen=total.amount,
        )


class FundRuleAnswer(AnswerModel):
    """某日一种来源的就业专项资金可以用于什么。"""

    source: str
    source_label: str
    uses: list[str]
    use_labels: list[str]
    document: str
    valid_from: date
    mark: str = Field(description="V：已读原文；P：二手页面；K：推断，待核。")
    to_confirm: str | None
    clause: str = "O5.1c"

    @classmethod
    def of(cls, rule: FundRule) -> Self:
        """From the rule of the day."""
        return cls(
            source=rule.source,
            source_label=FUND_SOURCE_LABELS[rule.source],
            uses=list(rule.uses),
            use_labels=[FUND_USE_LABELS[use] for use in rule.uses],
            document=rule.document,
            valid_from=rule.valid_from,
            mark=rule.mark,
            to_confirm=rule.to_confirm,
        )


class GrantBody(StrictModel):
    """登记省对欠发达地区的补助，由上级主管部门登记。"""

    office_id: UUID = Field(description="受补助的机构；县级主管部门受补助的，其指导的机构也可使用。")
    use: Literal["infrastructure", "basic_equipment"]
    amount_fen: Fen
    granted_on: date = Field(description="补助日期（北京时间），自该日起为此状态。")
    document: Document


class GrantPatch(_Patch):
    """变更补助的金额或文件；金额不得低于已使用的金额。"""

    amount_fen: Fen | None = None
    document: Document | None = None

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if any(getattr(self, name) is None for name in self.changed):
            raise CANNOT_BE_NULL.error()
        return self

    def to_changes(self) -> dict[str, object]:
        """Only what is to be changed."""
        return {name: getattr(self, name) for name in self.changed}


class GrantAnswer(RecordAnswer):
    """一笔补助，及用它购置的资产。"""

    use: str
    use_label: str
    amount_fen: int
    spent_fen: int
    remaining_fen: int
    granted_on: date
    document: str
    area_list_version: str
    asset_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, state: AidGrantState) -> Self:
        """From the state."""
        return shown(cls, state, use_label=AID_USE_LABELS[state.use], remaining_fen=state.amount_fen - state.spent_fen)


class AidAreasAnswer(AnswerModel):
    """某日省补助的欠发达地区名单。"""

    version: str
    areas: list[str] = Field(description="区划代码，含其以下全部区划。")
    area_labels: list[str]
    document: str
    valid_from: date
    mark: str
    to_confirm: str | None
    clause: str = "O5.2"

    @classmethod
    def of(cls, areas: Parameter) -> Self:
        """From the list of the day."""
        return cls(
            version=area_list_version(areas),
            areas=list(areas.option_codes),
            area_labels=[option.label for option in areas.options],
            document=areas.document,
            valid_from=areas.valid_from,
            mark=areas.mark.value,
            to_confirm=areas.to_confirm,
        )
