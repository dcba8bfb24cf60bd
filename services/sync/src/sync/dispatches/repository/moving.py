"""SQL that moves dispatches down: some statements for a batch, however many nodes it reaches."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from common.db import Connection
from common.divisions import Level, level_of
from common.outbox import OUTBOX_COLUMNS, Row
from sync.dispatches.domain import Dispatch, Receiver

# A plan made while dispatch_nodes was small would go on reading it whole when it is large.
_PLAN_ANEW = "SET LOCAL plan_cache_mode = force_custom_plan"
_TREE = 7_906_018
"""Whoever sends holds the tree (shared); whoever follows its changes waits for them, and they for that one."""

_STORE = """
    INSERT INTO dispatches (id, record_type, record_id, version, event_type, occurred_at, sender, title,
        reference_number, roots, down_to, sign_by, digest, data, is_in_force)
    SELECT id, record_type, record_id, version, event_type, occurred_at, sender, title, reference_number,
        string_to_array(roots, ','), down_to, sign_by, digest, data, is_in_force
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[], $5::text[], $6::timestamptz[], $7::char(12)[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::date[], $13::bytea[], $14::text[], $15::boolean[])
        AS k (id, record_type, record_id, version, event_type, occurred_at, sender, title, reference_number, roots,
            down_to, sign_by, digest, data, is_in_force)
    ON CONFLICT DO NOTHING
    RETURNING id
"""
_OTHERWISE = (
    "SELECT EXISTS (SELECT FROM unnest($1::uuid[], $2::bytea[]) AS k (id, digest) "
    "JOIN dispatches AS d USING (id) WHERE d.digest <> k.digest)"
)
_END = """
    UPDATE dispatches AS d SET is_in_force = false
    FROM unnest($1::text[], $2::uuid[], $3::integer[]) AS k (record_type, record_id, version)
    WHERE d.record_type = k.record_type AND d.record_id = k.record_id AND d.version < k.version AND d.is_in_force
    RETURNING d.id, d.record_type, d.record_id, k.version
"""
_BELOW = """
    SELECT DISTINCT k.record_type, k.record_id, k.version, n.node, n.parent
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[]) AS k (id, record_type, record_id, version)
    JOIN dispatch_nodes AS n ON n.dispatch_id = k.id
    WHERE n.sent_at IS NOT NULL AND n.level <> ALL($5::text[])
        AND (n.parent BETWEEN $6 AND $7 OR n.node BETWEEN $6 AND $7)
"""
_COLUMNS = (
    "id, record_type, record_id, version, event_type, occurred_at, sender, title, reference_number, roots, down_to, "
    "sign_by, digest, data, is_in_force"
)
_FIND = f"SELECT {_COLUMNS} FROM dispatches WHERE id = ANY($1::uuid[])"  # noqa: S608 - constants
_PLACES = """
    SELECT DISTINCT o.division FROM unnest($1::char(12)[], $2::char(12)[]) AS r (low, high)
    JOIN directory_offices AS o ON o.division BETWEEN r.low AND r.high
    JOIN directory_divisions AS d ON d.code = o.division
    WHERE o.status <> 'closed' AND d.kind <> 'filler' AND d.valid_from <= $3 AND (d.valid_to IS NULL OR d.valid_to > $3)
"""
_EXPECT = """
    INSERT INTO dispatch_nodes AS n (dispatch_id, node, parent, level, is_addressed, sign_by)
    SELECT $1, k.*, $6 FROM unnest($2::char(12)[], $3::char(12)[], $4::text[], $5::boolean[]) AS k
    ON CONFLICT (dispatch_id, node) DO UPDATE SET is_addressed = excluded.is_addressed, retired_on = NULL,
        sign_by = CASE WHEN n.delivered_at IS NULL THEN excluded.sign_by ELSE n.sign_by END
        WHERE n.retired_on IS NOT NULL OR (excluded.is_addressed AND NOT n.is_addressed)
"""
_EXPECT_ONE = (
    "INSERT INTO dispatch_nodes (dispatch_id, node, parent, level, is_addressed, sign_by) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
)
_UNEXPECTED = (
    "SELECT dispatch_id, node FROM unnest($1::uuid[], $2::char(12)[]) AS k (dispatch_id, node) "
    "LEFT JOIN dispatch_nodes AS n USING (dispatch_id, node) WHERE n.level IS NULL"
)
_SEND = """
    WITH held AS (
        SELECT n.dispatch_id, n.node FROM unnest($1::uuid[], $2::char(12)[]) AS k (dispatch_id, parent)
        JOIN dispatch_nodes AS n USING (dispatch_id, parent)
        WHERE n.sent_at IS NULL AND n.retired_on IS NULL
        ORDER BY n.dispatch_id, n.node FOR UPDATE OF n)
    UPDATE dispatch_nodes AS n SET sent_at = $3 FROM held
    WHERE n.dispatch_id = held.dispatch_id AND n.node = held.node
    RETURNING n.dispatch_id, n.node, n.parent, n.is_addressed
