"""Use cases: what a node has received, how far a dispatch has come, and who lacks it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.auth import Actor, require_scope
from common.clock import now, today
from common.db import Connection
from common.divisions import LEVELS, level_of, parent_of, subtree_range
from sync.dispatches.domain import Dispatch, Lack, NodeState
from sync.dispatches.errors import DispatchNotFound
from sync.dispatches.repository import reading
from sync.dispatches.repository.reading import Counts, InboxRow, MissingRow, SentRow
from sync.scope import reading_bounds


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A dispatch in the inbox of a node, with the sender's name."""

    row: InboxRow
    sender_name: str | None


@dataclass(frozen=True, slots=True)
class SentItem:
    """A dispatch that a division has sent, with how far it has come."""

    row: SentRow
    counts: Counts


@dataclass(frozen=True, slots=True)
class DispatchFile:
    """One dispatch, whole.

    Attributes:
        payload: the record's state at this version.
        newest_version: of the record, as far as it has been sent from or arrived in the reader's subtree.
        node: how the reader's own node stands to it; None where it was not sent there.
        names: of the divisions named.
    """

    dispatch: Dispatch
    payload: Mapping[str, Any]
    newest_version: int
    node: NodeState | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a dispatch has come below a division.

    Attributes:
        children: the next divisions below that have anybody addressed, by code.
    """

    dispatch: Dispatch
    division: str
    as_of: datetime
    counts: Counts
    children: Mapping[str, Counts]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MissingNode:
    """A node that lacks something, with its name."""

    row: MissingRow
    name: str | None


async def list_inbox(
    conn: Connection,
    actor: Actor,
    *,
    division: str | None,
    is_unsigned: bool,
    after: tuple[int, datetime, UUID] | None,
    limit: int,
) -> list[InboxItem]:
    """What has arrived at a node: first what it has to sign for, then the rest, the newest first.

    Source: architecture.md §5 "Downward", §6; ADR 0018.

    Args:
        division: the node; None for the actor's own. An upper level reads what its subtree has received.
        is_unsigned: only what is still to be signed for.

    Raises:
        RoleRequired: the actor reads no records.
        OutOfScope: the node is not the actor's and not below it.
    """
    reading_bounds(actor)
    node = division or actor.division
    require_scope(actor, node)
    rows = await reading.page_of_inbox(conn, node, is_unsigned=is_unsigned, after=after, limit=limit)
    names = await reading.names_of(conn, {row.sender for row in rows})
    return [InboxItem(row, names.get(row.sender)) for row in rows]


async def list_sent(
    conn: Connection, actor: Actor, *, division: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[SentItem]:
    """What a division has sent down, the newest first, with how far it has come.

    Source: architecture.md §5 "Downward", §6; ADR 0018.

    Raises:
        RoleRequired: the actor reads no records.
        OutOfScope: the sender is not the actor's division and not below it.
    """
    reading_bounds(actor)
    sender = division or actor.division
    require_scope(actor, sender)
    rows = await reading.page_of_sent(conn, sender, after=after, limit=limit)
    counts = await reading.count_all(conn, [row.id for row in rows], today())
    return [SentItem(row, counts[row.id]) for row in rows]


async def get_dispatch(conn: Connection, actor: Actor, *, dispatch_id: UUID) -> DispatchFile:
    """One dispatch with its payload, old versions included.

    Source: architecture.md §5 "Downward", §6; ADR 0018.

    Raises:
        RoleRequired: the actor reads no records.
        DispatchNotFound: it was neither sent from the actor's subtree nor has it arrived there.
    """
    bounds = reading_bounds(actor)
    found = await _require_visible(conn, dispatch_id, bounds)
    return DispatchFile(
        dispatch=found,
        payload=json.loads(found.data),
        newest_version=await reading.find_newest(conn, found.record_type, found.record_id, bounds),
        node=await reading.find_node(conn, dispatch_id, actor.division),
        names=await reading.names_of(conn, {found.sender, *found.roots}),
    )


async def measure_progress(conn: Connection, actor: Actor, *, dispatch_id: UUID, division: str | None) -> Progress:
    """How many of the addressed below a division have received and signed, with the next divisions below it.

    Source: architecture.md §5 "Downward", §6; ADR 0018.

    Args:
        division: whose subtree; None for the actor's own.

    Raises:
        RoleRequired, OutOfScope: not the actor's to read.
        DispatchNotFound: it was neither sent from the actor's subtree nor has it arrived there.
    """
    found = await _require_visible(conn, dispatch_id, reading_bounds(actor))
    root, day = division or actor.division, today()
    require_scope(actor, root)
    below = [level.value for level in LEVELS[LEVELS.index(level_of(root)) + 1 :][:2]]
    candidates = await reading.find_divisions(conn, subtree_range(root), below, day)
    children = [code for code in candidates if parent_of(code) == root]
    places = [(*subtree_range(code), code) for code in (root, *children)]
    counts = await reading.count_nodes(conn, dispatch_id, places, day)
    return Progress(
        dispatch=found,
        division=root,
        as_of=now(),
        counts=counts[root],
        children={code: counts[code] for code in sorted(children) if counts[code].expected},
        names=await reading.names_of(conn, [root, *children]),
    )


async def list_missing(
    conn: Connection, actor: Actor, *, dispatch_id: UUID, division: str | None, lack: Lack, after: str, limit: int
) -> list[MissingNode]:
    """Who of the addressed below a division has not received, or not signed; with the office to ask.

    Source: architecture.md §5 "Downward", §6; ADR 0018.

    Args:
        division: whose subtree; None for the actor's own.
        lack: what they lack; who has not received has not signed either.
        after: code of the last node of the page before; empty for the first page.

    Raises:
        RoleRequired, OutOfScope: not the actor's to read.
        DispatchNotFound: it was neither sent from the actor's subtree nor has it arrived there.
    """
    await _require_visible(conn, dispatch_id, reading_bounds(actor))
    root = division or actor.division
    require_scope(actor, root)
    bounds = subtree_range(root)
    rows = await reading.page_of_missing(conn, dispatch_id, bounds, lack=lack, after=after, limit=limit)
    names = await reading.names_of(conn, [row.node for row in rows])
    return [MissingNode(row, names.get(row.node)) for row in rows]


async def _require_visible(conn: Connection, dispatch_id: UUID, bounds: tuple[str, str]) -> Dispatch:
    found = await reading.find_visible(conn, dispatch_id, bounds)
    if found is None:
        raise DispatchNotFound
    return found
