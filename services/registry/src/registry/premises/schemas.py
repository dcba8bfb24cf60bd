"""Requests and answers about premises and windows. Areas are whole square decimetres, shown in square metres too."""

from datetime import date
from typing import Annotated, Literal, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.contracts.casework import Duty
from common.contracts.registry.places import AidedWork, AreaWaiver, OpeningHours, PremisesState, WindowState
from common.http import IMPERSONAL, AnswerModel, FieldRule, Labelled, StrictModel
from registry.history.schemas import RecordAnswer, RecordBody, shown
from registry.premises.domain import (
    AREA_BASIS_LABELS,
    AREA_STATUS_LABELS,
    WEEKDAY_LABELS,
    AreaFinding,
    AreaStatus,
    counted_area,
    duty_labels,
    square_metres,
)
from registry.premises.service import NewPremises, OfficeFinding, PremisesChanges, Told

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
MAX_DM2 = 10**8
MAX_WINDOWS = 200
Area = Annotated[int, Field(ge=1, le=MAX_DM2, description="建筑面积，单位：平方分米（1平方米＝100平方分米）。")]
SharedArea = Annotated[int, Field(ge=0, le=MAX_DM2, description="其中共用部分，单位：平方分米。")]
Address = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=300), IMPERSONAL]
Paper = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=200, description="证书或文件。"),
    IMPERSONAL,
]
ClockTime = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="北京时间，HH:MM。", examples=["08:30"])
]
Approver = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=100, description="批准单位；不得填写个人姓名。"),
    IMPERSONAL,
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="不得填写个人信息。"),
    IMPERSONAL,
]


class OpeningHoursBody(StrictModel):
    """窗口一次开放的时间。"""

    weekday: int = Field(ge=1, le=7, description="1 周一 … 7 周日。")
    opens: ClockTime
    closes: ClockTime


class WindowBody(StrictModel):
    """一个窗口。"""

    number: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=20), IMPERSONAL]
    is_public: bool = Field(default=True, description="是否对外服务。")
    duties: list[Duty] = Field(default_factory=list, max_length=8)
    opening_hours: list[OpeningHoursBody] = Field(default_factory=list, max_length=28)

    def to_state(self) -> WindowState:
        """For the record."""
        hours = tuple(OpeningHours(**dict(one)) for one in self.opening_hours)
        return WindowState(number=self.number, is_public=self.is_public, duties=tuple(self.duties), opening_hours=hours)


Windows = Annotated[list[WindowBody], Field(max_length=MAX_WINDOWS)]


def _states(windows: list[WindowBody]) -> tuple[WindowState, ...]:
    return tuple(one.to_state() for one in windows)


class PremisesBody(RecordBody):
    """登记办公和服务场地；证载面积与实测面积至少填一项。"""

    office_id: UUID
    address: Address
    certified_area_dm2: Area | None = None
    certificate: Paper | None = Field(default=None, description="产权证书或批准文件。")
    measured_area_dm2: Area | None = None
    shared_area_dm2: SharedArea = 0
    shared_agreement: Paper | None = Field(default=None, description="共用部分计入的约定；没有的不计入。")
    windows: Windows

    def to_domain(self) -> NewPremises:
        """For the use case."""
        values = {name: getattr(self, name) for name in NewPremises.__annotations__ if name != "windows"}
        return NewPremises(**values, windows=_states(self.windows))


class PremisesPatch(RecordBody):
    """变更场地；只填写要变更的内容，窗口须填写全部。面积减少的，原豁免失效。"""

    address: Address | None = None
    certified_area_dm2: Area | None = None
    certificate: Paper | None = None
    measured_area_dm2: Area | None = None
    shared_area_dm2: SharedArea | None = None
    shared_agreement: Paper | None = None
    windows: Windows | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self._changed
        if not given:
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in given & {"address", "shared_area_dm2", "windows"}):
            raise CANNOT_BE_NULL.error()
        return self

    @property
    def _changed(self) -> set[str]:
        return set(self.model_fields_set) - {"effective_on", "reason"}

    def to_changes(self) -> PremisesChanges:
        """Only what is to be changed; null removes an area, a certificate or an agreement."""
        changes = cast("PremisesChanges", {name: getattr(self, name) for name in self._changed})
        if self.windows is not None:
            changes["windows"] = _states(self.windows)
        return changes


class WaiverBody(StrictModel):
    """豁免：场地原则上不少于规定面积而未达到的，由上级主管部门批准。"""

    reason: Reason
    approver: Approver
    document: Paper
    expires_on: date = Field(description="豁免的最后一日（北京时间）。")
    effective_on: date | None = Field(default=None, description="自该日（北京时间）起豁免；默认今天。")

    def to_state(self) -> AreaWaiver:
        """For the record."""
        return AreaWaiver(
            reason=self.reason, approver=self.approver, document=self.document, expires_on=self.expires_on
        )


class WorkBody(StrictModel):
    """用省补助（基础设施建设）做的一项工程。"""

    aid_grant_id: UUID
    cost_fen: int = Field(ge=1, le=10**15, description="由补助支付的金额，单位：分。")
    description: Annotated[
        str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL
    ]
    done_on: date = Field(description="完工日期（北京时间）。")
    reason: Reason | None = None

    def to_state(self) -> AidedWork:
        """For the record."""
        return AidedWork(**self.model_dump(exclude={"reason"}))


class Warned(AnswerModel):
    """一条软性规定（原则上）的提示：已登记，但未达到。"""

    code: str
    clause: str
    document: str | None
    value: str
    required: str
    unit_label: str
    detail: str


