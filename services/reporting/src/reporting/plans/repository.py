"""All SQL of plans beside the store of records."""

from typing import TypeVar
from uuid import UUID

from common.auth import Actor, scope_bounds
from common.contracts import record_of
from common.contracts.record import StoredState
from common.contracts.reporting.plans import FilingState, InclusionState
from common.db import Connection
from common.divisions import ancestors_of

S = TypeVar("S", bound=StoredState)
_ANYTHING = ("0" * 12, "9" * 12)
_VISIBLE = "record = $1 AND (division BETWEEN $2 AND $3 OR division = ANY($4::char(12)[]))"
_OF = "AND state @> jsonb_build_object($5::text, $6::text)"
_COVERAGE = """
SELECT DISTINCT ON (d.code) d.code, d.name, i.id IS NOT NULL AS is_included
FROM directory_divisions d
LEFT JOIN records i ON i.record = $1 AND i.division = d.code AND i.state @> jsonb_build_object('programme_id', $2::text)
WHERE d.level IN ('city', 'county') AND d.kind <> 'filler' AND d.valid_to IS NULL
  AND d.code BETWEEN $3 AND $4 AND d.code BETWEEN $5 AND $6
ORDER BY d.code, d.valid_from DESC, d.version DESC
"""


class Plans:
    """Records of plans on one connection, as far as they concern an actor."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def find(self, model: type[S], record_id: UUID, *, actor: Actor | None) -> S | None:
        """One record; with an actor, of the actor's subtree or of a division above the actor."""
        found = await self._conn.fetchval(
            f"SELECT state::text FROM records WHERE {_VISIBLE} AND id = $5",  # noqa: S608 - constants
            *(record_of(model).name, *_bounds(actor), _above(actor), record_id),
        )
        return None if found is None else model.model_validate_json(found)

    async def all_of(
        self,
        model: type[S],
        member: str,
        value: UUID,
        *,
        actor: Actor | None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[S]:
        """Records whose state has this member, in the order of their ids."""
        rows = await self._conn.fetch(
            f"SELECT state::text FROM records WHERE {_VISIBLE} {_OF} "  # noqa: S608 - constants
            "AND ($7::uuid IS NULL OR id > $7) ORDER BY id LIMIT $8",
            *(record_of(model).name, *_bounds(actor), _above(actor), member, str(value), after, limit),
        )
        return [model.model_validate_json(row[0]) for row in rows]

    async def is_number_taken(self, programme_id: UUID, number: str) -> bool:
        """Whether a filing of the programme has the number; puts acceptances into a line.

        Locks: acceptances of all programmes, until the transaction ends.
        """
        await self._conn.execute("SELECT pg_advisory_xact_lock($1)", 7_906_102)
        taken: bool = await self._conn.fetchval(
            "SELECT EXISTS (SELECT FROM records WHERE record = $1 "
            "AND state @> jsonb_build_object('programme_id', $2::text) "
            "AND state @> jsonb_build_object('acts', jsonb_build_array(jsonb_build_object('number', $3::text))))",
            *(record_of(FilingState).name, str(programme_id), number),
        )
        return taken

    async def coverage(
        self, programme_id: UUID, within: tuple[str, str], *, actor: Actor | None
    ) -> list[tuple[str, str, bool]]:
        """Cities and counties of today with whether they have included the programme in a five-year plan."""
        rows = await self._conn.fetch(
            _COVERAGE, record_of(InclusionState).name, str(programme_id), *within, *_bounds(actor)
        )
        return [(row["code"], row["name"], row["is_included"]) for row in rows]


def _bounds(actor: Actor | None) -> tuple[str, str]:
    return _ANYTHING if actor is None else scope_bounds(actor)


def _above(actor: Actor | None) -> list[str]:
    return ancestors_of(actor.division) if actor is not None and actor.division else []
