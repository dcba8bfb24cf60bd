"""What a case contributes to the figures, and what a newer version of it changes. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from common.clock import beijing_day
from common.contracts.casework import CaseState
from common.divisions import Level
from reporting.completeness.domain import PlaceDay
from reporting.levels.domain import path_within


class Measure(StrEnum):
    """What is counted, each on the Beijing day on which it happened."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


MEASURES: tuple[Measure, ...] = tuple(Measure)
_MEASURES = tuple(measure.value for measure in MEASURES)
MEASURE_LABELS: Mapping[Measure, str] = {
    Measure.REGISTERED: "收件登记",
    Measure.ACCEPTED: "受理",
    Measure.REFUSED: "不予受理",
    Measure.WITHDRAWN: "撤回",
    Measure.CLOSED: "办结",
}


class Contribution(NamedTuple):
    """What one case adds to the figures of one level: 1 on the day of each thing that has happened to it.

    Attributes:
        days: of MEASURES, in their order; None for what has not happened.
    """

    division: str
    duty: str
    item_code: str
    days: tuple[date | None, ...]


FigureKey = tuple[str, str, date, str, str, str]
"""(level, division, day, duty, item_code, measure): the order of the primary key, and of locks."""


@dataclass(slots=True)
class Deltas:
    """What a batch changes.

    Attributes:
        value: per figure, counting the division and everything below it.
        own: per figure, counting only what the division's own office has made.
        facts: per (level, division, day), facts of the division's own office.
    """

    value: dict[FigureKey, int] = field(default_factory=lambda: defaultdict(int))
    own: dict[FigureKey, int] = field(default_factory=lambda: defaultdict(int))
    facts: dict[PlaceDay, int] = field(default_factory=lambda: defaultdict(int))


def contribution_of(case: CaseState) -> Contribution:
    """What a case contributes in its present state.

    Source: O4.2a, O4.3e; ADR 0012.

    Raises:
        OverflowError: an instant has no Beijing day that a calendar knows.
    """
    instants = (case.registered_at, case.accepted_at, case.refused_at, case.withdrawn_at, case.closed_at)
    days = tuple(beijing_day(at) if at is not None else None for at in instants)
    return Contribution(case.division, case.duty, case.item_code, days)


def deltas_of(changes: Iterable[tuple[Level, Contribution | None, Contribution]]) -> Deltas:
    """Adds up (level, what the case contributed before, what it contributes now).

    Only what differs is counted: a version that adds its acceptance does not touch the registration again. Changes
    commute, so that the order of batches, levels and replicas is nobody's business.

    Source: ADR 0012.
    """
    deltas = Deltas()
    for level, before, now in changes:
        is_elsewhere = before is not None and before[:3] != now[:3]
        for number, measure in enumerate(_MEASURES):
            old = before.days[number] if before is not None else None
            new = now.days[number]
            if old == new and not is_elsewhere:
                continue
            if before is not None and old is not None:
                _count(deltas, level, before, old, measure, -1)
            if new is not None:
                _count(deltas, level, now, new, measure, 1)
    return deltas


def _count(deltas: Deltas, level: Level, what: Contribution, day: date, measure: str, change: int) -> None:
    own, duty, item_code, _ = what
    name = level.value
    value = deltas.value
    for division in path_within(level, own):
        value[name, division, day, duty, item_code, measure] += change
    deltas.own[name, own, day, duty, item_code, measure] += change
    deltas.facts[name, own, day] += change


class GroupBy(StrEnum):
    """What the rows of an answer stand for."""

    DAY = "day"
    ITEM = "item"
    DUTY = "duty"
    CHILD = "child"


GROUP_BY_LABELS: Mapping[GroupBy, str] = {
    GroupBy.DAY: "按日",
    GroupBy.ITEM: "按事项",
    GroupBy.DUTY: "按职责",
    GroupBy.CHILD: "按下级区划",
}


class Part(StrEnum):
    """What a part of a division's figures is."""

    CHILD = "child"
    OWN = "own"
    UNLISTED = "unlisted"


PART_LABELS: Mapping[Part, str] = {
    Part.CHILD: "下级区划",
    Part.OWN: "本级机构",
    Part.UNLISTED: "未列名下级",
}

Totals = Mapping[Measure, int]


def unlisted(total: Totals, own: Totals, children: Iterable[Totals]) -> Totals:
    """What is left of a division's figures beside its own office and the divisions that the directory lists below it.

    Not nothing only while the directory copy is behind; with it the parts always add up to the whole.

    Source: ADR 0012.
    """
    rest = {measure: total.get(measure, 0) - own.get(measure, 0) for measure in MEASURES}
    for child in children:
        for measure, value in child.items():
            rest[measure] -= value
    return {measure: value for measure, value in rest.items() if value}
