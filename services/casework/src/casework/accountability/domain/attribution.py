"""Whose time it was: every counted day of a clock belongs to exactly one part, and the parts add up to the whole.

A day belongs to the state in which it began: a pause from day p to day r has the days in (p, r], as for the clock, and
whoever takes a case over on day h answers for the days after h.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from casework.clock.domain import Calendar, judge
from casework.clock.domain.reading import run_of
from common.clock import beijing_day
from common.contracts.casework import CaseState
from common.contracts.casework.cases import (
    AnsweredOfferState,
    ClockEntry,
    ClockName,
    HolderState,
    Limit,
    LimitUnit,
    OfferState,
    PauseReason,
    Stage,
    StepName,
    StepState,
)

PartKind = Literal["holder", "office", "applicant", "other_department"]
Successions = Mapping[str, tuple[str, date | None]]
"""Of a division that another took over: which one, and from which day on; None where that is not known."""
NO_SUCCESSIONS: Successions = MappingProxyType({})
CLOCKS: tuple[ClockName, ...] = ("acceptance", "handling")
_STEP_OF_STAGE: Mapping[Stage, StepName] = {
    "undertaking": "undertaking",
    "reviewing": "reviewing",
    "approving": "approving",
    "decided": "closing",
}
_ENDED = ("refused", "withdrawn", "closed")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom a day belongs.

    Attributes:
        kind: the holder; the office while nobody held the case; the applicant; another department.
        account: of the holder.
        division: of the holder or of the office; of the office that was asked to take the case.
        step: the step that was being done.
        reason: why the clock stood still; None while it ran.
    """

    kind: PartKind
    account: str | None
    division: str | None
    step: StepName | None
    reason: PauseReason | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The days of one owner; `overdue` are working days after the last day of the limit."""

    owner: Owner
    days: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Counted days that follow one another and have one owner."""

    owner: Owner
    first: date
    last: date
    days: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """One clock's time, split.

    Attributes:
        unit: of `elapsed` and of the parts' `days`.
        from_on: the day from which it is counted, itself not counted.
        until: the last day that is counted.
        elapsed: the whole, with the days on which the clock stood still.
        running: without them.
        overdue: working days after the last day of the limit, without those on which the clock stood still.
        due_on: the last day of the limit; None where there is none.
    """

    clock: ClockName
    unit: LimitUnit
    from_on: date
    until: date
    elapsed: int
    running: int
    overdue: int
    due_on: date | None
    parts: tuple[Part, ...]
    stretches: tuple[Stretch, ...]


def attribute(
    case: CaseState, calendar: Calendar, until: date, successions: Successions = NO_SUCCESSIONS
) -> tuple[Attribution, ...]:
    """Splits the time of every clock of a case up to a day, or to the day on which the clock stopped.

    While an office that was asked to take the case has not answered, the days are that office's. After the last day of
    the limit nobody's waiting excuses: who offers a case stays responsible until it is accepted. Since the day on which
    divisions became one their offices are one, and wait for nobody else.

    Source: O4.3b, O4.3c, O4.3d; standards.md §1 (Order 79), §5.

    Args:
        successions: of the divisions that the file names and another took over.
    """
    ordered = case.model_copy(update={"file": case.file.model_copy(update={"ledger": settled(case.file.ledger)})})
    found = (_attribute(ordered, calendar, clock, until, successions) for clock in CLOCKS)
    return tuple(one for one in found if one is not None)


def settled(ledger: Iterable[ClockEntry]) -> tuple[ClockEntry, ...]:
    """The entries in order of time; those of one instant so that they make sense, however they were written down.

    Source: O4.3c.
    """
    done: list[ClockEntry] = []
    open_reasons: set[PauseReason | None] = set()
    for _, group in groupby(sorted(ledger, key=lambda entry: entry.at), key=lambda entry: entry.at):
        entries = sorted(group, key=lambda entry: entry.model_dump_json())
        ending = [one for one in entries if one.fact == "resumed" and one.reason in open_reasons]
        later = [one for one in entries if one.fact == "resumed" and one.reason not in open_reasons]
        rank = {"started": 0, "extended": 1, "paused": 2, "stopped": 3}
        others = sorted((one for one in entries if one.fact != "resumed"), key=lambda one: rank[one.fact])
        stops = [one for one in others if one.fact == "stopped"]
        done += [*ending, *(one for one in others if one.fact != "stopped"), *later, *stops]
        open_reasons = {reason for reason, _ in _open(done)}
    return tuple(done)


