"""What is to be done next: open cases in the order of their last day, and how many there are. Source: O4.3c."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.cases.domain import Stage
from casework.cases.repository.cases import CaseFilter, Cases, StoredCase, conditions_of
from casework.cases.repository.statements import IS_OPEN, chosen
from common.directory import find_crossed

NEVER = date(9999, 12, 31)
"""Stands for no last day: what stands still comes last."""
_DUE = "coalesce(c.due_on, 'infinity'::date)"
_TOWN_PREFIX = 9


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose open cases; exactly one of these is given.

    Attributes:
        holder: held by this account.
        office: held at this division's office, or at one that it took over.
        offered: (division, account) to whom they are offered and who has not answered yet; the same way.
        scope: of these places and below, with what the actor may see.
    """

    holder: str | None = None
    office: str | None = None
    offered: tuple[str, str] | None = None
    scope: CaseFilter | None = None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of them.

    Attributes:
        due_from: last day not before this one.
        due_until: last day not after this one.
    """

    item_code: str | None = None
    stage: Stage | None = None
    due_from: date | None = None
    due_until: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open cases a place has.

    Attributes:
        by_due: how many have their last day on or before each of the days asked for, in their order.
        still: how many have no last day now: they stand still, or have no limit.
    """

    place: str
    total: int
    by_due: tuple[int, ...]
    still: int
    registered: int
    supplementing: int


class Worklists(Cases):
    """Worklists of one connection."""

    async def next(
        self, whose: Whose, narrowed: Narrowed, *, after: tuple[date, UUID] | None, limit: int
    ) -> list[StoredCase]:
        """Open cases by (last day, id), after a position; those without a last day come last."""
        conditions, values = await self._open(whose, narrowed)
        if after is not None:
            due = f"CASE WHEN ${len(values) + 1} = date '9999-12-31' THEN 'infinity' ELSE ${len(values) + 1} END"
            conditions.append(f"({_DUE}, c.id) > ({due}, ${len(values) + 2})")
            values.extend(after)
        rows = await self._conn.fetch(chosen(" AND ".join(conditions), f"{_DUE}, c.id", limit), *values)
        return [self._stored(row) for row in rows]

    async def tally(self, scope: CaseFilter, *, days: tuple[date, ...], is_by_town: bool) -> list[Tally]:
        """How many open cases there are, by town or by place."""
        conditions, values = await self._open(Whose(scope=scope), Narrowed())
        place = f"substr(c.division, 1, {_TOWN_PREFIX})" if is_by_town else "c.division"
        first = len(values) + 1
        sums = ", ".join(f"count(*) FILTER (WHERE c.due_on <= ${number})" for number, _ in enumerate(days, first))
        rows = await self._conn.fetch(
            f"SELECT {place} AS place, count(*) AS total, ARRAY[{sums}]::bigint[] AS by_due, "  # noqa: S608 - constants
            "count(*) FILTER (WHERE c.due_on IS NULL) AS still, "
            "count(*) FILTER (WHERE c.status = 'registered') AS registered, "
            "count(*) FILTER (WHERE c.status = 'supplementing') AS supplementing "
            f"FROM cases c WHERE {' AND '.join(conditions)} GROUP BY 1 ORDER BY 1",
            *values,
            *days,
        )
        return [Tally(**{**dict(row), "by_due": tuple(row["by_due"])}) for row in rows]

    async def _open(self, whose: Whose, narrowed: Narrowed) -> tuple[list[str], list[Any]]:
        conditions: list[str] = [IS_OPEN]
        values: list[Any] = []
        if whose.scope is not None:
            scoped, values = await self._scoped(whose.scope)
            conditions += scoped
        for condition, value in (*await self._whose(whose), *_narrowing(narrowed)):
            values.append(value)
            conditions.append(condition.format(f"${len(values)}"))
        return conditions, values

    async def _whose(self, whose: Whose) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        if whose.holder is not None:
            found.append(("c.holder = {}", whose.holder))
        if whose.office is not None:
            found.append(_in_places("c.holder_division", await self._places_of(whose.office)))
        if whose.offered is not None:
            division, account = whose.offered
            found.append(_in_places("c.offered_division", await self._places_of(division)))
            found.append(("coalesce(c.file #>> '{{offer,account}}', {0}) = {0}", account))
        return found

    async def _places_of(self, division: str) -> list[str]:
        """The codes under which a division's cases lie: its own, and those that it took over. Source: ADR 0014.

        None at all for one that another took over: who acts there acts for nobody.
        """
        inherited, lost = await find_crossed(self._conn, (division, division))
        return [] if lost else [division, *inherited]

    async def _scoped(self, scope: CaseFilter) -> tuple[list[str], list[Any]]:
        inherited, lost = await find_crossed(self._conn, scope.bounds)
        further = [] if scope.within is None else [(scope.within, (await find_crossed(self._conn, scope.within))[0])]
        return conditions_of(scope, [(scope.bounds, inherited), *further], lost)


def _in_places(column: str, places: list[str]) -> tuple[str, Any]:
    """With equality the index gives the rows in order, so that a page needs no sort; almost always it does."""
    if len(places) == 1:
        return f"{column} = {{}}", places[0]
    return f"{column} = ANY ({{}}::text[])", places


def _narrowing(narrowed: Narrowed) -> list[tuple[str, Any]]:
    told = (
        ("c.item_code = {}", narrowed.item_code),
        ("c.stage = {}", None if narrowed.stage is None else narrowed.stage.value),
        (_DUE + " >= {}", narrowed.due_from),
        (_DUE + " <= {}", narrowed.due_until),
    )
    return [(condition, value) for condition, value in told if value is not None]
