"""SQL that follows the tree: divisions and offices that appear and end, and reminders."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from common.db import Connection
from common.divisions import Level
from sync.dispatches.domain import Dispatch
from sync.dispatches.repository.moving import Pair, dispatch_of

_REMEMBER = (
    "INSERT INTO dispatch_moves (code, due_on) SELECT * FROM unnest($1::char(12)[], $2::date[]) "
    "ON CONFLICT (code, due_on) DO UPDATE SET done_to = NULL"
)
_ARE_DUE = "SELECT EXISTS (SELECT FROM dispatch_moves WHERE due_on <= $1)"
_BEGUN = "SELECT done_to FROM dispatch_moves WHERE due_on <= $1 AND done_to IS NOT NULL LIMIT 1"
_TAKE = """
    DELETE FROM dispatch_moves AS m USING (
        SELECT code, due_on FROM dispatch_moves WHERE due_on <= $1 AND done_to IS NOT DISTINCT FROM $3
        ORDER BY due_on, code LIMIT $2
        FOR UPDATE SKIP LOCKED) AS taken
    WHERE m.code = taken.code AND m.due_on = taken.due_on RETURNING m.code
"""
_PUT_BACK = (
    "INSERT INTO dispatch_moves (code, due_on, done_to) SELECT code, $2, $3 FROM unnest($1::char(12)[]) AS k (code) "
    "ON CONFLICT DO NOTHING"
)
_TREE = """
    SELECT id, code AS place, (kind, valid_from, valid_to)::text AS shape FROM directory_divisions WHERE id = ANY($1)
    UNION ALL
    SELECT id, division, (status = 'closed')::text FROM directory_offices WHERE id = ANY($1)
"""
_VALID = (
    "SELECT DISTINCT code FROM directory_divisions WHERE code = ANY($1::char(12)[]) AND kind <> 'filler' "
    "AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
)
_IN_FORCE = """
    SELECT id, record_type, record_id, version, event_type, occurred_at, sender, title, reference_number, roots,
        down_to, sign_by, digest, '' AS data, is_in_force
    FROM dispatches AS d WHERE is_in_force AND ($1::uuid IS NULL OR id > $1) AND NOT EXISTS (
        SELECT FROM dispatches AS newer
        WHERE newer.record_type = d.record_type AND newer.record_id = d.record_id AND newer.version > d.version)
    ORDER BY id LIMIT $2
"""
_RETIRE = "UPDATE dispatch_nodes SET retired_on = $2 WHERE node = ANY($1::char(12)[]) AND retired_on IS NULL"
_ONLY_CARRY = (
    "UPDATE dispatch_nodes SET is_addressed = false WHERE node = ANY($1::char(12)[]) AND is_addressed "
    "AND signed_at IS NULL"
)
_HAVE = (
    "SELECT dispatch_id, node FROM dispatch_nodes JOIN unnest($1::uuid[], $2::char(12)[]) AS k (dispatch_id, node) "
    "USING (dispatch_id, node) WHERE delivered_at IS NOT NULL"
)
_REMIND = """
    WITH due AS (
        SELECT n.dispatch_id, n.node, near.days_before
        FROM dispatch_nodes AS n CROSS JOIN LATERAL (
            SELECT min(days) AS days_before FROM unnest($2::integer[]) AS days WHERE n.sign_by - days <= $1) AS near
        WHERE n.is_addressed AND n.delivered_at IS NOT NULL AND n.signed_at IS NULL AND n.superseded_by IS NULL
            AND n.retired_on IS NULL AND (n.reminded IS NULL OR n.reminded > 0)
            AND n.sign_by <= $3 AND n.level = ANY($4::text[]) AND n.node BETWEEN $5 AND $6
            AND (n.reminded IS NULL OR n.reminded > near.days_before)
        ORDER BY n.sign_by, n.dispatch_id, n.node LIMIT $7
        FOR UPDATE OF n SKIP LOCKED)
    UPDATE dispatch_nodes AS n SET reminded = due.days_before, reminded_at = $8 FROM due
    WHERE n.dispatch_id = due.dispatch_id AND n.node = due.node
    RETURNING n.dispatch_id, n.node, due.days_before
"""


class Due(NamedTuple):
    """A node that is reminded now."""

    dispatch_id: UUID
    node: str
    days_before: int


async def remember_moves(conn: Connection, moves: Collection[tuple[str, date]]) -> None:
    """Notes divisions of which something changes on a day."""
    if moves:
        await conn.execute(_REMEMBER, *zip(*sorted(moves), strict=True))


async def find_tree(conn: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of divisions and offices by their ids: where, and what decides whether dispatches go there."""
    return {row["id"]: (row["place"], row["shape"]) for row in await conn.fetch(_TREE, list(ids))}


async def are_due(conn: Connection, day: date) -> bool:
    """True if there is something to follow."""
    return bool(await conn.fetchval(_ARE_DUE, day))


async def take_moves(conn: Connection, day: date, limit: int) -> tuple[UUID | None, list[str]]:
    """Divisions of which something has changed by the day, those begun first, then the oldest change.

    Returns:
        The last dispatch that these were compared with already, and their codes.
    """
    done_to = await conn.fetchval(_BEGUN, day)
    return done_to, sorted({row["code"] for row in await conn.fetch(_TAKE, day, limit, done_to)})


async def put_back(conn: Connection, codes: Collection[str], day: date, done_to: UUID) -> None:
    """Keeps divisions for the dispatches after this one; what has been noted anew meanwhile begins at the first."""
    await conn.execute(_PUT_BACK, list(codes), day, done_to)


async def find_valid(conn: Connection, codes: Collection[str], day: date) -> set[str]:
    """Those of the codes that are valid on the day."""
    return {row["code"] for row in await conn.fetch(_VALID, list(codes), day)}


async def find_in_force(conn: Connection, *, after: UUID | None, limit: int) -> list[Dispatch]:
    """The newest versions of the records that go down and have not ended, by id; without their contents."""
    return [dispatch_of(row) for row in await conn.fetch(_IN_FORCE, after, limit)]


async def retire(conn: Connection, codes: Collection[str], day: date) -> None:
    """Nobody waits any longer for the nodes of divisions that are no more."""
    if codes:
        await conn.execute(_RETIRE, sorted(codes), day)


async def only_pass_on(conn: Connection, codes: Collection[str]) -> None:
    """Nodes whose office has closed hand on what they get; what they signed stays signed."""
    if codes:
        await conn.execute(_ONLY_CARRY, sorted(codes))


async def find_having(conn: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Those of the nodes that have the dispatch."""
    if not pairs:
        return set()
    return {tuple(row) for row in await conn.fetch(_HAVE, *zip(*pairs, strict=True))}


async def mark_reminded(
    conn: Connection,
    *,
    day: date,
    days_before: Sequence[int],
    last_sign_by: date,
    levels: Collection[Level],
    bounds: tuple[str, str],
    limit: int,
    at: datetime,
) -> list[Due]:
    """Marks nodes that have to be reminded, the nearest day first; of several days that have passed the last counts."""
    names = [level.value for level in levels]
    rows = await conn.fetch(_REMIND, day, list(days_before), last_sign_by, names, *bounds, limit, at)
    return sorted(Due(*row) for row in rows)
