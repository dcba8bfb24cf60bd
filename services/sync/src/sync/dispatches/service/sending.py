"""Use cases of the way down: a version is sent, arrives, and is handed on; receipts come up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from operator import attrgetter
from uuid import UUID

from common.clock import now, today
from common.db import Connection
from common.directory import find_heirs
from common.divisions import LEVELS, Level, level_of, subtree_range
from sync.dispatches.domain import Dispatch, receivers, sign_by_of_newcomer
from sync.dispatches.errors import DispatchContradicted
from sync.dispatches.events import row_of_delivered, row_of_ended, rows_of_sent
from sync.dispatches.repository import moving
from sync.dispatches.repository.moving import Ended, Pair, Sent, Told


@dataclass(frozen=True, slots=True)
class Site:
    """Which part of the network this site acts for.

    Attributes:
        levels: the levels whose tiers it hosts.
        division: whose subtree; None for the whole province.
    """

    levels: tuple[Level, ...] = LEVELS
    division: str | None = None

    @property
    def bounds(self) -> tuple[str, str]:
        """Inclusive bounds of its divisions."""
        return ("0" * 12, "9" * 12) if self.division is None else subtree_range(self.division)

    def hosts(self, node: str) -> bool:
        """True if the site acts for the node."""
        low, high = self.bounds
        return level_of(node) in self.levels and low <= node <= high


@dataclass(frozen=True, slots=True)
class Arrival:
    """A dispatch in front of one node.

    Attributes:
        parent: who hands it down.
        is_addressed: as the level above sees it.
    """

    dispatch: Dispatch
    node: str
    parent: str
    is_addressed: bool
    sent_at: datetime

    @property
    def pair(self) -> Pair:
        """The dispatch and the node."""
        return self.dispatch.id, self.node


async def send_dispatches(conn: Connection, dispatches: Sequence[Dispatch]) -> None:
    """Starts versions on their way down: notes everybody who is to receive them, and sends to the sender's children.

    Source: architecture.md §5 "Downward", ADR 0018.

    Args:
        dispatches: at least one, of senders that this site acts for.

    Raises:
        DispatchContradicted: a version is here with other content.

    Events: sync.dispatch.sent.v1, one for each receiving node.
    Idempotency: by id; what is here already is neither noted nor sent again.
    Locks: the tree (shared), then dispatches and nodes in key order.
    """
    await moving.hold_tree(conn)
    new = await _store(conn, dispatches)
    fresh = {one.id: one for one in dispatches if one.id in new}
    for one in fresh.values():
        await expect_all(conn, one, sign_by=one.sign_by)
    heirs = await find_heirs(conn, {one.sender for one in fresh.values()})
    await hand_on(conn, fresh, [(one.id, heirs.get(one.sender, one.sender)) for one in fresh.values()], now())


async def end_dispatches(conn: Connection, site: Site, ended: Collection[Ended]) -> None:
    """Takes note that records have ended by versions that go nowhere: divisions that appear later get nothing of them.

    Other sites that hold the tree below this one are told; inside a site nothing has to be sent.

    Source: ADR 0018.

    Args:
        ended: record type, id and the version by which it ended; at least one.

    Events: sync.dispatch.ended.v1, one for each node of another site that this one hands down to.
    Idempotency: what is not in force any more is neither ended nor told again.
    Locks: the tree (shared), so that no newcomer is given it meanwhile; then the dispatches.
    """
    await moving.hold_tree(conn)
    over = await moving.end_dispatches(conn, ended)
    if over:
        below = await moving.find_sent_below(conn, over, site.levels, site.bounds)
        at = now()
        own = [one for one in below if site.hosts(one.parent) and not site.hosts(one.node)]
        await moving.publish(conn, [row_of_ended(*one, at=at) for one in own])


async def deliver_dispatches(conn: Connection, arrivals: Sequence[Arrival]) -> None:
    """Gives nodes what was sent to them, and hands it on to those below: each level only after it has it itself.

    A site that hears of a dispatch for the first time notes who is to receive it below the node.

    Source: architecture.md §5 "Downward", ADR 0018.

    Args:
        arrivals: in order of delivery, at least one.

    Raises:
        DispatchContradicted: a version is here with other content.

    Events: sync.dispatch.delivered.v1 of the addressed, sync.dispatch.sent.v1 for each node below.
    Idempotency: by dispatch and node; order, repetition and batching change nothing.
    Locks: the tree (shared), then dispatches and nodes in key order.
    """
    at = now()
    await moving.hold_tree(conn)
    known = {one.dispatch.id: one.dispatch for one in arrivals}
    new = await _store(conn, [one.dispatch for one in arrivals])
    await _expect_unexpected(conn, {one.pair: one for one in arrivals}, new)
    came = sorted({(*one.pair, one.sent_at) for one in arrivals})
    delivered = await moving.mark_delivered(conn, came, at)
    pairs = [(dispatch, node) for dispatch, node, _ in delivered]
    await moving.supersede(conn, pairs)
    receipts = (row_of_delivered(known[id_], node, at) for id_, node, is_addressed in delivered if is_addressed)
    await moving.publish(conn, receipts)
    await hand_on(conn, known, pairs, at)


async def learn_receipts(conn: Connection, told: Iterable[Told]) -> None:
    """Takes over what is told of nodes, here or at other sites; the first delivery and the first signature stand.

    Source: architecture.md §5, ADR 0018.

    Idempotency: what is known already stays as it is.
    """
    merged: dict[Pair, Told] = {}
    for one in told:
        pair = one.dispatch_id, one.node
        before = merged.get(pair)
        if before is None:
            merged[pair] = one
            continue
        merged[pair] = before._replace(
            delivered_at=min(before.delivered_at, one.delivered_at),
            signed_at=before.signed_at or one.signed_at,
            signed_by=before.signed_by or one.signed_by,
        )
    if merged:
        await moving.supersede(conn, await moving.learn(conn, list(merged.values())))


async def hand_on(
    conn: Connection, dispatches: dict[UUID, Dispatch], parents: Collection[Pair], at: datetime
) -> list[Sent]:
    """Sends to every node below these parents that was not sent to yet; returns them.

    Events: sync.dispatch.sent.v1.
    """
    sent = await moving.mark_sent(conn, parents, at)
    groups = groupby(sent, key=attrgetter("dispatch_id"))
    rows = (
        rows_of_sent(dispatches[id_], [(one.node, one.parent, one.is_addressed) for one in group], at)
        for id_, group in groups
    )
    await moving.publish(conn, chain.from_iterable(rows))
    return sent


async def expect_all(conn: Connection, dispatch: Dispatch, *, sign_by: date | None, under: str | None = None) -> None:
    """Notes everybody who is to receive a dispatch in today's tree, below `under` or at all."""
    heirs = await find_heirs(conn, {dispatch.sender, *dispatch.roots})
    roots = {heirs.get(root, root) for root in dispatch.roots}
    ranges = [bounds for root in roots if (bounds := _common(subtree_range(root), under)) is not None]
    if ranges:
        found = receivers(
            sender=heirs.get(dispatch.sender, dispatch.sender),
            roots=roots,
            down_to=dispatch.down_to,
            places=await moving.find_places(conn, ranges, today()),
            under=under,
        )
        await moving.expect(conn, dispatch, found, sign_by=sign_by)