class AreaFindingAnswer(AnswerModel):
    """面积规定对该机构的结论。"""

    status: AreaStatus
    status_label: str
    clause: str
    document: str | None
    counted_area_m2: str | None
    required_area_m2: int | None
    waiver_expires_on: date | None
    explanation: str

    @classmethod
    def of(cls, finding: AreaFinding) -> Self:
        """From the finding."""
        return cls(
            status=finding.status,
            status_label=AREA_STATUS_LABELS[finding.status],
            clause=finding.clause,
            document=finding.document,
            counted_area_m2=None if finding.counted_dm2 is None else square_metres(finding.counted_dm2),
            required_area_m2=finding.required_m2,
            waiver_expires_on=finding.waiver_expires_on,
            explanation=finding.explanation,
        )


class OpeningHoursAnswer(AnswerModel):
    """窗口一次开放的时间，北京时间。"""

    weekday: int
    weekday_label: str
    opens: str
    closes: str


class WindowAnswer(AnswerModel):
    """一个窗口。"""

    number: str
    is_public: bool
    duties: list[Labelled]
    opening_hours: list[OpeningHoursAnswer]

    @classmethod
    def of(cls, window: WindowState, labels: dict[str, str]) -> Self:
        """From the state."""
        return cls(
            number=window.number,
            is_public=window.is_public,
            duties=[Labelled(code=duty, label=labels.get(duty, duty)) for duty in window.duties],
            opening_hours=[
                OpeningHoursAnswer(weekday_label=WEEKDAY_LABELS[one.weekday], **dict(one))
                for one in window.opening_hours
            ],
        )


class WaiverAnswer(AnswerModel):
    """面积豁免。"""

    reason: str
    approver: str
    document: str | None
    expires_on: date


class WorkAnswer(AnswerModel):
    """用省补助做的一项工程。"""

    aid_grant_id: UUID
    description: str
    done_on: date


class PremisesAnswer(RecordAnswer):
    """一处办公和服务场地。"""

    address: str
    certified_area_dm2: int | None
    certified_area_m2: str | None
    certificate: str | None
    measured_area_dm2: int | None
    measured_area_m2: str | None
    shared_area_dm2: int
    shared_area_m2: str
    shared_agreement: str | None
    counted_area_m2: str = Field(description="计入的建筑面积。")
    counted_basis: Literal["certified", "measured"]
    counted_basis_label: str
    counted_explanation: str
    waiver: WaiverAnswer | None
    windows: list[WindowAnswer]
    public_window_count: int
    works: list[WorkAnswer]
    ended_on: date | None

    @classmethod
    def of(cls, state: PremisesState) -> Self:
        """From the state."""
        return shown(cls, state, **_parts(state))


class ToldPremisesAnswer(PremisesAnswer):
    """登记或变更后的场地，及按生效日规定的提示。"""

    area: AreaFindingAnswer
    warnings: list[Warned]

    @classmethod
    def told(cls, told: Told) -> Self:
        """From what a use case stored."""
        return shown(
            cls,
            told.state,
            **_parts(told.state),
            area=AreaFindingAnswer.of(told.area),
            warnings=warnings_of(told.area),
        )


class OfficeFindingAnswer(AnswerModel):
    """场地和窗口规定对一个机构在某日的结论。"""

    office_id: UUID
    on: date
    rules_on: date
    area: AreaFindingAnswer
    public_window_count: int
    public_windows_required: int | None = Field(description="不适用的为 null。")
    is_window_rule_met: bool
    windows_clause: str = "O2.2b"
    premises: list[UUID]

    @classmethod
    def of(cls, office_id: UUID, finding: OfficeFinding, *, on: date, rules_on: date) -> Self:
        """From the finding."""
        required = finding.windows_required
        return cls(
            office_id=office_id,
            on=on,
            rules_on=rules_on,
            area=AreaFindingAnswer.of(finding.area),
            public_window_count=finding.public_windows,
            public_windows_required=required,
            is_window_rule_met=required is None or finding.public_windows >= required,
            premises=list(finding.premises),
        )


def warnings_of(finding: AreaFinding) -> list[Warned]:
    """What a soft rule says of a state that it let through."""
    if finding.status is not AreaStatus.SHORT or finding.counted_dm2 is None:
        return []
    return [
        Warned(
            code="registry.floor-area-short",
            clause=finding.clause,
            document=finding.document,
            value=square_metres(finding.counted_dm2),
            required=str(finding.required_m2),
            unit_label="平方米",
            detail=finding.explanation,
        )
    ]


def _metres(dm2: int | None) -> str | None:
    return None if dm2 is None else square_metres(dm2)


def _parts(state: PremisesState) -> dict[str, object]:
    counted = counted_area(state)
    labels = duty_labels()
    return {
        "certified_area_m2": _metres(state.certified_area_dm2),
        "measured_area_m2": _metres(state.measured_area_dm2),
        "shared_area_m2": square_metres(state.shared_area_dm2),
        "counted_area_m2": square_metres(counted.dm2),
        "counted_basis": counted.basis,
        "counted_basis_label": AREA_BASIS_LABELS[counted.basis],
        "counted_explanation": counted.explanation,
        "waiver": WaiverAnswer(**dict(state.waiver)) if state.waiver else None,
        "windows": [WindowAnswer.of(one, labels) for one in state.windows],
        "public_window_count": sum(one.is_public for one in state.windows),
        "works": [WorkAnswer(**one.model_dump(exclude={"cost_fen"})) for one in state.works],
    }