"""
_DELIVER = """
    WITH held AS (
        SELECT n.dispatch_id, n.node, k.sent_at
        FROM unnest($1::uuid[], $2::char(12)[], $3::timestamptz[]) AS k (dispatch_id, node, sent_at)
        JOIN dispatch_nodes AS n USING (dispatch_id, node)
        WHERE n.delivered_at IS NULL
        ORDER BY n.dispatch_id, n.node FOR UPDATE OF n)
    UPDATE dispatch_nodes AS n SET delivered_at = $4, sent_at = coalesce(n.sent_at, held.sent_at) FROM held
    WHERE n.dispatch_id = held.dispatch_id AND n.node = held.node
    RETURNING n.dispatch_id, n.node, n.is_addressed
"""
_LEARN_NEW = """
    INSERT INTO dispatch_nodes (dispatch_id, node, parent, level, is_addressed, sign_by)
    SELECT k.dispatch_id, k.node, k.parent, k.level, true,
        CASE WHEN (k.delivered_at AT TIME ZONE 'Asia/Shanghai')::date <= d.sign_by THEN d.sign_by END
    FROM unnest($1::uuid[], $2::char(12)[], $3::char(12)[], $4::text[], $5::timestamptz[])
        AS k (dispatch_id, node, parent, level, delivered_at)
    JOIN dispatches AS d ON d.id = k.dispatch_id
    ON CONFLICT DO NOTHING
"""
_LEARN = """
    WITH held AS (
        SELECT n.dispatch_id, n.node, k.delivered_at, k.signed_at, k.signed_by
        FROM unnest($1::uuid[], $2::char(12)[], $3::timestamptz[], $4::timestamptz[], $5::text[])
            AS k (dispatch_id, node, delivered_at, signed_at, signed_by)
        JOIN dispatch_nodes AS n USING (dispatch_id, node)
        WHERE n.delivered_at IS NULL OR (n.signed_at IS NULL AND k.signed_at IS NOT NULL)
        ORDER BY n.dispatch_id, n.node FOR UPDATE OF n)
    UPDATE dispatch_nodes AS n SET
        delivered_at = coalesce(n.delivered_at, held.delivered_at), sent_at = coalesce(n.sent_at, held.delivered_at),
        signed_at = coalesce(n.signed_at, held.signed_at), signed_by = coalesce(n.signed_by, held.signed_by)
    FROM held WHERE n.dispatch_id = held.dispatch_id AND n.node = held.node
    RETURNING n.dispatch_id, n.node
"""
_SUPERSEDE = """
    WITH same AS (
        SELECT DISTINCT d.record_type, d.record_id, k.node
        FROM unnest($1::uuid[], $2::char(12)[]) AS k (dispatch_id, node) JOIN dispatches AS d ON d.id = k.dispatch_id),
    versions AS (
        SELECT n.dispatch_id, n.node, d.version, max(d.version) FILTER (WHERE n.delivered_at IS NOT NULL)
            OVER (PARTITION BY d.record_type, d.record_id, n.node) AS newest
        FROM same JOIN dispatches AS d USING (record_type, record_id)
        JOIN dispatch_nodes AS n ON n.dispatch_id = d.id AND n.node = same.node),
    held AS (
        SELECT n.dispatch_id, n.node, v.newest FROM versions AS v JOIN dispatch_nodes AS n USING (dispatch_id, node)
        WHERE v.version < v.newest AND n.superseded_by IS DISTINCT FROM v.newest
        ORDER BY n.dispatch_id, n.node FOR UPDATE OF n)
    UPDATE dispatch_nodes AS n SET superseded_by = held.newest FROM held
    WHERE n.dispatch_id = held.dispatch_id AND n.node = held.node
"""

Pair = tuple[UUID, str]
"""A dispatch and a node."""


Ended = tuple[str, UUID, int]
"""A record, and the version by which it ended."""


class SentBelow(NamedTuple):
    """A node to which a record that has ended had gone."""

    record_type: str
    record_id: UUID
    version: int
    node: str
    parent: str


class Sent(NamedTuple):
    """A node that a dispatch was sent to just now."""

    dispatch_id: UUID
    node: str
    parent: str
    is_addressed: bool


class Told(NamedTuple):
    """What a receipt tells of a node."""

    dispatch_id: UUID
    node: str
    parent: str
    level: str
    delivered_at: datetime
    signed_at: datetime | None = None
    signed_by: str | None = None


async def hold_tree(conn: Connection) -> None:
    """Keeps `follow_tree` out until the transaction ends.

    Locks: shared; the first thing that sending does.
    """
    await conn.execute("SELECT pg_advisory_xact_lock_shared($1)", _TREE)
    await conn.execute(_PLAN_ANEW)


async def follow_tree(conn: Connection) -> None:
    """Waits until nobody sends, and keeps everybody out until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _TREE)
    await conn.execute(_PLAN_ANEW)


async def store_dispatches(conn: Connection, dispatches: Iterable[Dispatch]) -> set[UUID]:
    """Stores those that this site does not have; returns their ids."""
    rows = [(*one[:9], ",".join(one.roots), *one[10:]) for one in sorted(dispatches, key=lambda one: one.id)]
    return {row["id"] for row in await conn.fetch(_STORE, *zip(*rows, strict=True))}


