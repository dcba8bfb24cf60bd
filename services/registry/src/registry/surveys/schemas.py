"""Requests and answers about baseline surveys."""

from datetime import date
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from common.contracts.registry.offices import BaselineSurveyState
from common.http import IMPERSONAL, AnswerModel, FieldRule, impersonal
from registry.history.schemas import RecordAnswer, RecordBody, shown
from registry.surveys.domain import DIMENSION_LABELS, QUESTIONS, Dimension
from registry.surveys.service import SurveyFacts, SurveyTotals

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
Name = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]
Systems = Annotated[list[Name], Field(max_length=100, description="使用中的共享信息资源（系统）名称。")]


def _impersonal(findings: dict[str, int | bool | str]) -> dict[str, int | bool | str]:
    for value in findings.values():
        if isinstance(value, str):
            impersonal(value)
    return findings


Findings = Annotated[
    dict[str, int | bool | str], Field(max_length=50, description="按内容代码填报。"), AfterValidator(_impersonal)
]
_FACTS = frozenset(SurveyFacts.__annotations__)


class _FactsBody(RecordBody):
    """现状调查的内容。"""

    def to_facts(self) -> SurveyFacts:
        """Only what was named; systems once each, in order."""
        facts = {name: getattr(self, name) for name in self.model_fields_set & _FACTS}
        if "shared_systems" in facts:
            facts["shared_systems"] = tuple(sorted(set(facts["shared_systems"])))
        return cast("SurveyFacts", facts)


class SurveyBody(_FactsBody):
    """登记现状调查。"""

    office_id: UUID
    surveyed_on: date
    shared_systems: Systems = Field(default_factory=list)
    community_centre: Name | None = Field(default=None, description="可结合建设的社区服务中心。")
    findings: Findings = Field(default_factory=dict)


class SurveyPatch(_FactsBody):
    """更正现状调查；须说明理由，原内容保留在历史中。"""

    surveyed_on: date | None = None
    shared_systems: Systems | None = None
    community_centre: Name | None = None
    findings: Findings | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        named = self.model_fields_set & _FACTS
        if not named:
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in named - {"community_centre"}):
            raise CANNOT_BE_NULL.error()
        return self


class FindingAnswer(AnswerModel):
    """一项填报内容。"""

    code: str
    label: str
    dimension: Dimension
    dimension_label: str
    value: int | bool | str
    unit_label: str | None


class SurveyAnswer(RecordAnswer):
    """一个机构的现状调查。"""

    surveyed_on: date
    shared_systems: list[str]
    community_centre: str | None
    findings: list[FindingAnswer]
    is_corrected: bool

    @classmethod
    def of(cls, state: BaselineSurveyState) -> Self:
        """From the record, in the order of the questions."""
        found = [
            FindingAnswer(
                code=code,
                label=question.label,
                dimension=question.dimension,
                dimension_label=DIMENSION_LABELS[question.dimension],
                value=state.findings[code],
                unit_label=question.unit,
            )
            for code, question in QUESTIONS.items()
            if code in state.findings
        ]
        systems = list(state.shared_systems)
        return shown(cls, state, findings=found, shared_systems=systems, is_corrected=state.version > 1)


class QuestionAnswer(AnswerModel):
    """现状调查的一项内容。"""

    code: str
    label: str
    dimension: Dimension
    dimension_label: str
    kind: str = Field(description="int：整数；bool：是否；str：文字。")
    unit_label: str | None


def questions() -> list[QuestionAnswer]:
    """Everything that is asked."""
    return [
        QuestionAnswer(
            code=one.code,
            label=one.label,
            dimension=one.dimension,
            dimension_label=DIMENSION_LABELS[one.dimension],
            kind=one.kind.__name__,
            unit_label=one.unit,
        )
        for one in QUESTIONS.values()
    ]


class SharedSystem(AnswerModel):
    """一项共享信息资源，及使用它的机构数。"""

    name: str
    offices: int


class SurveySummary(AnswerModel):
    """区划内现状调查的汇总和共享信息资源清单（S3）。"""

    division: str
    surveyed: int
    with_community_centre: int
    shared_systems: list[SharedSystem]
    clause: str

    @classmethod
    def of(cls, division: str, totals: SurveyTotals) -> Self:
        """From the totals."""
        return cls(
            division=division,
            surveyed=totals.surveyed,
            with_community_centre=totals.with_community_centre,
            shared_systems=[SharedSystem(name=name, offices=offices) for name, offices in totals.systems],
            clause="S3",
        )
