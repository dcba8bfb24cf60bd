"""What a programme must be, and how it moves on. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import combinations
from typing import Any

from common.contracts.reporting.programmes import (
    Cohort,
    LegalDocument,
    MembershipRule,
    Milestone,
    ProgrammeAct,
    ProgrammeChange,
    ProgrammeState,
    ProgrammeStatus,
)
from common.divisions import Level, contains, level_of
from reporting.programmes.errors import CohortUnknown, NothingChanged, ProgrammeInvalid, ProgrammeNotInState


@dataclass(frozen=True, slots=True)
class Content:
    """What people decide of a programme."""

    title: str
    starts_on: date
    ends_on: date
    documents: tuple[LegalDocument, ...]
    cohorts: tuple[Cohort, ...]
    milestones: tuple[Milestone, ...]


def content_of(programme: ProgrammeState) -> Content:
    """What people decided of it.

    Source: O6.1a.
    """
    return Content(**{one.name: getattr(programme, one.name) for one in fields(Content)})


def problems_of(content: Content, *, division: str) -> list[str]:
    """Everything that does not fit together, in Chinese; nothing when all is well.

    Source: O6.1a, O6.1b, O6.1c.
    """
    found = [] if content.starts_on <= content.ends_on else ["结束日期早于开始日期"]
    found += _twice("批次编号重复", (one.code for one in content.cohorts))
    found += _twice("时间节点编号重复", (one.code for one in content.milestones))
    found += [
        f"{one.code}：期限不在建设任务期间之内"
        for one in content.cohorts
        if not content.starts_on <= one.due_on <= content.ends_on
    ]
    for cohort in content.cohorts:
        found += [f"{cohort.code}：{problem}" for problem in _rule_problems(cohort, division)]
    found += overlaps_of(content.cohorts)
    for milestone in content.milestones:
        found += [f"{milestone.code}：{problem}" for problem in _milestone_problems(milestone, content)]
    if sum(one.kind == "plan_filing" for one in content.milestones) > 1:
        found.append("方案报备的时间节点只能有一个")
    return found


def require_sound(content: Content, *, division: str) -> None:
    """Lets a programme through whose parts fit together.

    Source: O6.1a, O6.1b, O6.1c.

    Raises:
        ProgrammeInvalid: they do not; it names everything at once.
    """
    problems = problems_of(content, division=division)
    if problems:
        raise ProgrammeInvalid("；".join(problems), problems=list(problems))


def overlaps_of(cohorts: Sequence[Cohort]) -> list[str]:
    """Where two rules claim the same towns: cohorts are disjoint, so that each town has one due day.

    Source: O6.1b, O6.1c.
    """
    named = [(one.code, code) for one in cohorts for rule in one.rules for code in rule.divisions]
    found = [
        f"{left}、{right}：{one} 与 {other} 重叠"
        for (left, one), (right, other) in combinations(named, 2)
        if contains(one, other) or contains(other, one)
    ]
    rests = [one.code for one in cohorts if any(rule.kind == "rest" for rule in one.rules)]
    if len(rests) > 1:
        found.append(f"{'、'.join(rests)}：“其余”只能有一个批次")
    return found


def is_complete_by_form(cohorts: Iterable[Cohort], *, division: str) -> bool:
    """Whether no town can be left out, whatever the divisions are: by a rest, or by naming the whole.

    Source: O6.1c.
    """
    return any(
        rule.kind == "rest" or any(contains(code, division) for code in rule.divisions)
        for one in cohorts
        for rule in one.rules
    )


def cohort_named(programme: ProgrammeState, code: str) -> Cohort:
    """The cohort with this code.

    Source: O6.1b.

    Raises:
        CohortUnknown: there is none.
    """
    for cohort in programme.cohorts:
        if cohort.code == code:
            return cohort
    raise CohortUnknown


def filing_due_on(programme: ProgrammeState) -> date | None:
    """The day by which plans are filed; None where the programme asks for none.

    Source: O6.2b.
    """
    return next((one.on for one in programme.milestones if one.kind == "plan_filing"), None)


def revised(programme: ProgrammeState, content: Content, *, by: str, at: datetime, reason: str) -> dict[str, Any]:
    """A new version says something else, and why; a closed programme stays as it was.

    Source: O6.1a.

    Raises:
        ProgrammeNotInState: it is closed.
        ProgrammeInvalid: its parts do not fit together.
        NothingChanged: it says what it said.
    """
    _require(programme, "draft", "in_force")
    require_sound(content, division=programme.division)
    before = content_of(programme)
    changed = tuple(one.name for one in fields(Content) if getattr(before, one.name) != getattr(content, one.name))
    if not changed:
        raise NothingChanged
    members = {one.name: getattr(content, one.name) for one in fields(Content)}
    return members | _noted(programme, "revise", by=by, at=at, reason=reason, changed=changed)


def require_disjoint(problems: Sequence[str]) -> None:
    """Nothing claims a town twice in a programme that binds.

    Source: O6.1b, O6.1c.

    Raises:
        ProgrammeInvalid: with everything that stands against it.
    """
    if problems:
        raise ProgrammeInvalid("；".join(problems), problems=list(problems))


def enforced(
    programme: ProgrammeState, *, by: str, at: datetime, reason: str, from_day: date, problems: Sequence[str]
) -> dict[str, Any]:
    """A draft becomes binding from a day, once nothing claims a town twice.

    Source: O6.1a.

    Raises:
        ProgrammeNotInState: it is no draft.
        ProgrammeInvalid: something does not fit.
    """
    _require(programme, "draft")
    if from_day > programme.ends_on:
        problems = (*problems, "启动执行的日期晚于结束日期")
    require_disjoint(problems)
    noted = _noted(programme, "enforce", by=by, at=at, reason=reason, changed=("status",))
    return {"status": "in_force", "in_force_from": from_day, **noted}


def closed(programme: ProgrammeState, *, by: str, at: datetime, reason: str, on: date) -> dict[str, Any]:
    """A programme ends; it stays readable and changes no more.

    Source: O6.1a.

    Raises:
        ProgrammeNotInState: it is not in force.
        ProgrammeInvalid: it would end before it began to hold.
    """
    _require(programme, "in_force")
    if programme.in_force_from is not None and on < programme.in_force_from:
        problem = "结束日期早于启动执行的日期"
        raise ProgrammeInvalid(problem, problems=[problem])
    noted = _noted(programme, "close", by=by, at=at, reason=reason, changed=("status",))
    return {"status": "closed", "closed_on": on, **noted}


def is_in_force(programme: ProgrammeState, on: date) -> bool:
    """Whether it holds on a Beijing day.

    Source: O6.1a.
    """
    begun = programme.in_force_from is not None and programme.in_force_from <= on
    return begun and (programme.closed_on is None or on < programme.closed_on)


def _rule_problems(cohort: Cohort, division: str) -> Iterator[str]:
    kinds = [rule.kind for rule in cohort.rules]
    if "rest" in kinds and len(kinds) > 1:
        yield "“其余”不与其他规则并用"
    if len([kind for kind in kinds if kind == "listed"]) > 1:
        yield "名单规则重复"
    for rule in cohort.rules:
        yield from _division_problems(rule, division)


def _division_problems(rule: MembershipRule, division: str) -> Iterator[str]:
    if (rule.kind == "towns_of") != bool(rule.divisions):
        yield "只有“所列区划的全部乡镇（街道）”须列出区划"
    for code in rule.divisions:
        if not contains(division, code):
            yield f"{code} 不在本区划之内"
        elif level_of(code) is Level.VILLAGE:
            yield f"{code} 是村（社区），不能作为范围"


def _milestone_problems(milestone: Milestone, content: Content) -> Iterator[str]:
    if not content.starts_on <= milestone.on <= content.ends_on:
        yield "日期不在建设任务期间之内"
    if milestone.cohort is not None and milestone.cohort not in {one.code for one in content.cohorts}:
        yield "所列批次不存在"
    if (milestone.kind == "members_ready") != (milestone.share_percent is not None):
        yield "建成比例须写明百分比，其他节点不写"


def _twice(title: str, codes: Iterable[str]) -> list[str]:
    twice = [code for code, count in Counter(codes).items() if count > 1]
    return [f"{title}：{'、'.join(twice)}"] if twice else []


def _require(programme: ProgrammeState, *statuses: ProgrammeStatus) -> None:
    if programme.status not in statuses:
        raise ProgrammeNotInState(status=programme.status)


def _noted(
    programme: ProgrammeState, act: ProgrammeAct, *, by: str, at: datetime, reason: str, changed: tuple[str, ...]
) -> dict[str, Any]:
    change = ProgrammeChange(version=programme.version + 1, act=act, at=at, by=by, reason=reason, changed=changed)
    return {"history": (*programme.history, change), "dispatch": None}
