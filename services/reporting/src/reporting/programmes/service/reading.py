"""Reading programmes, and asking who belongs to them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.auth import SERVICE_ROLES, Actor, require_role, require_scope, scope_bounds
from common.clock import today
from common.contracts.reporting.programmes import Cohort, ListedTown, ProgrammeState
from common.directory import find_heirs
from common.divisions import Level, contains, level_of, node_at
from reporting.programmes.domain import (
    Fit,
    Member,
    cohort_named,
    informal_on,
    is_in_force,
    listed_twice,
    lists_of,
    members_on,
    overlaps_of,
)
from reporting.programmes.errors import ProgrammeNotFound, ProgrammeNotInState, TownUnknown
from reporting.programmes.repository import Programmes
from reporting.programmes.service.access import Asked, raw

SHOWN = 50


@dataclass(frozen=True, slots=True)
class CohortCount:
    """How many towns a cohort has in a city.

    Attributes:
        cohort: None for towns that no cohort has.
        members: counted once, in the tree of today.
        divisions: how many divisions of the day asked they stand for.
    """

    cohort: str | None
    city: str
    members: int
    divisions: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Towns of a programme on a day.

    Attributes:
        tree_on: the day whose tree was asked: the directory's first one for a day before it.
        informal: city → units like towns, told apart.
        names: of cities.
    """

    programme: ProgrammeState
    on: date
    tree_on: date
    cohorts: tuple[CohortCount, ...]
    informal: dict[str, int]
    names: dict[str, str]

    @property
    def members(self) -> int:
        """All formal towns, each once."""
        return sum(one.members for one in self.cohorts)

    def members_of(self, cohort: str | None) -> int:
        """Those of one cohort."""
        return sum(one.members for one in self.cohorts if one.cohort == cohort)


@dataclass(frozen=True, slots=True)
class Soundness:
    """What is to be said of a programme's cohorts on the directory of a day.

    Attributes:
        overlaps: towns claimed twice; they stop a programme from being put in force.
        uncovered: formal towns without a cohort.
    """

    counts: Counts
    overlaps: tuple[str, ...]
    uncovered: tuple[str, ...]

    @property
    def is_disjoint(self) -> bool:
        """No town is claimed twice."""
        return not self.overlaps

    @property
    def is_complete(self) -> bool:
        """Every town has a cohort."""
        return not self.uncovered


@dataclass(frozen=True, slots=True)
class Place:
    """Where a town stands in a programme; `cohort` None where no cohort has it."""

    member: Member
    cohort: Cohort | None
    is_informal: bool = False


async def get_programme(asked: Asked, programme_id: UUID, *, actor: Actor | None = None) -> ProgrammeState:
    """The programme as it stands; with an actor, one of the actor's own or below, or of a level above unless a draft.

    Source: O6.1a.

    Raises:
        RoleRequired: the actor has no part in it.
        ProgrammeNotFound: none, or it does not concern the actor.
    """
    if actor is not None:
        require_role(actor, *SERVICE_ROLES)
    found = await Programmes(await raw(asked)).find(programme_id, actor=actor)
    if found is None:
        raise ProgrammeNotFound
    return found


async def get_decided(asked: Asked, programme_id: UUID, *, actor: Actor | None = None) -> ProgrammeState:
    """The same of one that is in force or was: what others build on is decided.

    Source: O6.1a.

    Raises:
        RoleRequired, ProgrammeNotFound: as `get_programme`.
        ProgrammeNotInState: it is a draft.
    """
    found = await get_programme(asked, programme_id, actor=actor)
    if found.status == "draft":
        raise ProgrammeNotInState(status=found.status)
    return found


async def find_programme(asked: Asked, division: str, code: str) -> ProgrammeState | None:
    """The programme of a division by its code. Source: O6.1a."""
    return await Programmes(await raw(asked)).find_by_code(division, code)