def _open(entries: Sequence[ClockEntry]) -> list[tuple[PauseReason | None, ClockEntry]]:
    found: dict[PauseReason | None, ClockEntry] = {}
    for entry in entries:
        if entry.fact == "paused":
            found.setdefault(entry.reason, entry)
        elif entry.fact == "resumed":
            found.pop(entry.reason, None)
            if entry.reason is None:
                found.clear()
    return list(found.items())


def _attribute(
    case: CaseState, calendar: Calendar, clock: ClockName, until: date, successions: Successions
) -> Attribution | None:
    run = run_of(case.file.ledger, clock)
    if run is None:
        return None
    last = until if run.stopped_on is None else min(until, run.stopped_on)
    last = max(last, run.from_on)
    limit = run.start.promised or run.start.statutory
    unit: LimitUnit = "working_days" if limit is None else limit.unit
    due_on = judge(case.file.ledger, calendar, clock=clock, on=last).last_due_on
    owners = _Owners(case, run.pauses, current=_current_step(case, clock), successions=successions)
    days = [_owned(owners, day, due_on, calendar) for day in _days(run.from_on, last)]
    counted = [one for one in days if unit == "calendar_days" or one.is_working]
    overdue = sum(one.is_overdue for one in counted)
    return Attribution(
        clock=clock,
        unit=unit,
        from_on=run.from_on,
        until=last,
        elapsed=len(counted),
        running=sum(one.owner.reason is None for one in counted),
        overdue=overdue,
        due_on=due_on,
        parts=_parts(counted),
        stretches=_stretches(counted),
    )


@dataclass(frozen=True, slots=True)
class _OwnedDay:
    day: date
    owner: Owner
    is_working: bool
    is_overdue: bool


def _owned(owners: "_Owners", day: date, due_on: date | None, calendar: Calendar) -> _OwnedDay:
    is_late = due_on is not None and day > due_on
    owner = owners.of(day, is_late=is_late)
    is_working = calendar.is_working(day)
    return _OwnedDay(day, owner, is_working, is_late and is_working and owner.reason is None)


def _days(after: date, last: date) -> Iterator[date]:
    day = after
    while day < last:
        day += _DAY
        yield day


@dataclass(frozen=True, slots=True)
class _Wait:
    """The days in (first, last] waited for an office's answer; None while they still do."""

    division: str
    first: date
    last: date | None


def _wait_of(offer: OfferState) -> _Wait:
    last = beijing_day(offer.answered_at) if isinstance(offer, AnsweredOfferState) else None
    return _Wait(offer.division, beijing_day(offer.offered_at), last)


