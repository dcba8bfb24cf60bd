"""SQL that tells how dispatches stand, and takes signatures. Subtrees are bounded inside the statements."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from common.db import Connection
from sync.dispatches.domain import Dispatch, Lack, NodeState
from sync.dispatches.repository.moving import dispatch_of

_NODE = (
    "dispatch_id, node, is_addressed, sign_by, sent_at, delivered_at, signed_at, signed_by, superseded_by, retired_on, "
    "reminded_at"
)
_SIGN = (
    "UPDATE dispatch_nodes SET signed_at = $3, signed_by = $4 WHERE dispatch_id = $1 AND node = $2 AND is_addressed "  # noqa: S608
    f"AND delivered_at IS NOT NULL AND signed_at IS NULL RETURNING {_NODE}"
)
_FIND_NODE = f"SELECT {_NODE} FROM dispatch_nodes WHERE dispatch_id = $1 AND node = $2"  # noqa: S608
_VISIBLE = """
    SELECT d.* FROM dispatches AS d WHERE d.id = $1 AND (d.sender BETWEEN $2 AND $3 OR EXISTS (
        SELECT FROM dispatch_nodes AS n
        WHERE n.dispatch_id = d.id AND n.node BETWEEN $2 AND $3 AND n.delivered_at IS NOT NULL))
"""
_NEWEST = """
    SELECT max(d.version) FROM dispatches AS d
    WHERE d.record_type = $1 AND d.record_id = $2 AND (d.sender BETWEEN $3 AND $4 OR EXISTS (
        SELECT FROM dispatch_nodes AS n
        WHERE n.dispatch_id = d.id AND n.node BETWEEN $3 AND $4 AND n.delivered_at IS NOT NULL))
"""
_SETTLED = "(NOT n.is_addressed OR n.signed_at IS NOT NULL OR n.superseded_by IS NOT NULL OR n.retired_on IS NOT NULL)"
_INBOX = f"""
    SELECT {_SETTLED}::integer AS settled, n.dispatch_id, n.node, n.is_addressed, n.sign_by, n.sent_at, n.delivered_at,
        n.signed_at, n.signed_by, n.superseded_by, n.retired_on, n.reminded_at, d.record_type, d.record_id, d.version,
        d.title, d.reference_number, d.sender
    FROM dispatch_nodes AS n JOIN dispatches AS d ON d.id = n.dispatch_id
    WHERE n.node = $1 AND n.delivered_at IS NOT NULL AND ($2::boolean IS FALSE OR NOT {_SETTLED})
        AND ($3::integer IS NULL OR {_SETTLED}::integer > $3
            OR ({_SETTLED}::integer = $3 AND (n.delivered_at, n.dispatch_id) < ($4, $5)))
    ORDER BY settled, n.delivered_at DESC, n.dispatch_id DESC LIMIT $6
"""  # noqa: S608 - constants
_SENT = """
    SELECT id, record_type, record_id, version, occurred_at, title, reference_number, sender, down_to, sign_by
    FROM dispatches WHERE sender = $1 AND ($2::timestamptz IS NULL OR (occurred_at, id) < ($2, $3))
    ORDER BY occurred_at DESC, id DESC LIMIT $4
"""
_COUNTS = """
    SELECT count(*) AS expected, count(delivered_at) AS delivered, count(signed_at) AS signed,
        count(*) FILTER (WHERE signed_at IS NULL AND superseded_by IS NOT NULL) AS superseded,
        count(*) FILTER (WHERE (signed_at AT TIME ZONE 'Asia/Shanghai')::date > sign_by) AS signed_late,
        count(*) FILTER (WHERE signed_at IS NULL AND superseded_by IS NULL AND sign_by < $4) AS overdue
    FROM dispatch_nodes
    WHERE dispatch_id = $1 AND node BETWEEN p.low AND p.high AND is_addressed AND retired_on IS NULL
"""
_PROGRESS = f"""
    SELECT p.code, c.* FROM unnest($2::char(12)[], $3::char(12)[], $5::char(12)[]) AS p (low, high, code)
    CROSS JOIN LATERAL ({_COUNTS}) AS c ORDER BY p.code
"""  # noqa: S608 - constants
_TOTALS = f"""
    SELECT p.id, c.* FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL ({
    _COUNTS.replace("dispatch_id = $1 AND node BETWEEN p.low AND p.high", "dispatch_id = p.id").replace("$4", "$2")
}) AS c
"""  # noqa: S608 - constants
_CHILDREN = """
    SELECT DISTINCT ON (code) code FROM directory_divisions
    WHERE code BETWEEN $1 AND $2 AND level = ANY($3::text[]) AND kind <> 'filler'
        AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
"""
_MISSING = """
    SELECT n.node, n.level, n.sign_by, n.sent_at, n.delivered_at, o.name AS office_name, o.phone AS office_phone
    FROM dispatch_nodes AS n LEFT JOIN LATERAL (
        SELECT name, phone FROM directory_offices WHERE division = n.node
        ORDER BY (status = 'operating') DESC, id LIMIT 1) AS o ON true
    WHERE n.dispatch_id = $1 AND n.node BETWEEN $2 AND $3 AND n.node > $4 AND n.is_addressed AND n.retired_on IS NULL
        AND n.superseded_by IS NULL AND n.signed_at IS NULL AND ($5::boolean IS FALSE OR n.delivered_at IS NULL)
    ORDER BY n.node LIMIT $6
