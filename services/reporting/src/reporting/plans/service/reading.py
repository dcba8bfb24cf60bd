"""Reading plans, filings and how they are carried out. Source: O6.2a, O6.2b, S4."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.auth import SERVICE_ROLES, Actor, require_role
from common.contracts.reporting.plans import (
    ExecutionState,
    FilingState,
    InclusionState,
    LineEntryState,
    PlanState,
)
from common.contracts.reporting.programmes import ProgrammeState
from common.divisions import contains, subtree_range
from reporting.plans.domain import Standing, standing_on
from reporting.plans.errors import NotAFilingCity, PlanNotFound
from reporting.plans.repository import Plans
from reporting.plans.service.access import Whose
from reporting.programmes.domain import filing_due_on
from reporting.programmes.service import Asked, get_programme, list_cities, raw

_ON_FILE = ("accepted", "superseded")


@dataclass(frozen=True, slots=True)
class CityStanding:
    """How a city's filing stands on a day; `filing` None where the city has begun nothing."""

    city: str
    name: str
    standing: Standing
    filing: FilingState | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which governments have the programme in a five-year plan."""

    division: str
    name: str
    is_included: bool


async def overview(
    asked: Asked, programme_id: UUID, *, on: date, actor: Actor | None = None
) -> tuple[ProgrammeState, list[CityStanding]]:
    """Every city with the state of its filing on a day and how late it is; an actor sees whom they may see.

    Source: O6.2b.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's.
    """
    conn = await raw(asked)
    programme = await get_programme(conn, programme_id, actor=actor)
    filings = {
        one.division: one for one in await Plans(conn).all_of(FilingState, "programme_id", programme_id, actor=actor)
    }
    due_on = filing_due_on(programme)
    cities = await list_cities(conn, programme.division, on=on)
    found = [
        CityStanding(code, name, standing_on(filings.get(code), due_on=due_on, on=on), filings.get(code))
        for code, name in cities.items()
        if _concerns(actor, code)
    ]
    return programme, found


async def get_filing(asked: Asked, whose: Whose, *, on: date, actor: Actor | None = None) -> CityStanding:
    """One city's filing with its state on a day.

    Source: O6.2b.

    Raises:
        RoleRequired, ProgrammeNotFound, NotAFilingCity: not the actor's, or no city that files.
    """
    _, found = await overview(asked, whose.programme_id, on=on, actor=actor)
    for one in found:
        if one.city == whose.city:
            return one
    raise NotAFilingCity


async def list_plans(asked: Asked, whose: Whose, *, actor: Actor | None = None) -> list[PlanState]:
    """Every version of a city's plan, the first one first; below the city, those on file only.

    Source: O6.2c.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's.
    """
    conn = await raw(asked)
    await get_programme(conn, whose.programme_id, actor=actor)
    found = await Plans(conn).all_of(PlanState, "filing_id", whose.filing_id, actor=actor)
    shown = [one for one in found if not _is_below(actor, whose.city) or one.status in _ON_FILE]
    return sorted(shown, key=lambda one: one.number)


async def get_plan(asked: Asked, whose: Whose, number: int, *, actor: Actor | None = None) -> PlanState:
    """One version of a city's plan.

    Source: O6.2c.

    Raises:
        RoleRequired, ProgrammeNotFound, PlanNotFound: not the actor's, or no such version.
    """
    for one in await list_plans(asked, whose, actor=actor):
        if one.number == number:
            return one
    raise PlanNotFound


async def get_execution(asked: Asked, whose: Whose, *, actor: Actor | None = None) -> tuple[ExecutionState, PlanState]:
    """How the plan in force is carried out, with that plan.

    Source: S4, O6.2c.

    Raises:
        RoleRequired, ProgrammeNotFound, PlanNotFound: not the actor's, or no plan is on file.
    """
    conn = await raw(asked)
    await get_programme(conn, whose.programme_id, actor=actor)
    plans = Plans(conn)
    found = await plans.find(ExecutionState, whose.execution_id, actor=actor)
    plan = await plans.find(PlanState, whose.plan_id(found.plan), actor=actor) if found else None
    if found is None or plan is None:
        raise PlanNotFound
    return found, plan


async def list_progress(
    asked: Asked, whose: Whose, *, actor: Actor, after: UUID | None, limit: int
) -> list[LineEntryState]:
    """Every entry about a line, as it was made, the oldest first.

    Source: S4.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's.
    """
    conn = await raw(asked)
    await get_programme(conn, whose.programme_id, actor=actor)
    return await Plans(conn).all_of(LineEntryState, "filing_id", whose.filing_id, actor=actor, after=after, limit=limit)


async def list_inclusions(
    asked: Asked, programme_id: UUID, *, actor: Actor, after: UUID | None, limit: int
) -> list[InclusionState]:
    """Where the programme stands in five-year plans.

    Source: O6.2a.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's.
    """
    conn = await raw(asked)
    await get_programme(conn, programme_id, actor=actor)
    return await Plans(conn).all_of(InclusionState, "programme_id", programme_id, actor=actor, after=after, limit=limit)


async def list_coverage(asked: Asked, programme_id: UUID, *, actor: Actor) -> list[Coverage]:
    """Cities and counties of the actor's subtree, with whether their five-year plan has the programme.

    Source: O6.2a.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's.
    """
    require_role(actor, *SERVICE_ROLES)
    conn = await raw(asked)
    programme = await get_programme(conn, programme_id, actor=actor)
    rows = await Plans(conn).coverage(programme_id, subtree_range(programme.division), actor=actor)
    return [Coverage(*row) for row in rows]


def _concerns(actor: Actor | None, city: str) -> bool:
    return actor is None or contains(actor.division, city) or contains(city, actor.division)


def _is_below(actor: Actor | None, city: str) -> bool:
    return actor is not None and actor.division != city and contains(city, actor.division)
