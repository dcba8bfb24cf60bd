"""All SQL of programmes beside the store of records."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from common.auth import Actor, scope_bounds
from common.contracts import record_of
from common.contracts.reporting.programmes import ProgrammeListState, ProgrammeState
from common.db import Connection
from common.divisions import ancestors_of, subtree_range
from reporting.programmes.domain import Town, Tree

_ANYTHING = ("0" * 12, "9" * 12)
_PROGRAMMES = record_of(ProgrammeState).name
_LISTS = record_of(ProgrammeListState).name
_VISIBLE = "record = $1 AND (division BETWEEN $2 AND $3 OR division = ANY($4::char(12)[]) AND status <> 'draft')"
_TOWNS = """
SELECT d.code, d.name, d.kind, d.valid_from, d.valid_to, h.heir
FROM directory_divisions d LEFT JOIN directory_heirs h ON h.code = d.code
WHERE d.level = 'town' AND d.kind IN ('standard', 'informal')
  AND coalesce(h.heir, d.code) COLLATE "C" BETWEEN $1 AND $2
  AND coalesce(h.heir, d.code) COLLATE "C" BETWEEN $3 AND $4
ORDER BY d.code, d.valid_from
"""
_NAMES = """
SELECT DISTINCT ON (code) code, name FROM directory_divisions
WHERE code = ANY($1::char(12)[]) AND kind <> 'filler' ORDER BY code, valid_from DESC, version DESC
"""
_CITIES = """
SELECT DISTINCT ON (code) code, name FROM directory_divisions
WHERE level = 'city' AND code COLLATE "C" BETWEEN $1 AND $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)
ORDER BY code, valid_from DESC, version DESC
"""


class Programmes:
    """Programmes, their versions, lists and towns on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def find(self, programme_id: UUID, *, actor: Actor | None) -> ProgrammeState | None:
        """The programme; with an actor, one of the actor's subtree, or one of a level above that is no draft."""
        found = await self._conn.fetchval(
            f"SELECT state::text FROM records WHERE {_VISIBLE} AND id = $5",  # noqa: S608 - constants
            *_concerning(actor, _PROGRAMMES),
            programme_id,
        )
        return None if found is None else ProgrammeState.model_validate_json(found)

    async def find_by_code(self, division: str, code: str) -> ProgrammeState | None:
        """The programme of a division with a code."""
        found = await self._conn.fetchval(
            "SELECT state::text FROM records WHERE record = $1 AND division = $2 "
            "AND state @> jsonb_build_object('code', $3::text)",
            *(_PROGRAMMES, division, code),
        )
        return None if found is None else ProgrammeState.model_validate_json(found)

    async def lock_codes(self) -> None:
        """Puts creations into a line, so that a code is taken once."""
        await self._conn.execute("SELECT pg_advisory_xact_lock($1)", 7_906_101)

    async def page(
        self, *, actor: Actor | None, status: str | None, after: UUID | None, limit: int | None
    ) -> list[ProgrammeState]:
        """Programmes in the order of their ids."""
        rows = await self._conn.fetch(
            f"SELECT state::text FROM records WHERE {_VISIBLE} AND ($5::text IS NULL OR status = $5) "  # noqa: S608
            "AND ($6::uuid IS NULL OR id > $6) ORDER BY id LIMIT $7",
            *(*_concerning(actor, _PROGRAMMES), status, after, limit),
        )
        return [ProgrammeState.model_validate_json(row[0]) for row in rows]

    async def add_version(self, programme: ProgrammeState) -> None:
        """Keeps a version for ever."""
        await self._conn.execute(
            "INSERT INTO programme_versions (programme_id, version, state) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            *(programme.id, programme.version, programme.model_dump_json()),
        )

    async def versions(self, programme_id: UUID, version: int | None = None) -> list[ProgrammeState]:
        """Every version, or one."""
        rows = await self._conn.fetch(
            "SELECT state::text FROM programme_versions WHERE programme_id = $1 AND ($2::int IS NULL OR version = $2) "
            "ORDER BY version",
            *(programme_id, version),
        )
        return [ProgrammeState.model_validate_json(row[0]) for row in rows]

    async def lists(self, programme_id: UUID) -> list[ProgrammeListState]:
        """The entered towns of every city and cohort."""
        rows = await self._conn.fetch(
            "SELECT state::text FROM records WHERE record = $1 "
            "AND state @> jsonb_build_object('programme_id', $2::text) ORDER BY division, id",
            *(_LISTS, str(programme_id)),
        )
        return [ProgrammeListState.model_validate_json(row[0]) for row in rows]

    async def tree(self, division: str, *, actor: Actor | None) -> Tree:
        """The towns below a division; with an actor, only those that lie in the actor's subtree today."""
        rows = await self._conn.fetch(_TOWNS, *subtree_range(division), *(_bounds(actor)))
        begins = await self._conn.fetchval("SELECT min(valid_from) FROM directory_divisions WHERE level = 'town'")
        return Tree(tuple(Town(*row) for row in rows), begins or date.min)

    async def names(self, codes: Sequence[str]) -> dict[str, str]:
        """The newest name of each division that the directory knows."""
        return {row["code"]: row["name"] for row in await self._conn.fetch(_NAMES, list(codes))}

    async def cities(self, division: str, *, on: date) -> dict[str, str]:
        """Code → name of the cities below a division on a day."""
        rows = await self._conn.fetch(_CITIES, *subtree_range(division), on)
        return {row["code"]: row["name"] for row in rows}


def _bounds(actor: Actor | None) -> tuple[str, str]:
    return _ANYTHING if actor is None else scope_bounds(actor)


def _concerning(actor: Actor | None, record: str) -> tuple[Any, ...]:
    """The actor's subtree, and the divisions above: what they have decided concerns who lies below."""
    above = ancestors_of(actor.division) if actor is not None and actor.division else []
    return (record, *_bounds(actor), above)
