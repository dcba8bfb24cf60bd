"""Use cases of the figures: keeping them up to date."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.divisions import Level
from reporting.completeness.service import note_facts
from reporting.figures.domain import Contribution, Fact, deltas_of
from reporting.figures.repository import Figures
from reporting.levels.service import note_progress


@dataclass(frozen=True, slots=True)
class AcceptedVersion:
    """One version of a record as a level has accepted it.

    Attributes:
        level: who accepted it.
        occurred_at: when the thing happened that made this version.
        accepted_at: when the level took it in.
    """

    level: Level
    record_id: UUID
    record: str
    version: int
    contribution: Contribution
    occurred_at: datetime
    accepted_at: datetime


async def apply_accepted(conn: Connection, versions: Sequence[AcceptedVersion]) -> int:
    """Brings the figures up to what levels have accepted; returns how many versions were news.

    Source: architecture.md §5; ADR 0012.

    Idempotency: a version counts once, and only if it is newer than what is known of the record at that level;
    duplicates, disorder and skipped versions change nothing.
    Locks: accepted_facts, figures, figure_months, the tables of completeness, freshness, each in key order, until the
    transaction ends: writers never wait in a circle.
    """
    newest = _newest(versions)
    figures = Figures(conn)
    rows = [_row(one) for one in newest.values()]
    if not rows:
        return 0
    news = []
    applied = []
    for row in await figures.keep(rows):
        one = newest[Level(row["level"]), row["record_id"]]
        news.append((one.level, _before(row, one.contribution), one.contribution))
        applied.append(one)
    deltas = deltas_of(news)
    await figures.add(deltas.value, deltas.own)
    await figures.add_months(deltas.months)
    await note_facts(conn, deltas.facts)
    await note_progress(conn, _progress(applied))
    return len(applied)


def _row(one: AcceptedVersion) -> tuple[Any, ...]:
    division, duty, item_code, facts, _ = one.contribution
    told = json.dumps([[fact.measure, fact.day.isoformat(), fact.amount] for fact in sorted(facts)])
    return (one.level.value, one.record_id, one.record, one.version, division, duty, item_code, told)


def _before(row: Any, now: Contribution) -> Contribution | None:
    _, _, version, division, duty, item_code, told = row
    if version is None:
        return None
    facts = frozenset(Fact(measure, date.fromisoformat(day), amount) for measure, day, amount in json.loads(told))
    return Contribution(division, duty, item_code, facts, now.is_report)


def _newest(versions: Iterable[AcceptedVersion]) -> dict[tuple[Level, UUID], AcceptedVersion]:
    """One version of each record and level: a statement cannot touch a row twice."""
    best: dict[tuple[Level, UUID], AcceptedVersion] = {}
    for one in versions:
        key = (one.level, one.record_id)
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