async def _store(conn: Connection, dispatches: Sequence[Dispatch]) -> set[UUID]:
    new = await moving.store_dispatches(conn, {one.id: one for one in dispatches}.values())
    if await moving.are_told_otherwise(conn, {(one.id, one.digest) for one in dispatches}):
        raise DispatchContradicted
    return new


async def _expect_unexpected(conn: Connection, arrivals: dict[Pair, Arrival], new: Collection[UUID]) -> None:
    """The nodes that this site did not expect, and whoever is below them; newcomers, where it has the dispatch."""
    for pair in sorted(await moving.find_unexpected(conn, list(arrivals))):
        one = arrivals[pair]
        sign_by = one.dispatch.sign_by
        if one.dispatch.id not in new:
            sign_by = sign_by_of_newcomer(sign_by, day=today())
        await expect_all(conn, one.dispatch, sign_by=sign_by, under=one.node)
        await moving.expect_one(
            conn, one.dispatch, one.node, one.parent, is_addressed=one.is_addressed, sign_by=sign_by
        )


def _common(bounds: tuple[str, str], under: str | None) -> tuple[str, str] | None:
    if under is None:
        return bounds
    low, high = subtree_range(under)
    common = max(bounds[0], low), min(bounds[1], high)
    return common if common[0] <= common[1] else None
