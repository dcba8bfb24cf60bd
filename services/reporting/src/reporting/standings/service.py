"""Use cases of standings: kept by what levels accept, asked as of any day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.directory import DivisionUnknown
from common.divisions import Level, subtree_range
from reporting.levels.domain import Place
from reporting.levels.service import Freshness
from reporting.standings.domain import Counts, OfficeStanding, Period, Version, deltas_of, periods_of
from reporting.standings.repository import Key, Standings

FIRST = UUID(int=0)
Change = tuple[Level, Sequence[Period], Sequence[Period]]


@dataclass(frozen=True, slots=True)
class AcceptedStanding:
    """One state of an office as a level has accepted it.

    Attributes:
        counts: what it adds to sums (`domain.counts_of`).
        occurred_at: when the thing happened that made this version.
        accepted_at: when the level took it in.
    """

    level: Level
    record_id: UUID
    version: int
    office_id: UUID
    division: str
    effective_on: date
    status: str
    counts: Counts
    occurred_at: datetime
    accepted_at: datetime


async def apply_standings(conn: Connection, accepted: Sequence[AcceptedStanding]) -> int:
    """Brings the sums up to what levels have accepted; returns how many versions were news.

    Every version counts for the days on which it holds, whichever comes first; what has come does not depend on the
    order in which it came.

    Source: ADR 0012, ADR 0014; S1, S2.

    Idempotency: by (level, record, version).
    Locks: standing_states, standings, standing_periods, standing_sums, standing_freshness, each in key order, until
        the transaction ends: writers never wait in a circle.
    """
    batch = {(one.level.value, one.record_id, one.version): one for one in accepted}
    if not batch:
        return 0
    keys, store = sorted(batch), Standings(conn)
    states = {key[1:]: batch[key] for key in keys}
    await store.keep_states(
        [
            (*key, one.office_id, one.division, one.effective_on, one.status, one.counts)
            for key, one in sorted(states.items(), key=lambda item: item[0])
        ]
    )
    await store.hold(sorted({key[:2]: key for key in keys}.values()))
    news = await store.news(keys)
    if not news:
        return 0
    changes, periods = await _changes(store, news)
    await store.put_periods(periods)
    await store.add(deltas_of(changes))
    await store.advance(_progress(batch[key] for key in news))
    return len(news)


async def _changes(store: Standings, news: Sequence[Key]) -> tuple[list[Change], list[tuple[str, UUID, Period]]]:
    """Of each office with news: its days as known before and now, and those of its periods that are to be written."""
    kept = await store.states(sorted({key[1:] for key in news}))
    added: dict[tuple[str, UUID], list[Version]] = {}
    for level, record_id, version in news:
        added.setdefault((level, record_id), []).append(kept[record_id, version])
    known = await store.touched(
        [
            (*key, min(one.version for one in found), min(one.effective_on for one in found))
            for key, found in sorted(added.items())
        ]
    )
    changes: list[Change] = []
    written = []
    for (level, record_id), fresh in sorted(added.items()):
        before = periods_of(known.get((level, record_id), ()))
        now = periods_of((*known.get((level, record_id), ()), *fresh))
        changes.append((Level(level), before, now))
        same = {period.identity for period in before}
        written += [(level, record_id, period) for period in now if period.identity not in same]
    return changes, written


def _progress(applied: Iterable[AcceptedStanding]) -> list[tuple[str, datetime, datetime]]:
    found: dict[str, tuple[datetime, datetime]] = {}
    for one in applied:
        occurred_at, accepted_at = found.get(one.level.value, (one.occurred_at, one.accepted_at))
        found[one.level.value] = (max(occurred_at, one.occurred_at), max(accepted_at, one.accepted_at))
    return [(level, *found[level]) for level in sorted(found)]


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer says of itself: what the place is called, and how far the sources of its level have come."""

    division_name: str
    sources: Mapping[str, Freshness]


async def get_head(conn: Connection, place: Place) -> Head:
    """Name and freshness in one question.

    Raises:
        DivisionUnknown: the directory has never heard of the division.
    """
    rows = await Standings(conn).head(place.level.value, place.division)
    if not rows:
        raise DivisionUnknown(division=place.division)
    return Head(rows[0]["name"], _by_source(rows))


async def freshness_of_sources(conn: Connection, level: Level) -> Mapping[str, Freshness]:
    """How far the `standings` and the `figures` of a level have come."""
    return _by_source(await Standings(conn).freshness(level.value))


def _by_source(told: Iterable[Any]) -> Mapping[str, Freshness]:
    rows = {row["source"]: row for row in told}
    return {
        source: Freshness(row["as_of"], row["accepted_at"], row["updated_at"]) if row is not None else Freshness()
        for source, row in ((source, rows.get(source)) for source in ("standings", "figures"))
    }


async def sums_on(
    conn: Connection, divisions: Sequence[str], codes: Sequence[str], *, level: Level, on: date, own: bool = False
) -> Mapping[str, Mapping[str, int]]:
    """Division → measure → sum over its offices as a level knows them, as of a day; what is nothing is absent.

    Source: S1, S2.

    Args:
        own: of the divisions' own offices alone, without those below.
    """
    if not divisions or not codes:
        return {}
    return await Standings(conn).sums(divisions, codes, level=level.value, on=on, own=own)


async def list_standings(
    conn: Connection,
    *,
    level: Level,
    within: Sequence[str] | None,
    on: date,
    without: Sequence[str] = (),
    codes: Sequence[str] | None = None,
    divisions: Sequence[str] | None = None,
    after: tuple[str, UUID] = ("", FIRST),
    limit: int = 50,
) -> list[OfficeStanding]:
    """Offices of subtrees as a level knew them on a day, by (division, record), after a key.

    Whoever asks has made sure that the actor may see the subtrees.

    Source: S2, S3.

    Args:
        within: subtrees; None for what `divisions` names alone.
        without: subtrees that are left out; what is in both as often is out.
        codes: only those that add to one of these measures.
        divisions: only those of these divisions.
    """
    return await Standings(conn).offices(
        level=level.value,
        within=None if within is None else [subtree_range(code) for code in within],
        without=[subtree_range(code) for code in without],
        after=after,
        on=on,
        codes=None if codes is None else list(codes),
        divisions=None if divisions is None else list(divisions),
        limit=limit,
    )


async def find_standing(conn: Connection, *, level: Level, record_id: UUID) -> OfficeStanding | None:
    """An office as a level knows it last; None where the level has never heard of it."""
    return await Standings(conn).find_newest(level.value, record_id)
