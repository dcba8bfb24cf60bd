"""What is told about programmes."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.record import DispatchOrder
from common.contracts.reporting.programmes import (
    Cohort,
    ListedTown,
    MilestoneKind,
    Origin,
    ProgrammeAct,
    ProgrammeState,
    ProgrammeStatus,
    RuleKind,
    Target,
    Wording,
)
from common.http import AnswerModel, BeijingTime
from common.records.schemas import RecordAnswer, shown
from reporting.programmes.domain import (
    ACT_LABELS,
    MILESTONE_LABELS,
    ORIGIN_LABELS,
    RULE_LABELS,
    STATUS_LABELS,
    WORDING_LABELS,
    Member,
    explain,
    filing_due_on,
)
from reporting.programmes.service import Counts, Place, Soundness


class MembershipRuleAnswer(AnswerModel):
    """一条确定规则。"""

    kind: RuleKind
    kind_label: str
    divisions: list[str]


class TargetAnswer(AnswerModel):
    """目标数。"""

    offices: int
    wording: Wording
    text: str
    clause: str | None


class CohortAnswer(AnswerModel):
    """一个批次。"""

    code: str
    title: str
    rules: list[MembershipRuleAnswer]
    due_on: date
    target: TargetAnswer | None
    clause: str | None

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        """From the state."""
        rules = [
            MembershipRuleAnswer(kind=one.kind, kind_label=RULE_LABELS[one.kind], divisions=list(one.divisions))
            for one in cohort.rules
        ]
        members = {"code": cohort.code, "title": cohort.title, "due_on": cohort.due_on, "clause": cohort.clause}
        return cls.model_validate({**members, "rules": rules, "target": _target(cohort.target)})


class MilestoneAnswer(AnswerModel):
    """一个时间节点。"""

    code: str
    title: str
    kind: MilestoneKind
    kind_label: str
    on: date
    cohort: str | None
    share_percent: int | None
    is_soft: bool
    clause: str | None


class LegalDocumentAnswer(AnswerModel):
    """依据的文件。"""

    number: str
    title: str
    clause: str | None


class ProgrammeChangeAnswer(AnswerModel):
    """一个版本的由来。"""

    version: int
    act: ProgrammeAct
    act_label: str
    at: BeijingTime
    by: str
    reason: str
    changed: list[str]


class ProgrammeAnswer(RecordAnswer):
    """一项建设任务。"""

    code: str
    title: str
    starts_on: date
    ends_on: date
    documents: list[LegalDocumentAnswer]
    cohorts: list[CohortAnswer]
    milestones: list[MilestoneAnswer]
    filing_due_on: date | None
    origin: Origin
    origin_label: str
    status: ProgrammeStatus
    status_label: str
    in_force_from: date | None
    closed_on: date | None
    history: list[ProgrammeChangeAnswer]
    dispatch: DispatchOrder | None

    @classmethod
    def of(cls, state: ProgrammeState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            documents=[LegalDocumentAnswer(**one.model_dump()) for one in state.documents],
            cohorts=[CohortAnswer.of(one) for one in state.cohorts],
            milestones=[
                MilestoneAnswer(**one.model_dump(), kind_label=MILESTONE_LABELS[one.kind]) for one in state.milestones
            ],
            filing_due_on=filing_due_on(state),
            origin_label=ORIGIN_LABELS[state.origin],
            status_label=STATUS_LABELS[state.status],
            history=[
                ProgrammeChangeAnswer(
                    **{**one.model_dump(), "changed": list(one.changed)},
                    act_label=ACT_LABELS[one.act],
                )
                for one in state.history
            ],
        )


class ProgrammeVersionsAnswer(AnswerModel):
    """全部版本，按先后排列。"""

    versions: list[ProgrammeAnswer]


class ProgrammeMemberAnswer(AnswerModel):
    """一个计入的乡镇（街道）。"""

    division: str
    name: str
    city: str
    codes: list[str] = Field(description="该日的区划代码；此后合并的列多个，只计一次。")
    cohort: str | None
    rule: RuleKind | None
    rule_label: str | None

    @classmethod
    def of(cls, member: Member) -> Self:
        """From the rule."""
        return cls(
            division=member.division,
            name=member.name,
            city=member.city,
            codes=list(member.codes),
            cohort=member.fit.cohort,
            rule=member.fit.rule,
            rule_label=RULE_LABELS[member.fit.rule] if member.fit.rule else None,
        )


class ProgrammePlaceAnswer(AnswerModel):
    """某乡镇（街道）属于哪一批次、为什么、期限是哪一天。"""

    division: str
    name: str
    on: date
    is_informal: bool
    codes: list[str]
    origins: list[str]
    cohort: str | None
    cohort_title: str | None
    due_on: date | None
    rule: RuleKind | None
    via: str | None
    explanation: str
    clause: str | None

    @classmethod
    def of(cls, place: Place, programme: ProgrammeState, on: date) -> Self:
        """From the rule."""
        member, cohort = place.member, place.cohort
        informal = "是类似乡级单位，不计入建设任务"
        return cls(
            division=member.division,
            name=member.name,
            on=on,
            is_informal=place.is_informal,
            codes=list(member.codes),
            origins=list(member.origins),
            cohort=member.fit.cohort,
            cohort_title=cohort.title if cohort else None,
            due_on=cohort.due_on if cohort else None,
            rule=member.fit.rule,
            via=member.fit.via,
            explanation=informal if place.is_informal else explain(member.fit, programme.cohorts),
            clause=cohort.clause if cohort else None,
        )


class CityCountAnswer(AnswerModel):
    """一个市在一个批次中的乡镇（街道）数。"""

    cohort: str | None
    city: str
    city_name: str
    members: int
    divisions: int


class CohortCountAnswer(AnswerModel):
    """一个批次的乡镇（街道）数，与目标数对照；“约”只作提示。"""

    cohort: str | None
    title: str
    members: int
    divisions: int
    target: TargetAnswer | None
    difference: int | None


class InformalAnswer(AnswerModel):
    """类似乡级单位数，不计入建设任务。"""

    city: str
    city_name: str
    count: int


class ProgrammeCountsAnswer(AnswerModel):
    """各批次、各市的乡镇（街道）数。"""

    programme_id: UUID
    on: date
    tree_on: date = Field(description="按该日的区划；早于名录起始日的，按起始日。")
    members: int
    informal: int
    cohorts: list[CohortCountAnswer]
    cities: list[CityCountAnswer]
    informal_cities: list[InformalAnswer]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """From the use case."""
        codes: list[str | None] = [one.code for one in counts.programme.cohorts]
        codes += [None] if counts.members_of(None) else []
        return cls(
            programme_id=counts.programme.id,
            on=counts.on,
            tree_on=counts.tree_on,
            members=counts.members,
            informal=sum(counts.informal.values()),
            cohorts=[_cohort_count(counts, code) for code in codes],
            cities=[
                CityCountAnswer(
                    cohort=one.cohort,
                    city=one.city,
                    city_name=counts.names.get(one.city, one.city),
                    members=one.members,
                    divisions=one.divisions,
                )
                for one in counts.cohorts
            ],
            informal_cities=[
                InformalAnswer(city=city, city_name=counts.names.get(city, city), count=count)
                for city, count in sorted(counts.informal.items())
            ],
        )


class ProgrammeSoundnessAnswer(AnswerModel):
    """批次是否互不重叠、是否完整。"""

    is_disjoint: bool
    is_complete: bool
    overlaps: list[str]
    uncovered_count: int
    uncovered: list[str] = Field(description="没有批次的乡镇（街道），最多列 50 个。")
    counts: ProgrammeCountsAnswer

    @classmethod
    def of(cls, sound: Soundness, shown_most: int) -> Self:
        """From the use case."""
        return cls(
            is_disjoint=sound.is_disjoint,
            is_complete=sound.is_complete,
            overlaps=list(sound.overlaps),
            uncovered_count=len(sound.uncovered),
            uncovered=list(sound.uncovered[:shown_most]),
            counts=ProgrammeCountsAnswer.of(sound.counts),
        )


class ListedAnswer(AnswerModel):
    """名单中的一条，含已移出的。"""

    division: str
    since: date
    until: date | None
    document: str | None
    reason: str
    entered_at: BeijingTime
    entered_by: str
    entered_for: str | None = Field(description="列入的区划；只有它和它的上级可以移出。")
    removed_at: BeijingTime | None
    removed_by: str | None
    removal_reason: str | None


class CohortListAnswer(AnswerModel):
    """一个批次的名单。"""

    programme_id: UUID
    cohort: str
    open_count: int
    towns: list[ListedAnswer]

    @classmethod
    def of(cls, programme_id: UUID, cohort: str, towns: Sequence[ListedTown]) -> Self:
        """From the entries."""
        return cls(
            programme_id=programme_id,
            cohort=cohort,
            open_count=sum(one.until is None for one in towns),
            towns=[ListedAnswer(**one.model_dump()) for one in towns],
        )


def _target(target: Target | None) -> TargetAnswer | None:
    if target is None:
        return None
    text = f"{WORDING_LABELS[target.wording]}{target.offices}个"
    return TargetAnswer(offices=target.offices, wording=target.wording, text=text, clause=target.clause)


def _cohort_count(counts: Counts, code: str | None) -> CohortCountAnswer:
    cohort = next((one for one in counts.programme.cohorts if one.code == code), None)
    members = counts.members_of(code)
    target = cohort.target if cohort else None
    return CohortCountAnswer(
        cohort=code,
        title=cohort.title if cohort else "没有批次",
        members=members,
        divisions=sum(one.divisions for one in counts.cohorts if one.cohort == code),
        target=_target(target),
        difference=members - target.offices if target else None,
    )
