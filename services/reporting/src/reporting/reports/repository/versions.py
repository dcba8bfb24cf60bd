"""SQL of versions: a report as it was, the lines in force, and what every edition is composed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.auth import Actor, scope_bounds
from common.contracts.reporting.reports import ReportState
from common.db import Connection
from common.directory import WITHIN
from common.divisions import subtree_range
from reporting.reports.domain.composing import Below, Part

_ADD = """
INSERT INTO report_versions (period_id, division, version, report_id, edition, status, first_submitted_at,
    approved_edition, act, at, by, reason, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::jsonb)
"""
_APPROVED_BELOW = """
SELECT p.division, p.approved_edition, p.approved_version, l.line, l.total, l.answered
FROM report_places p LEFT JOIN report_lines l ON l.period_id = p.period_id AND l.division = p.division
WHERE p.period_id = $1 AND p.parent = $2 AND p.division <> $2
ORDER BY p.division
"""
_OUTDATED = """
WITH holders AS (
    SELECT division, CASE WHEN division = $4 THEN $5 ELSE approved_edition END AS edition
    FROM report_places WHERE period_id = $1 AND division BETWEEN $2 AND $3
)
SELECT h.division, p.division AS below, b.below_edition, p.approved_edition
FROM holders h
JOIN report_places p ON p.period_id = $1 AND p.parent = h.division AND p.division <> h.division
LEFT JOIN report_bases b ON b.period_id = $1 AND b.division = h.division AND b.edition = h.edition
    AND b.below = p.division
WHERE h.edition IS NOT NULL AND p.approved_edition > coalesce(b.below_edition, 0)
ORDER BY h.division, p.division
"""
_DECLARED = """
SELECT DISTINCT ON (p.division) v.state::text AS state
FROM report_places p JOIN report_periods g ON g.id = p.period_id
JOIN LATERAL (
    SELECT state FROM report_versions v
    WHERE v.period_id = p.period_id AND v.division = p.division
        AND (v.version = p.approved_version
            OR p.approved_version IS NULL AND p.status = 'submitted' AND v.status = 'submitted')
    ORDER BY v.version DESC LIMIT 1) v ON true
WHERE p.division = ANY($1::text[]) AND ($2::uuid IS NULL OR g.id = $2)
    AND ($3::uuid IS NULL OR g.programme_id = $3 AND g.as_of <= $4)
ORDER BY p.division, g.as_of DESC, g.id DESC
"""
_IN_FORCE = f"""
SELECT l.division, l.own, l.below, l.total, l.answered, l.computed, l.words, p.approved_edition, p.approved_version,
    (SELECT d.name FROM directory_divisions d WHERE d.code = l.division AND d.kind <> 'filler'
     ORDER BY d.valid_from DESC, d.version DESC LIMIT 1) AS name
FROM report_lines l JOIN report_places p ON p.period_id = l.period_id AND p.division = l.division
WHERE l.period_id = $1 AND l.line = $2 AND l.division BETWEEN $3 AND $4 AND l.division > $5
    AND ($6::text IS NULL OR p.level = $6) AND {WITHIN.format(column="l.division", low="$7", high="$8")}
ORDER BY l.division LIMIT $9
"""  # noqa: S608 - constants
_STATES = f"""
SELECT p.division, p.level, p.due_on, r.state::text AS state,
    (SELECT d.name FROM directory_divisions d WHERE d.code = p.division AND d.kind <> 'filler'
     ORDER BY d.valid_from DESC, d.version DESC LIMIT 1) AS name
FROM report_places p
LEFT JOIN LATERAL (SELECT state FROM report_versions v WHERE v.period_id = p.period_id AND v.division = p.division
                   ORDER BY v.version DESC LIMIT 1) r ON true
WHERE p.period_id = $1 AND p.division BETWEEN $2 AND $3
    AND {WITHIN.format(column="p.division", low="$4", high="$5")}
ORDER BY p.division LIMIT $6
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Version:
    """A report as it was after one act.

    Attributes:
        by: the account; None where the platform acted.
    """

    version: int
    edition: int
    act: str
    at: datetime
    by: str | None
    reason: str | None
    state: ReportState


