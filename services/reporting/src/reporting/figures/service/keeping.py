"""Use cases of the figures: keeping them up to date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.divisions import Level
from reporting.completeness.service import note_facts
from reporting.figures.domain import Contribution, deltas_of
from reporting.figures.repository import Figures
from reporting.levels.service import note_progress


@dataclass(frozen=True, slots=True)
class AcceptedVersion:
    """One version of a case as a level has accepted it.

    Attributes:
        level: who accepted it.
        occurred_at: when the thing happened that made this version.
        accepted_at: when the level took it in.
    """

    level: Level
    case_id: UUID
    version: int
    contribution: Contribution
    occurred_at: datetime
    accepted_at: datetime


async def apply_accepted(conn: Connection, versions: Sequence[AcceptedVersion]) -> int:
    """Brings the figures up to what levels have accepted; returns how many versions were news.

    Source: architecture.md §5; ADR 0012.

    Idempotency: a version counts once, and only if it is newer than what is known of the case at that level;
    duplicates, disorder and skipped versions change nothing.
    Locks: accepted_cases, figures, the tables of completeness, freshness, each in key order, until the transaction
    ends: writers never wait in a circle.
    """
    newest = _newest(versions)
    figures = Figures(conn)
    rows = [_row(one) for one in newest.values()]
    if not rows:
        return 0
    news = []
    applied = []
    for row in await figures.keep_cases(rows):
        one = newest[Level(row["level"]), row["case_id"]]
        news.append((one.level, _before(row), one.contribution))
        applied.append(one)
    deltas = deltas_of(news)
    await figures.add(deltas.value, deltas.own)
    await note_facts(conn, deltas.facts)
    await note_progress(conn, _progress(applied))
    return len(applied)


def _row(one: AcceptedVersion) -> tuple[Any, ...]:
    division, duty, item_code, days = one.contribution
    return (one.level.value, one.case_id, one.version, division, duty, item_code, *days)


def _before(row: Any) -> Contribution | None:
    _, _, version, division, duty, item_code, *days = row
    return None if version is None else Contribution(division, duty, item_code, tuple(days))


def _newest(versions: Iterable[AcceptedVersion]) -> dict[tuple[Level, UUID], AcceptedVersion]:
    """One version of each case and level: a statement cannot touch a row twice."""
    best: dict[tuple[Level, UUID], AcceptedVersion] = {}
    for one in versions:
        key = (one.level, one.case_id)
        known = best.get(key)
        if known is None or known.version < one.version:
            best[key] = one
    return best


def _progress(applied: Iterable[AcceptedVersion]) -> dict[Level, tuple[datetime, datetime]]:
    found: dict[Level, tuple[datetime, datetime]] = {}
    for one in applied:
        occurred_at, accepted_at = found.get(one.level, (one.occurred_at, one.accepted_at))
        found[one.level] = (max(occurred_at, one.occurred_at), max(accepted_at, one.accepted_at))
    return found
