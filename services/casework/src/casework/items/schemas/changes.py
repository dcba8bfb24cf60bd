"""Requests that change the catalogue."""

from datetime import date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field, StringConstraints, model_validator

from casework.items.domain import Handling, ItemChanges, Starts
from casework.items.schemas.items import ExtentCode
from casework.items.service import Basis
from common.contracts.casework import ApplicantKind
from common.contracts.casework.cases import Limit, LimitUnit, PauseReason
from common.http import IMPERSONAL, DivisionCode, FieldRule, StrictModel
from common.records.schemas import Reason

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
MAX_DAYS = 3660
Words = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=200), IMPERSONAL]
Text = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=4000), IMPERSONAL]
Phone = Annotated[
    str, Field(pattern=r"^[0-9][0-9()\-]{2,19}$", description="单位电话，不得填写个人手机号码。"), IMPERSONAL
]
Document = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=200, description="依据文件的名称和文号。"),
    IMPERSONAL,
]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS)]
Copies = Annotated[int, Field(ge=0, le=99)]


class BasisBody(StrictModel):
    """变更的依据。"""

    document: Document
    reason: Reason
    effective_on: date | None = Field(default=None, description="自该日（北京时间）起生效；默认尽早。")

    def to_basis(self) -> Basis:
        """For the use case."""
        return Basis(self.document, self.reason, self.effective_on)


class LimitBody(StrictModel):
    """一个时限。"""

    value: Days
    unit: LimitUnit


class ExtensionBody(LimitBody):
    """可以延长多久，在什么条件下。"""

    condition: Words


class StatutoryBody(LimitBody):
    """法定时限及其条文。"""

    clause: Words
    extension: ExtensionBody | None = None


class AcceptanceBody(LimitBody):
    """受理时限及其条文。"""

    clause: Words
    silence_accepts: bool = Field(default=False, description="逾期未告知的，依法视为受理。")


class MaterialBody(StrictModel):
    """一份材料；未确认的填 null。"""

    name: Words
    originals: Copies | None
    copies: Copies | None
    required: bool | None
    note: Words | None = None


class ParticularsBody(StrictModel):
    """GB/T 39046-2020 表4的其余内容；只填写要变更的，null 表示删去。"""

    conditions: Text | None = None
    exercise_content: Text | None = None
    power_division: Text | None = None
    body_nature: Literal["statutory", "authorised", "entrusted", "other"] | None = None
    joint_bodies: Words | None = None
    intermediary_service: Text | None = None
    quantity_limit: Words | None = None
    result_name: Words | None = None
    is_charged: bool | None = None
    charge_basis: Text | None = None
    cross_region_scope: Literal["national", "cross_province", "cross_city", "cross_county"] | None = None
    service_objects: (
        list[
            Literal[
                "natural_person", "enterprise", "institution", "social_organisation", "administrative_organ", "other"
            ]
        ]
        | None
    ) = Field(default=None, min_length=1, max_length=6)
    channels: list[Literal["window", "computer", "mobile", "courier", "other"]] | None = Field(
        default=None, min_length=1, max_length=5
    )
    supports_booking: bool | None = None
    supports_online_payment: bool | None = None
    supports_delivery: bool | None = None
    is_online: bool | None = None
    online_address: Words | None = None
    service_place: Words | None = None
    service_hours: Words | None = None
    consult_ways: Words | None = None
    consult_phone: Phone | None = None
    supervise_phone: Phone | None = None
    faq: Text | None = None


StageCode = Literal["undertaking", "reviewing", "approving"]
_BASIS = frozenset(BasisBody.model_fields)
_NULLABLE = frozenset({"promised_limit", "statutory_limit", "effective_to"})


class ItemPatch(BasisBody):
    """变更事项定义；只填写要变更的内容，`promised_limit`、`statutory_limit` 为 null 表示没有该时限。"""

    name: Words | None = None
    handling: Handling | None = None
    applicants: list[ApplicantKind] | None = Field(default=None, min_length=1, max_length=2)
    town: ExtentCode | None = None
    village: ExtentCode | None = None
    basic_code: str | None = Field(default=None, pattern=r"^[0-9]{12}$", description="国家基本编码。")
    steps: list[StageCode] | None = Field(default=None, min_length=1, max_length=3)
    step_limits: dict[StageCode, LimitBody] | None = Field(default=None, description="各环节自己的时限。")
    starts: Starts | None = None
    pausing: list[PauseReason] | None = Field(default=None, max_length=7)
    materials: list[MaterialBody] | None = Field(default=None, max_length=100)
    promised_limit: LimitBody | None = None
    statutory_limit: StatutoryBody | None = None
    acceptance: AcceptanceBody | None = None
    particulars: ParticularsBody | None = None
    effective_to: date | None = Field(default=None, description="自该日（北京时间）起不再办理；null 表示一直办理。")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self._given
        if not given or (given == {"particulars"} and self.particulars is not None and not self._particulars):
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in given - _NULLABLE):
            raise CANNOT_BE_NULL.error()
        return self

    @property
    def _given(self) -> set[str]:
        return set(self.model_fields_set) - _BASIS

    @property
    def _particulars(self) -> dict[str, Any]:
        return {} if self.particulars is None else self.particulars.model_dump(mode="json", exclude_unset=True)

    def to_changes(self) -> ItemChanges:
        """Only what is to be changed."""
        changes = self.model_dump(mode="json", include=self._given)
        if "effective_to" in changes:
            changes["effective_to"] = self.effective_to
        if "particulars" in changes:
            changes["particulars"] = self._particulars
        return cast("ItemChanges", changes)


class ConfirmationBody(BasisBody):
    """确认一项内容；`document` 为读到该内容的来源。"""

    field: str = Field(pattern=r"^[a-z_.]{1,40}$")
    mark: Literal["V", "P"] = Field(description="V 在来源正文读到，P 二手页面。")
    settles: list[Annotated[str, Field(min_length=1, max_length=500)]] = Field(
        default_factory=list, max_length=20, description="因此解决的待确认说明，逐字填写。"
    )


class PromiseBody(BasisBody):
    """下级缩短承诺时限。"""

    division: DivisionCode
    value: Days
    unit: LimitUnit

    def to_limit(self) -> Limit:
        """For the use case."""
        return Limit(value=self.value, unit=self.unit, clause=self.document)
