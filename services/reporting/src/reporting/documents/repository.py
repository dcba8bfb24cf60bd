"""All SQL of documents beside the store of records."""

from uuid import UUID

from common.auth import Actor, scope_bounds
from common.contracts import record_of
from common.contracts.reporting.documents import DocumentReceiptState, DocumentState
from common.db import Connection
from common.divisions import LEVELS, Level, ancestors_of, subtree_range

_DOCUMENTS = record_of(DocumentState).name
_RECEIPTS = record_of(DocumentReceiptState).name
_ANYTHING = ("0" * 12, "9" * 12)
_CONCERNS = """
record = $1 AND (
    division BETWEEN $2 AND $3
    OR (division = ANY($4::char(12)[]) AND state ->> 'classification' = 'public')
    OR EXISTS (SELECT FROM jsonb_array_elements_text(state -> 'addressees') AS addressed (code)
               WHERE addressed.code COLLATE "C" BETWEEN $2 AND $3
                  OR (addressed.code = ANY($4::text[])
                      AND (state ->> 'classification' = 'public' OR state ->> 'down_to' = ANY($5::text[]))))
)
"""
"""Of the actor's subtree, sent into it, sent to a division above and down to the actor's level, or public above."""
_PLACES = """
SELECT DISTINCT ON (code) code, name FROM directory_divisions
WHERE level = ANY($1::text[]) AND kind IN ('standard', 'residents_committee', 'village_committee')
  AND valid_to IS NULL AND code BETWEEN $2 AND $3 AND code BETWEEN $4 AND $5
ORDER BY code, valid_from DESC, version DESC
"""


class Documents:
    """Documents and receipts on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def find(self, document_id: UUID, *, actor: Actor | None) -> DocumentState | None:
        """The document; with an actor, one of the actor's subtree, or sent into it, or to a division above."""
        found = await self._conn.fetchval(
            f"SELECT state::text FROM records WHERE {_CONCERNS} AND id = $6",  # noqa: S608 - constants
            *(_DOCUMENTS, *_reach(actor), document_id),
        )
        return None if found is None else DocumentState.model_validate_json(found)

    async def page(
        self, *, actor: Actor, classification: str | None, words: str | None, after: UUID | None, limit: int
    ) -> list[DocumentState]:
        """Documents that concern an actor, in the order of their ids."""
        rows = await self._conn.fetch(
            f"SELECT state::text FROM records WHERE {_CONCERNS} "  # noqa: S608 - constants
            "AND ($6::text IS NULL OR state ->> 'classification' = $6) "
            "AND ($7::text IS NULL OR position($7 IN coalesce(state ->> 'number', '')) > 0 "
            "     OR position($7 IN (state ->> 'title')) > 0) "
            "AND ($8::uuid IS NULL OR id > $8) ORDER BY id LIMIT $9",
            *(_DOCUMENTS, *_reach(actor), classification, words, after, limit),
        )
        return [DocumentState.model_validate_json(row[0]) for row in rows]

    async def is_number_taken(self, number: str, *, division: str) -> bool:
        """Whether a document of a division that stands has the number; puts registrations into a line.

        Locks: registrations, until the transaction ends.
        """
        await self._conn.execute("SELECT pg_advisory_xact_lock($1)", 7_906_103)
        taken: bool = await self._conn.fetchval(
            "SELECT EXISTS (SELECT FROM records WHERE record = $1 AND division = $3 AND status <> 'withdrawn' "
            "AND state @> jsonb_build_object('number', $2::text))",
            *(_DOCUMENTS, number, division),
        )
        return taken

    async def chain(self, root: UUID, *, actor: Actor | None) -> list[DocumentState]:
        """Every document of a chain that concerns the actor."""
        rows = await self._conn.fetch(
            f"SELECT state::text FROM records WHERE {_CONCERNS} "  # noqa: S608 - constants
            "AND state @> jsonb_build_object('root', $6::text)",
            *(_DOCUMENTS, *_reach(actor), str(root)),
        )
        return [DocumentState.model_validate_json(row[0]) for row in rows]

    async def receipts(self, root: UUID, *, actor: Actor | None) -> list[DocumentReceiptState]:
        """The receipts of a chain within the actor's subtree."""
        low, high = _ANYTHING if actor is None else scope_bounds(actor)
        rows = await self._conn.fetch(
            "SELECT state::text FROM records WHERE record = $1 AND division BETWEEN $2 AND $3 "
            "AND state @> jsonb_build_object('root', $4::text)",
            *(_RECEIPTS, low, high, str(root)),
        )
        return [DocumentReceiptState.model_validate_json(row[0]) for row in rows]

    async def has_followers(self, document_id: UUID) -> bool:
        """Whether somebody has received or forwarded a document."""
        found: bool = await self._conn.fetchval(
            "SELECT EXISTS (SELECT FROM records WHERE "
            "(record = $1 AND state @> jsonb_build_object('document_id', $3::text)) OR "
            "(record = $2 AND status <> 'withdrawn' AND state @> jsonb_build_object('forwards', $3::text)))",
            *(_RECEIPTS, _DOCUMENTS, str(document_id)),
        )
        return found

    async def places(self, within: str, *, down_to: Level, actor: Actor) -> dict[str, str]:
        """Code → name of the divisions of a subtree down to a level, of today, within the actor's own."""
        levels = [level.value for level in LEVELS[: LEVELS.index(down_to) + 1]]
        rows = await self._conn.fetch(_PLACES, levels, *subtree_range(within), *scope_bounds(actor))
        return {row["code"]: row["name"] for row in rows}


def _reach(actor: Actor | None) -> tuple[str, str, list[str], list[str]]:
    if actor is None:
        return (*_ANYTHING, [], [])
    levels = [level.value for level in LEVELS[LEVELS.index(actor.level) :]]
    return (*scope_bounds(actor), ancestors_of(actor.division) if actor.division else [], levels)