"""
_NAMES = """
    SELECT DISTINCT ON (code) code, name FROM directory_divisions
    WHERE code = ANY($1::char(12)[]) AND kind <> 'filler'
    ORDER BY code, valid_to DESC NULLS FIRST, valid_from DESC
"""

Bounds = tuple[str, str]


class InboxRow(NamedTuple):
    """A dispatch as one node has it; `settled` is 1 where nothing is to be done any more."""

    settled: int
    delivered_at: datetime
    state: NodeState
    record_type: str
    record_id: UUID
    version: int
    title: str
    reference_number: str | None
    sender: str


class SentRow(NamedTuple):
    """A dispatch in the list of its sender."""

    id: UUID
    record_type: str
    record_id: UUID
    version: int
    occurred_at: datetime
    title: str
    reference_number: str | None
    sender: str
    down_to: str
    sign_by: date | None


class Counts(NamedTuple):
    """How many nodes of a subtree stand how. Source: ADR 0018.

    Attributes:
        expected: addressed, in divisions that are in force.
        superseded: not signed, and need not be: a newer version has arrived.
        signed_late: after the day to sign by.
        overdue: not signed, and the day has passed.
    """

    expected: int
    delivered: int
    signed: int
    superseded: int
    signed_late: int
    overdue: int


class MissingRow(NamedTuple):
    """A node that has not received, or not signed."""

    node: str
    level: str
    sign_by: date | None
    sent_at: datetime | None
    delivered_at: datetime | None
    office_name: str | None
    office_phone: str | None


async def sign_node(conn: Connection, dispatch_id: UUID, node: str, *, at: datetime, by: str) -> NodeState | None:
    """Signs for a node that has it and has not signed; None where there is no such."""
    row = await conn.fetchrow(_SIGN, dispatch_id, node, at, by)
    return None if row is None else NodeState(*row)


async def find_node(conn: Connection, dispatch_id: UUID, node: str) -> NodeState | None:
    """How a node stands to a dispatch."""
    row = await conn.fetchrow(_FIND_NODE, dispatch_id, node)
    return None if row is None else NodeState(*row)


async def find_visible(conn: Connection, dispatch_id: UUID, bounds: Bounds) -> Dispatch | None:
    """A dispatch that was sent from these divisions, or has arrived in one of them."""
    row = await conn.fetchrow(_VISIBLE, dispatch_id, *bounds)
    return None if row is None else dispatch_of(row)


async def find_newest(conn: Connection, record_type: str, record_id: UUID, bounds: Bounds) -> int:
    """The newest version of a record that was sent from these divisions, or has arrived in one of them."""
    return int(await conn.fetchval(_NEWEST, record_type, record_id, *bounds) or 0)


async def page_of_inbox(
    conn: Connection, node: str, *, is_unsigned: bool, after: tuple[int, datetime, UUID] | None, limit: int
) -> list[InboxRow]:
    """What a node has: first what it has to sign, then the rest, the newest first."""
    rows: list[Any] = await conn.fetch(_INBOX, node, is_unsigned, *(after or (None, None, None)), limit)
    return [InboxRow(row[0], row["delivered_at"], NodeState(*row[1:12]), *row[12:]) for row in rows]


async def page_of_sent(
    conn: Connection, sender: str, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[SentRow]:
    """What a division has sent down, the newest first."""
    return [SentRow(*row) for row in await conn.fetch(_SENT, sender, *(after or (None, None)), limit)]


async def count_nodes(
    conn: Connection, dispatch_id: UUID, places: Sequence[tuple[str, str, str]], day: date
) -> dict[str, Counts]:
    """The counts of some subtrees: (low, high, code of the division)."""
    lows, highs, codes = zip(*places, strict=True)
    rows = await conn.fetch(_PROGRESS, dispatch_id, lows, highs, day, codes)
    return {row[0]: Counts(*row[1:]) for row in rows}


async def count_all(conn: Connection, ids: Sequence[UUID], day: date) -> dict[UUID, Counts]:
    """The counts of all nodes of some dispatches, in one statement."""
    return {row[0]: Counts(*row[1:]) for row in await conn.fetch(_TOTALS, list(ids), day)}


async def find_divisions(conn: Connection, bounds: Bounds, levels: Collection[str], day: date) -> list[str]:
    """The divisions of some levels inside bounds that are valid on the day."""
    return [row["code"] for row in await conn.fetch(_CHILDREN, *bounds, list(levels), day)]


async def page_of_missing(
    conn: Connection, dispatch_id: UUID, bounds: Bounds, *, lack: Lack, after: str, limit: int
) -> list[MissingRow]:
    """The addressed nodes inside bounds that have not received it, or not signed, by code."""
    rows = await conn.fetch(_MISSING, dispatch_id, *bounds, after, lack == "delivery", limit)
    return [MissingRow(*row) for row in rows]


async def names_of(conn: Connection, codes: Collection[str]) -> dict[str, str]:
    """The latest name of each division that the directory knows."""
    rows = await conn.fetch(_NAMES, list(codes))
    return {row["code"]: row["name"] for row in rows}
