"""Figures of ratings and signs of coerced windows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.service import count_accepted_cases
from casework.ratings.domain import (
    Cell,
    Sign,
    Tally,
    find_signs,
    limits_on,
    protected,
    require_finished_months,
    require_period,
)
from casework.ratings.repository import Counted, GroupBy, Ratings
from common.auth import Actor, Role, require_role, scope_bounds
from common.clock import today
from common.divisions import subtree_range
from common.policy import parameter

SUPERVISORS = (Role.BUREAU_SUPERVISOR, Role.AUDITOR)
COUNTERS = (Role.OFFICE_HEAD, Role.STATISTICIAN, *SUPERVISORS)
FIRST = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are wanted.

    Attributes:
        until: the last day.
        division: of offices in it and below; None for all.
    """

    since: date
    until: date
    by: GroupBy = "all"
    division: str | None = None
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a period.

    Attributes:
        rules_on: the day whose parameters say what is praise and how small is small.
    """

    cells: Sequence[Cell]
    rules_on: date


@dataclass(frozen=True, slots=True)
class OfficeSigns:
    """What looks odd about an office's ratings in a period."""

    office_id: UUID
    ratings: int
    signs: Sequence[Sign]


async def show_public_figures(session: AsyncSession, asked: Asked) -> Figures:
    """Figures of finished months that anybody may read; groups with few ratings are hidden.

    Source: O4.3e, O4.3f; standards.md §7.

    Raises:
        PeriodRefused, InvalidDivisionCode: the question makes no sense.
    """
    on = today()
    require_finished_months(asked.since, asked.until, on=on)
    tallies = await _tallies(session, _counted(asked, None))
    return Figures(protected(tallies, parameter("rating_cell_min", on=on).number), on)


async def count_ratings(session: AsyncSession, asked: Asked, *, actor: Actor) -> Figures:
    """Figures of the actor's scope: all of them for whoever supervises or counts.

    An office head may have served, and so been rated: they are shown what the public may be shown.

    Source: O4.3f; standards.md §7 (rater data protected).

    Raises:
        RoleRequired: the actor's roles count none.
        PeriodRefused, InvalidDivisionCode: the question makes no sense.
    """
    require_role(actor, *COUNTERS)
    on, counted = today(), _counted(asked, actor)
    if actor.has_role(Role.STATISTICIAN, *SUPERVISORS):
        return Figures([Cell(tally) for tally in await _tallies(session, counted)], on)
    require_finished_months(asked.since, asked.until, on=on)
    return Figures(protected(await _tallies(session, counted), parameter("rating_cell_min", on=on).number), on)


async def list_signs(
    session: AsyncSession, asked: Asked, *, actor: Actor, after: UUID | None, limit: int
) -> list[OfficeSigns]:
    """Signs of coerced windows, office by office in order of ids. Nothing follows from one by itself.

    Source: O4.3f.

    Raises:
        RoleRequired: only supervisors and auditors see them.
        PeriodRefused, InvalidDivisionCode: the question makes no sense.
    """
    require_role(actor, *SUPERVISORS)
    ratings, counted = Ratings(session), _counted(asked, actor)
    offices = await ratings.list_offices(counted, after=after, limit=limit)
    facts = await ratings.list_facts(counted, offices)
    limits = limits_on(asked.until)
    return [OfficeSigns(one, len(facts[one]), find_signs(facts[one], limits)) for one in offices]


def _counted(asked: Asked, actor: Actor | None) -> Counted:
    """The question within the actor's scope; a division outside it leaves nothing."""
    require_period(asked.since, asked.until)
    bounds = None if asked.division is None else subtree_range(asked.division)
    if actor is not None:
        low, high = scope_bounds(actor)
        bounds = (low, high) if bounds is None else (max(low, bounds[0]), min(high, bounds[1]))
    return Counted(asked.since, asked.until, asked.by, bounds, asked.office_id)


async def _tallies(session: AsyncSession, counted: Counted) -> list[Tally]:
    ratings = Ratings(session)
    matters = await count_accepted_cases(
        session,
        since=counted.since,
        until=counted.until,
        by=counted.by,
        bounds=counted.bounds,
        office_id=counted.office_id,
    )
    rated = await ratings.count_rated_matters(counted)
    first: Mapping[str, Counter[str]] = defaultdict(Counter)
    second: Mapping[str, Counter[str]] = defaultdict(Counter)
    out: Counter[str] = Counter()
    for key, rating, number, is_excluded, count in await ratings.count(counted):
        if is_excluded:
            out[key] += count
        else:
            (first if number == FIRST else second)[key][rating] += count
    keys = sorted({*matters, *rated, *first, *second, *out})
    return [
        Tally(key, matters.get(key, 0), rated.get(key, 0), dict(first[key]), dict(second[key]), out[key])
        for key in keys
    ]
