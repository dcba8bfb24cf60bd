"""What a plan says, and what a new version changed. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.contracts.reporting.plans import LineChange, PlanLine, PlanStage
from common.divisions import contains
from reporting.plans.errors import NothingChanged, PlanInvalid

MEMBERS = ("item", "measure", "owner", "owner_division", "stage", "due_on", "towns")
"""What a line says beside its id."""


@dataclass(frozen=True, slots=True)
class PlanContent:
    """What people decide of a plan."""

    title: str
    stages: tuple[PlanStage, ...]
    lines: tuple[PlanLine, ...]


def problems_of(content: PlanContent, *, division: str, starts_on: date, ends_on: date) -> list[str]:
    """Everything that does not fit together, in Chinese; nothing when all is well.

    Source: S4, O6.2c.

    Args:
        starts_on: first day of the programme.
        ends_on: its last day.
    """
    stages = {one.code: one for one in content.stages}
    found = [] if len(stages) == len(content.stages) else ["阶段编号重复"]
    if len({one.id for one in content.lines}) < len(content.lines):
        found.append("事项标识重复")
    for stage in content.stages:
        found += [f"阶段 {stage.code}：{problem}" for problem in _stage_problems(stage, starts_on, ends_on)]
    for before, after in zip(content.stages, content.stages[1:], strict=False):
        if after.starts_on < before.starts_on or after.ends_on < before.ends_on:
            found.append(f"阶段 {after.code}：早于上一阶段")
    for number, line in enumerate(content.lines, 1):
        found += [f"第{number}项：{problem}" for problem in _line_problems(line, stages, division)]
    empty = [one.code for one in content.stages if all(line.stage != one.code for line in content.lines)]
    return found + [f"阶段 {code}：没有事项" for code in empty]


def require_sound(content: PlanContent, *, division: str, starts_on: date, ends_on: date) -> None:
    """Lets a plan through whose parts fit together.

    Source: S4, O6.2c.

    Raises:
        PlanInvalid: they do not; it names everything at once.
    """
    problems = problems_of(content, division=division, starts_on=starts_on, ends_on=ends_on)
    if problems:
        raise PlanInvalid("；".join(problems), problems=list(problems))


def require_known_lines(lines: Iterable[PlanLine], given: Iterable[UUID], known: Iterable[UUID]) -> None:
    """Ids that people give are those of lines that there were: an id means the same line for ever.

    Source: S4.

    Raises:
        PlanInvalid: one is not.
    """
    strange = set(given) - set(known)
    if strange:
        numbers = [str(number) for number, line in enumerate(lines, 1) if line.id in strange]
        problem = f"第{'、'.join(numbers)}项：标识不是本方案以往版本的事项"
        raise PlanInvalid(problem, problems=[problem])


def changes_between(before: Sequence[PlanLine], after: Sequence[PlanLine]) -> tuple[LineChange, ...]:
    """What became of each line, in the order of the new version, the removed ones last.

    Source: O6.2c, S4.
    """
    old: Mapping[UUID, PlanLine] = {one.id: one for one in before}
    found = []
    for line in after:
        if line.id not in old:
            found.append(LineChange(line_id=line.id, kind="added"))
        elif members := tuple(name for name in MEMBERS if getattr(old[line.id], name) != getattr(line, name)):
            found.append(LineChange(line_id=line.id, kind="changed", members=members))
    kept = {one.id for one in after}
    found += [LineChange(line_id=one.id, kind="removed") for one in before if one.id not in kept]
    return tuple(found)


def require_change(before: PlanContent | None, after: PlanContent) -> None:
    """A new version says something new.

    Source: O6.2c.

    Raises:
        NothingChanged: it does not.
    """
    if before == after:
        raise NothingChanged


def _stage_problems(stage: PlanStage, starts_on: date, ends_on: date) -> Iterator[str]:
    if stage.ends_on < stage.starts_on:
        yield "结束日期早于开始日期"
    if stage.starts_on < starts_on or stage.ends_on > ends_on:
        yield "日期不在建设任务期间之内"


def _line_problems(line: PlanLine, stages: Mapping[str, PlanStage], division: str) -> Iterator[str]:
    stage = stages.get(line.stage)
    if stage is None:
        yield f"阶段 {line.stage} 不存在"
    elif not stage.starts_on <= line.due_on <= stage.ends_on:
        yield "期限不在所属阶段之内"
    if line.owner_division is not None and not contains(division, line.owner_division):
        yield "责任单位不在本市"