async def end_dispatches(conn: Connection, ended: Collection[Ended]) -> list[tuple[UUID, str, UUID, int]]:
    """Nobody new gets the versions before these of the same records; returns those that were in force.

    Returns:
        Dispatch, record type, record and the version by which it ended.
    """
    return [tuple(row) for row in await conn.fetch(_END, *zip(*sorted(ended), strict=True))]


async def find_sent_below(
    conn: Connection, ended: Sequence[tuple[UUID, str, UUID, int]], levels: Collection[Level], bounds: tuple[str, str]
) -> list[SentBelow]:
    """The nodes of other levels than these to which these dispatches were sent from, or inside, the bounds."""
    names = [level.value for level in levels]
    rows = await conn.fetch(_BELOW, *zip(*ended, strict=True), names, *bounds)
    return sorted(SentBelow(*row) for row in rows)


async def are_told_otherwise(conn: Connection, claimed: Collection[tuple[UUID, bytes]]) -> bool:
    """True if one of these dispatches is here with other content."""
    return bool(await conn.fetchval(_OTHERWISE, *zip(*claimed, strict=True)))


async def find_dispatches(conn: Connection, ids: Collection[UUID]) -> dict[UUID, Dispatch]:
    """These dispatches, by id."""
    rows = await conn.fetch(_FIND, list(ids))
    return {row["id"]: dispatch_of(row) for row in rows}


def dispatch_of(row: Any) -> Dispatch:
    """The dispatch in a row of all its columns."""
    return Dispatch(**{**row, "roots": tuple(row["roots"]), "down_to": Level(row["down_to"])})


async def find_places(conn: Connection, ranges: Sequence[tuple[str, str]], day: date) -> list[str]:
    """The divisions in these ranges that are valid on the day and have an office that is not closed."""
    rows = await conn.fetch(_PLACES, *zip(*ranges, strict=True), day)
    return [row["division"] for row in rows]


async def expect(conn: Connection, dispatch: Dispatch, found: Sequence[Receiver], *, sign_by: date | None) -> None:
    """Notes who is to receive a dispatch; who is noted already stays as they are.

    Args:
        sign_by: the day for those who are noted now.

    Locks: the rows, in key order.
    """
    if found:
        rows = sorted((one.node, one.parent, level_of(one.node).value, one.is_addressed) for one in found)
        await conn.execute(_EXPECT, dispatch.id, *zip(*rows, strict=True), sign_by)


async def expect_one(
    conn: Connection, dispatch: Dispatch, node: str, parent: str, *, is_addressed: bool, sign_by: date | None
) -> None:
    """Notes a node as the level above sees it, unless this site has found it itself."""
    row = (dispatch.id, node, parent, level_of(node).value, is_addressed, sign_by)
    await conn.execute(_EXPECT_ONE, *row)


async def find_unexpected(conn: Connection, pairs: Sequence[Pair]) -> list[Pair]:
    """Nodes of which this site did not know that they receive the dispatch."""
    return [tuple(row) for row in await conn.fetch(_UNEXPECTED, *zip(*pairs, strict=True))]


async def mark_sent(conn: Connection, parents: Collection[Pair], at: datetime) -> list[Sent]:
    """Marks the nodes directly below these parents that the dispatch was not sent to yet; returns them in key order.

    Locks: their rows, in key order.
    """
    if not parents:
        return []
    rows = await conn.fetch(_SEND, *zip(*parents, strict=True), at)
    return sorted(Sent(*row) for row in rows)


async def mark_delivered(
    conn: Connection, arrivals: Sequence[tuple[UUID, str, datetime]], at: datetime
) -> list[tuple[UUID, str, bool]]:
    """Marks nodes that have a dispatch now; returns those that did not have it before, and whether they are addressed.

    Locks: their rows, in key order.
    """
    rows = await conn.fetch(_DELIVER, *zip(*arrivals, strict=True), at)
    return sorted(tuple(row) for row in rows)


async def learn(conn: Connection, told: Sequence[Told]) -> list[Pair]:
    """Takes over what other sites tell of their nodes; what is known already stays. Returns the nodes that changed.

    Locks: their rows, in key order.
    """
    rows = sorted(told)
    await conn.execute(_LEARN_NEW, *zip(*(one[:5] for one in rows), strict=True))
    known = [(one.dispatch_id, one.node, one.delivered_at, one.signed_at, one.signed_by) for one in rows]
    return [tuple(row) for row in await conn.fetch(_LEARN, *zip(*known, strict=True))]


async def supersede(conn: Connection, pairs: Collection[Pair]) -> None:
    """Marks, at these nodes, the versions of the same records that are older than the newest delivered one.

    Locks: their rows, in key order.
    """
    if pairs:
        await conn.execute(_SUPERSEDE, *zip(*pairs, strict=True))


async def publish(conn: Connection, rows: Iterable[Row]) -> None:
    """Adds outbox rows in order; they are made while the server already writes the ones before."""
    await conn.copy_records_to_table("outbox", records=rows, columns=OUTBOX_COLUMNS)