class Versions:
    """Versions, lines in force and bases on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def add(self, state: ReportState, *, act: str, by: str | None, reason: str | None) -> None:
        """Keeps a version for good."""
        await self._conn.execute(
            _ADD, state.period_id, state.division, state.version, state.id, state.edition, state.status,
            state.first_submitted_at, state.approved_edition, act, state.changed_at, by, reason,
            state.model_dump_json(),
        )  # fmt: skip

    async def page(self, state: ReportState, *, after: int, limit: int) -> list[Version]:
        """The versions of a report, the first one first, after one."""
        rows = await self._conn.fetch(
            "SELECT version, edition, act, at, by, reason, state::text AS state FROM report_versions "
            "WHERE period_id = $1 AND division = $2 AND version > $3 ORDER BY version LIMIT $4",
            state.period_id,
            state.division,
            after,
            limit,
        )
        return [_version(row) for row in rows]

    async def find(self, period_id: UUID, division: str, version: int) -> Version | None:
        """One version."""
        row = await self._conn.fetchrow(
            "SELECT version, edition, act, at, by, reason, state::text AS state FROM report_versions "
            "WHERE period_id = $1 AND division = $2 AND version = $3",
            period_id,
            division,
            version,
        )
        return None if row is None else _version(row)

    async def approved_below(self, period_id: UUID, division: str) -> tuple[list[Below], list[str]]:
        """The approved reports directly below, of one moment, and the divisions that have none."""
        found: dict[str, Below] = {}
        missing = []
        for row in await self._conn.fetch(_APPROVED_BELOW, period_id, division):
            code = row["division"]
            if row["approved_edition"] is None:
                missing.append(code)
                continue
            one = found.setdefault(code, Below(code, row["approved_edition"], row["approved_version"], {}))
            if row["line"] is not None:
                parts = {**one.parts, row["line"]: Part(row["total"], row["answered"])}
                found[code] = Below(code, one.edition, one.version, parts)
        return list(found.values()), missing

    async def put_bases(self, state: ReportState) -> None:
        """Keeps what this edition of a report is composed from, in place of what it was."""
        await self._conn.execute(
            "DELETE FROM report_bases WHERE period_id = $1 AND division = $2 AND edition = $3",
            state.period_id,
            state.division,
            state.edition,
        )
        rows = [(state.period_id, state.division, state.edition, base.division, base.edition) for base in state.bases]
        columns = ("period_id", "division", "edition", "below", "below_edition")
        await self._conn.copy_records_to_table("report_bases", records=rows, columns=columns)

    async def put_in_force(self, state: ReportState) -> None:
        """The lines of an edition that was just approved are those that count from now on."""
        await self._conn.execute(
            "DELETE FROM report_lines WHERE period_id = $1 AND division = $2", state.period_id, state.division
        )
        rows = [
            (
                state.period_id, line.code, state.division, line.own, line.below, line.total, line.answered,
                None if line.computed is None else line.computed.value, line.text,
            )
            for line in state.lines
        ]  # fmt: skip
        columns = ("period_id", "line", "division", "own", "below", "total", "answered", "computed", "words")
        await self._conn.copy_records_to_table("report_lines", records=rows, columns=columns)

    async def outdated(self, state: ReportState) -> Sequence[Any]:
        """(division, below, below_edition, approved_edition): where a report, or one in force below it, is behind.

        `below_edition` is None where nothing of `below` is in it.
        """
        low, high = subtree_range(state.division)
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _OUTDATED, state.period_id, low, high, state.division, state.edition
        )

    async def declared(
        self,
        divisions: Sequence[str],
        *,
        period_id: UUID | None = None,
        programme_id: UUID | None = None,
        latest_on: date | None = None,
    ) -> dict[str, ReportState]:
        """The version in force of each division; of those without one, the one that lies before the level above.

        Of a period; or of a programme, from the period of each division that has the newest data and such a version.
        """
        rows = await self._conn.fetch(_DECLARED, list(divisions), period_id, programme_id, latest_on)
        states = [ReportState.model_validate_json(row["state"]) for row in rows]
        return {state.division: state for state in states}

    async def line_values(
        self, period_id: UUID, line: str, *, within: str, level: str | None, actor: Actor, after: str, limit: int
    ) -> Sequence[Any]:
        """One line of all reports in force of a subtree, by division, after one."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _IN_FORCE, period_id, line, *subtree_range(within), after, level, *scope_bounds(actor), limit
        )

    async def newest(self, period_id: UUID, *, within: str, actor: Actor, limit: int) -> Sequence[Any]:
        """(division, level, due_on, state, name) of every place of a subtree; state None where none is begun."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _STATES, period_id, *subtree_range(within), *scope_bounds(actor), limit
        )


def _version(row: Any) -> Version:
    return Version(
        row["version"], row["edition"], row["act"], row["at"], row["by"], row["reason"],
        ReportState.model_validate_json(row["state"]),
    )  # fmt: skip
