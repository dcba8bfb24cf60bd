"""What one state of an office adds to sums, on which days it does, and what news of it change. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from common.contracts.registry.readiness import ReadinessState
from common.divisions import Level, level_of
from reporting.levels.domain import path_within
from reporting.standings.domain.measures import KIND_CODES, PAIRS

ALL_TIME = date.max
"""The key of the row where all changes have come to; PostgreSQL's `infinity`."""

Counts = Mapping[str, int]
SumKey = tuple[str, str, date]
"""(level, division, day): the order of the primary key, and of locks."""


def counts_of(state: ReadinessState) -> dict[str, int]:
    """What an office in this state adds to the sums above it: measure → whole number; what is nothing is absent.

    A closed office counts as closed and as nothing else: what it was given has gone to its heir. A state of before
    offices told their kind adds nothing, because nobody knows to what.

    Source: S1, S2, O1.4b, O2.1c, O2.2a, O2.2b, O2.3, O3.2a, O5.1a.
    """
    if state.kind is None or state.office_status is None:
        return {}
    kind = KIND_CODES[state.kind]
    if state.office_status == "closed":
        return {f"{kind}.status.closed": 1}
    found = {"offices": 1, f"status.{state.office_status}": 1}
    if state.form is not None:
        found[f"form.{state.form}"] = 1
    if state.criteria:
        found |= {"judged": 1, f"readiness.{state.status}": 1}
        found |= {f"{one.code}.{one.status}": 1 for one in state.criteria if one.status != "unknown"}
    told = {one.code: one.value for one in state.figures}
    found |= told
    found |= {f"{code}.known": 1 for code in told}
    found |= _pairs(told)
    found |= _staffing(told)
    return {f"{kind}.{code}": value for code, value in found.items() if value}


def _pairs(told: Counts) -> dict[str, int]:
    found: dict[str, int] = {}
    for one, base in PAIRS:
        if one in told and base in told:
            found |= {f"{one}@{base}": told[one], f"{base}@{one}": told[base], f"{one}@{base}.known": 1}
    return found


def _staffing(told: Counts) -> dict[str, int]:
    """Short of the range, within it, above it (O1.4b); unknown where one of the three is."""
    held, low, high = (told.get(code) for code in ("staff_total", "required_staff_low", "required_staff_high"))
    if held is None or low is None or high is None:
        return {}
    return {"staffing_range." + ("short" if held < low else "over" if held > high else "within"): 1}


class Version(NamedTuple):
    """One state of one office as far as time and place matter."""

    version: int
    division: str
    effective_on: date
    counts: Counts


class Period(NamedTuple):
    """From `since` on, before `until`, a version holds; on no day where they are the same."""

    version: int
    division: str
    since: date
    until: date | None
    counts: Counts

    @property
    def identity(self) -> tuple[int, str, date, date | None]:
        """All but the counts, which the version fixes."""
        return self[:4]


def periods_of(versions: Iterable[Version]) -> tuple[Period, ...]:
    """On which days each state of an office holds: on a day, the newest one that holds from that day or earlier.

    It depends on which versions are known, and not on the order in which they came.

    Source: S3; ADR 0014.
    """
    found: list[Period] = []
    ends: date | None = None
    for one in sorted(versions, key=lambda version: -version.version):
        since = one.effective_on if ends is None else min(one.effective_on, ends)
        found.append(Period(one.version, one.division, since, ends, one.counts))
        ends = since
    return tuple(reversed(found))


@dataclass(slots=True)
class Deltas:
    """What a batch changes, by (level, division, day); of `own` the same for the division's own office."""

    counts: dict[SumKey, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    own: dict[SumKey, dict[str, int]] = field(default_factory=dict)


def deltas_of(changes: Iterable[tuple[Level, Sequence[Period], Sequence[Period]]]) -> Deltas:
    """Adds up (level, when an office's states held as known before, and as known now).

    A state adds its counts on its first day to its division and all above it, and takes them away on the first day
    after it. An office that moves so leaves where it was, and is there from the day of the move. Changes commute.

    Source: ADR 0012, ADR 0014; S1.
    """
    at_place: defaultdict[tuple[Level, str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for level, before, now in changes:
        same = {period.identity for period in before} & {period.identity for period in now}
        for periods, sign in ((before, -1), (now, 1)):
            for period in periods:
                if period.identity not in same:
                    _count(at_place, level, period, sign)
    return _climbed(at_place)


def _count(at_place: Mapping[tuple[Level, str, date], dict[str, int]], level: Level, period: Period, sign: int) -> None:
    if period.since == period.until:
        return
    steps = [(period.since, sign), (ALL_TIME, sign)]
    if period.until is not None:
        steps = [(period.since, sign), (period.until, -sign)]
    for day, way in steps:
        into = at_place[level, period.division, day]
        for code, value in period.counts.items():
            into[code] += way * value


def _climbed(at_place: Mapping[tuple[Level, str, date], Counts]) -> Deltas:
    """What has changed at a place, there and above it. Most of what two states count is the same, and goes nowhere."""
    deltas = Deltas()
    for (level, place, day), counts in at_place.items():
        changed = {code: value for code, value in counts.items() if value}
        if not changed:
            continue
        if level_of(place) is not Level.VILLAGE:
            deltas.own[level.value, place, day] = changed
        for division in path_within(level, place):
            into = deltas.counts[level.value, division, day]
            for code, value in changed.items():
                into[code] += value
    return deltas


class OfficeStanding(NamedTuple):
    """One office behind a number, as a level knew it on a day, with the record that says so."""

    division: str
    office_id: UUID
    record_id: UUID
    version: int
    effective_on: date
    status: str
    counts: Counts