async def list_programmes(
    asked: Asked,
    *,
    on: date | None = None,
    actor: Actor | None = None,
    status: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[ProgrammeState]:
    """Programmes; with a day, only those in force on it.

    Source: O6.1a.

    Raises:
        RoleRequired: the actor has no part in it.
    """
    if actor is not None:
        require_role(actor, *SERVICE_ROLES)
    found = await Programmes(await raw(asked)).page(actor=actor, status=status, after=after, limit=limit)
    return found if on is None else [one for one in found if is_in_force(one, on)]


async def list_versions(
    asked: Asked, programme_id: UUID, *, actor: Actor | None = None, version: int | None = None
) -> list[ProgrammeState]:
    """Every version of a programme, or one of them.

    Source: O6.1a.

    Raises:
        RoleRequired, ProgrammeNotFound: not the actor's, no such programme, no such version.
    """
    conn = await raw(asked)
    await get_programme(conn, programme_id, actor=actor)
    found = await Programmes(conn).versions(programme_id, version)
    if not found:
        raise ProgrammeNotFound
    return found


async def list_members(
    asked: Asked,
    programme: ProgrammeState,
    *,
    on: date | None = None,
    cohort: str | None = None,
    within: str | None = None,
    actor: Actor | None = None,
) -> list[Member]:
    """The towns that count on a day, each once, in the order of today's codes.

    Source: O6.1b, O6.1c.

    Raises:
        CohortUnknown: the programme has no such cohort.
    """
    if cohort is not None:
        cohort_named(programme, cohort)
    programmes = Programmes(await raw(asked))
    tree = await programmes.tree(programme.division, actor=actor)
    lists = lists_of(await programmes.lists(programme.id))
    return [
        one
        for one in members_on(programme, tree, lists, on=on or today())
        if (cohort is None or one.fit.cohort == cohort) and (within is None or contains(within, one.division))
    ]


async def members_of(asked: Asked, programme: ProgrammeState, cohort: str, *, on: date | None = None) -> list[str]:
    """The codes of today of a cohort's towns.

    Source: O6.1b, O6.1c.

    Raises:
        CohortUnknown: the programme has no such cohort.
    """
    return [one.division for one in await list_members(asked, programme, on=on, cohort=cohort)]


async def find_place(
    asked: Asked, programme: ProgrammeState, division: str, *, on: date | None = None, actor: Actor | None = None
) -> Place:
    """Which cohort a town is in, and why; a retired code is led to who took over.

    Source: O6.1b, O6.1c.

    Raises:
        TownUnknown: there is no such town on that day, or it neither lies below the actor nor has the actor below it.
    """
    conn, day = await raw(asked), on or today()
    code = (await find_heirs(conn, [division])).get(division, division)
    if level_of(code) is not Level.TOWN or not contains(programme.division, code) or not _concerns(actor, code):
        raise TownUnknown
    programmes = Programmes(conn)
    tree = await programmes.tree(code, actor=None)
    lists = lists_of(await programmes.lists(programme.id))
    for member in members_on(programme, tree, lists, on=day):
        if member.division == code:
            cohort = cohort_named(programme, member.fit.cohort) if member.fit.cohort is not None else None
            return Place(member, cohort)
    for town in informal_on(tree, on=day):
        if town.code == code:
            return Place(Member(code, town.name, (code,), (), Fit(None)), None, is_informal=True)
    raise TownUnknown


async def cohort_of(asked: Asked, programme: ProgrammeState, division: str, *, on: date | None = None) -> str | None:
    """The code of a town's cohort; None where no cohort has it, or it is no formal town of that day.

    Source: O6.1b, O6.1c.
    """
    try:
        return (await find_place(asked, programme, division, on=on)).member.fit.cohort
    except TownUnknown:
        return None


def due_on(programme: ProgrammeState, cohort: str) -> date:
    """The last day of a cohort.

    Source: O6.1b, O6.1c.

    Raises:
        CohortUnknown: the programme has no such cohort.
    """
    return cohort_named(programme, cohort).due_on


async def count_members(
    asked: Asked, programme: ProgrammeState, *, on: date | None = None, actor: Actor | None = None
) -> Counts:
    """How many towns each cohort has in each city on a day; units like towns apart.

    Source: O6.1b, O6.1c.
    """
    programmes, day = Programmes(await raw(asked)), on or today()
    tree = await programmes.tree(programme.division, actor=actor)
    lists = lists_of(await programmes.lists(programme.id))
    found = members_on(programme, tree, lists, on=day)
    members = Counter((one.fit.cohort, one.city) for one in found)
    divisions: Counter[tuple[str | None, str]] = Counter()
    for one in found:
        divisions[one.fit.cohort, one.city] += len(one.codes)
    informal = Counter(node_at(one.today, Level.CITY) or one.today for one in informal_on(tree, on=day))
    cities = sorted({city for _, city in members} | set(informal))
    order = {one.code: number for number, one in enumerate(programme.cohorts)}
    counts = tuple(
        CohortCount(cohort, city, number, divisions[cohort, city])
        for (cohort, city), number in sorted(
            members.items(), key=lambda item: (order.get(item[0][0] or "", 99), item[0][1])
        )
    )
    return Counts(programme, day, tree.day(day), counts, dict(informal), await programmes.names(cities))


async def check_programme(
    asked: Asked, programme: ProgrammeState, *, on: date | None = None, actor: Actor | None = None
) -> Soundness:
    """Whether cohorts are disjoint and complete on the directory of a day, with what stands against it.

    Source: O6.1b, O6.1c.

    Raises:
        RoleRequired, OutOfScope: the actor's division does not hold all of the programme's.
    """
    if actor is not None:
        require_role(actor, *SERVICE_ROLES)
        require_scope(actor, programme.division)
    programmes, day = Programmes(await raw(asked)), on or today()
    tree = await programmes.tree(programme.division, actor=None)
    lists = lists_of(await programmes.lists(programme.id))
    overlaps = (*overlaps_of(programme.cohorts), *listed_twice(programme, tree, lists, on=day))
    uncovered = tuple(one.division for one in members_on(programme, tree, lists, on=day) if one.fit.cohort is None)
    return Soundness(await count_members(asked, programme, on=day), overlaps, uncovered)


async def list_entries(
    asked: Asked, programme: ProgrammeState, cohort: str, *, city: str | None = None, actor: Actor | None = None
) -> Sequence[ListedTown]:
    """The entered towns of a cohort, removed ones included, in the order of their codes.

    Source: O6.1b.

    Raises:
        CohortUnknown: the programme has no such cohort.
    """
    cohort_named(programme, cohort)
    low, high = scope_bounds(actor) if actor is not None else ("0", "9")
    lists = await Programmes(await raw(asked)).lists(programme.id)
    entries = [
        entry
        for one in lists
        if one.cohort == cohort and city in (None, one.division)
        for entry in one.towns
        if low <= entry.division <= high
    ]
    return sorted(entries, key=lambda one: (one.division, one.since, one.entered_at))


async def list_cities(asked: Asked, division: str, *, on: date) -> dict[str, str]:
    """Code → name of the cities below a division, by code; before the directory begins, those of its first day.

    Source: O6.2b.
    """
    programmes = Programmes(await raw(asked))
    begins = (await programmes.tree(division, actor=None)).begins_on
    return await programmes.cities(division, on=max(on, begins))


def _concerns(actor: Actor | None, town: str) -> bool:
    return actor is None or contains(actor.division, town) or contains(town, actor.division)