class _Owners:
    """Who owns which day."""

    def __init__(
        self,
        case: CaseState,
        pauses: Sequence[tuple[PauseReason | None, ClockEntry, ClockEntry | None]],
        *,
        current: StepName | None,
        successions: Successions,
    ) -> None:
        self._case = case
        self._successions = successions
        self._current = current
        self._pauses = [
            (reason, beijing_day(begun.at), None if ended is None else beijing_day(ended.at))
            for reason, begun, ended in pauses
        ]
        self._holders: Sequence[HolderState] = sorted(case.file.holders, key=lambda one: one.since)
        self._waits = [_wait_of(offer) for offer in case.file.offers]
        if case.file.offer is not None:
            self._waits.append(_wait_of(case.file.offer))
        self._steps: Sequence[StepState] = sorted(case.file.steps, key=lambda one: (one.started_at, one.ended_at))

    def of(self, day: date, *, is_late: bool) -> Owner:
        """The owner of a day."""
        step = self._step(day)
        for reason, first, last in self._pauses:
            if first < day and (last is None or day <= last):
                kind: PartKind = "applicant" if reason == "supplement" else "other_department"
                return Owner(kind, None, None, step, reason or "other")
        holder = self._holder(day)
        asked = None if is_late else self._asked(day, self._case.division if holder is None else holder.division)
        if asked is not None:
            return Owner("other_department", None, asked, step)
        if holder is None:
            return Owner("office", None, self._case.division, step)
        return Owner("holder", holder.account, holder.division, step)

    def _asked(self, day: date, division: str) -> str | None:
        """The office whose answer a day waited for; who offers a case inside the office waits for nobody else."""
        own = self._office(division, day)
        return next(
            (
                wait.division
                for wait in self._waits
                if self._office(wait.division, day) != own
                and wait.first < day
                and (wait.last is None or day <= wait.last)
            ),
            None,
        )

    def _office(self, division: str, day: date) -> str:
        """The division whose office a division's was on a day."""
        heir, since = self._successions.get(division, (division, None))
        return division if since is not None and day < since else heir

    def _holder(self, day: date) -> HolderState | None:
        found = None
        for holder in self._holders:
            if found is None or beijing_day(holder.since) < day:
                found = holder
        if found is not None and beijing_day(found.since) > day:
            return None
        return found

    def _step(self, day: date) -> StepName | None:
        """The step that was being done when the day began: one that ended later, or the next one, or the present."""
        under_way = None
        for step in self._steps:
            if beijing_day(step.started_at) < day <= beijing_day(step.ended_at):
                under_way = step.step
        if under_way is not None:
            return under_way
        return next((step.step for step in self._steps if beijing_day(step.started_at) >= day), self._current)


def _current_step(case: CaseState, clock: ClockName) -> StepName | None:
    if clock == "acceptance":
        return "acceptance"
    if case.stage is not None and case.status not in _ENDED:
        return _STEP_OF_STAGE[case.stage]
    return case.file.steps[-1].step if case.file.steps else None


def _parts(days: Sequence[_OwnedDay]) -> tuple[Part, ...]:
    """In the order in which the owners come first."""
    found: dict[Owner, Part] = {}
    for one in days:
        part = found.get(one.owner, Part(one.owner, 0, 0))
        found[one.owner] = replace(part, days=part.days + 1, overdue=part.overdue + one.is_overdue)
    return tuple(found.values())


def _stretches(days: Sequence[_OwnedDay]) -> tuple[Stretch, ...]:
    found = []
    for owner, group in groupby(days, key=lambda one: one.owner):
        run = list(group)
        found.append(Stretch(owner, run[0].day, run[-1].day, len(run), sum(one.is_overdue for one in run)))
    return tuple(found)


def overdue_by_step(attribution: Attribution, limits: Mapping[Stage, Limit]) -> dict[StepName, int]:
    """The overdue days, shared out to steps by how far each went beyond its own limit; whole days that add up.

    Where no step has gone beyond its limit, or none has one, each step answers for the days that it lay there.

    Source: O4.3c, O4.3d; standards.md §6.
    """
    lain: dict[StepName, int] = {}
    late: dict[StepName, int] = {}
    for part in attribution.parts:
        if part.owner.reason is None and part.owner.step is not None:
            lain[part.owner.step] = lain.get(part.owner.step, 0) + part.days
            late[part.owner.step] = late.get(part.owner.step, 0) + part.overdue
    allowed = {_STEP_OF_STAGE[stage]: limit.value for stage, limit in limits.items() if limit.unit == attribution.unit}
    beyond = {step: lain[step] - limit for step, limit in allowed.items() if lain.get(step, 0) > limit}
    total = sum(late.values())
    return _shared(total, beyond) if beyond else {step: days for step, days in late.items() if days}


def _shared(total: int, weights: Mapping[StepName, int]) -> dict[StepName, int]:
    """Whole shares by the method of the largest remainders."""
    whole = sum(weights.values())
    shares = {step: total * weight // whole for step, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda step: (-(total * weights[step] % whole), step))
    for step in by_remainder[: total - sum(shares.values())]:
        shares[step] += 1
    return {step: days for step, days in shares.items() if days}
