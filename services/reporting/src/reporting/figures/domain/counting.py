"""What an accepted record contributes to the figures, and what a newer version of it changes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from common.divisions import Level, level_of
from reporting.completeness.domain import PlaceDay
from reporting.levels.domain import path_within


class Measure(StrEnum):
    """What is counted by day, each on the Beijing day on which it happened."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


MEASURES: tuple[Measure, ...] = tuple(Measure)
_BY_DAY = frozenset(measure.value for measure in MEASURES)
MEASURE_LABELS: Mapping[Measure, str] = {
    Measure.REGISTERED: "收件登记",
    Measure.ACCEPTED: "受理",
    Measure.REFUSED: "不予受理",
    Measure.WITHDRAWN: "撤回",
    Measure.CLOSED: "办结",
}


class Fact(NamedTuple):
    """Something that a record tells, on the Beijing day on which it happened; `amount` is 1 or a number of days."""

    measure: str
    day: date
    amount: int


class Contribution(NamedTuple):
    """What one record adds to the figures of one level.

    Attributes:
        duty: empty where the record belongs to none.
        item_code: empty likewise.
        is_report: whether its facts tell that the place's own office has reported; ratings and complaints do not.
    """

    division: str
    duty: str
    item_code: str
    facts: frozenset[Fact]
    is_report: bool = True


FigureKey = tuple[str, str, date, str, str, str]
"""(level, division, day, duty, item_code, measure): the order of the primary key, and of locks."""

MONTH_MEASURES: tuple[str, ...] = (
    "registered", "registered_online", "supplement_asked", "accepted", "accepted_deemed", "refused", "withdrawn",
    "closed", "closed_immediate", "closed_promised", "closed_void", "closed_on_time", "closed_overdue", "handled",
    "handling_days", "rated_very_satisfied", "rated_satisfied", "rated_basically_satisfied", "rated_dissatisfied",
    "rated_very_dissatisfied", "rated_matters", "rated_visits", "rated_again", "rated_excluded", "complaints_filed",
    "complaints_replied", "complaints_overdue", "complaints_substantiated", "consultations_filed",
    "consultations_replied", "consultations_overdue",
)  # fmt: skip
"""What is counted by month; each has its column in `figure_months`."""

MonthKey = tuple[str, str, str, str, str, date]
"""(level, division, part, item_code, duty, month): likewise; item and duty are empty where all are meant.

`part` is `all` for the division and everything below it, `own` for its own office; a village, with nothing below it,
has no part of its own.
"""


@dataclass(slots=True)
class Deltas:
    """What a batch changes.

    Attributes:
        value: per figure, counting the division and everything below it.
        own: per figure, counting only what the division's own office has made.
        months: per month, what is added to each measure.
        facts: per (level, division, day), facts of the division's own office.
    """

    value: dict[FigureKey, int] = field(default_factory=lambda: defaultdict(int))
    own: dict[FigureKey, int] = field(default_factory=lambda: defaultdict(int))
    months: dict[MonthKey, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    facts: dict[PlaceDay, int] = field(default_factory=lambda: defaultdict(int))


def deltas_of(changes: Iterable[tuple[Level, Contribution | None, Contribution]]) -> Deltas:
    """Adds up (level, what the record contributed before, what it contributes now).

    Only what differs is counted: a version that adds its acceptance does not touch the registration again. Changes
    commute, so that the order of batches, levels and replicas is nobody's business.

    Source: ADR 0012.
    """
    deltas = Deltas()
    own: dict[FigureKey, int] = defaultdict(int)
    for level, before, now in changes:
        is_elsewhere = before is not None and before[:3] != now[:3]
        old = before.facts if before is not None else frozenset()
        gone, new = (old, now.facts) if is_elsewhere else (old - now.facts, now.facts - old)
        for what, facts, sign in ((before, gone, -1), (now, new, 1)):
            for fact in facts if what is not None else ():
                assert what is not None  # noqa: S101 - for the type checker
                own[level.value, what.division, fact.day, what.duty, what.item_code, fact.measure] += sign * fact.amount
                if what.is_report and fact.measure in _BY_DAY:
                    deltas.facts[level.value, what.division, fact.day] += sign
    for key, change in own.items():
        if change:
            _count(deltas, key, change)
    return deltas


def _count(deltas: Deltas, key: FigureKey, change: int) -> None:
    """Adds the change of one office to all divisions above it, by day and by month."""
    name, own, day, duty, item_code, measure = key
    month = day.replace(day=1)
    items = {("", ""), (item_code, duty)}
    for division in path_within(Level(name), own):
        if measure in _BY_DAY:
            deltas.value[name, division, day, duty, item_code, measure] += change
        for item in items:
            deltas.months[name, division, "all", *item, month][measure] += change
    if measure in _BY_DAY:
        deltas.own[key] += change
    if level_of(own) is not Level.VILLAGE:
        for item in items:
            deltas.months[name, own, "own", *item, month][measure] += change


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
