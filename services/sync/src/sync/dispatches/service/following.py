"""Use cases that time brings: the tree changes, and days to sign by come near."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from common.clock import now, today
from common.db import Connection
from common.directory import find_heirs
from common.divisions import LEVELS
from sync.dispatches.domain import Dispatch, Receiver, receivers, sign_by_of_newcomer
from sync.dispatches.events import row_of_reminded
from sync.dispatches.repository import following, moving
from sync.dispatches.service.sending import Site, hand_on

FOLLOW_DISPATCHES = 100
"""Dispatches in force that the divisions of one transaction are compared with."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something changes of a division, or of its office, from `since`; the division ends on `until`."""

    code: str
    since: date
    until: date | None = None


async def see_tree(conn: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Where divisions and offices are, and what decides whether dispatches go there: from when to when, open or closed.

    Source: ADR 0018.
    """
    return await following.find_tree(conn, ids)


async def note_moves(conn: Connection, moves: Sequence[Move]) -> None:
    """Remembers where the tree changes, for each day on which it does.

    Source: standards.md §1 (Order 79), ADR 0018.
    """
    day = today()
    days = {(move.code, max(day, move.since)) for move in moves}
    days |= {(move.code, max(day, move.until)) for move in moves if move.until is not None}
    await following.remember_moves(conn, days)


async def follow_moves(conn: Connection, site: Site, *, limit: int, dispatches: int = FOLLOW_DISPATCHES) -> bool:
    """Divisions and offices that have appeared get what is in force; nobody waits for those that are no more.

    Who is above them hands it on: at once where that node has the dispatch, otherwise when it arrives there.

    Source: standards.md §1 (Order 79), architecture.md §5, ADR 0018.

    Args:
        limit: how many divisions at most.
        dispatches: how many dispatches at most; the rest the next time, so that senders never wait for long.

    Returns:
        Whether there may be more.

    Events: sync.dispatch.sent.v1.
    Locks: the tree: nothing is sent meanwhile, so that no node is overlooked between the two.
    """
    day = today()
    if not await following.are_due(conn, day):
        return False
    await moving.follow_tree(conn)
    done_to, codes = await following.take_moves(conn, day, limit)
    if not codes:
        return False
    valid = await following.find_valid(conn, codes, day)
    standing = await moving.find_places(conn, [(code, code) for code in codes], day)
    await following.retire(conn, set(codes) - valid, day)
    await following.only_pass_on(conn, valid - set(standing))
    low, high = site.bounds
    places = [code for code in standing if low <= code <= high]
    in_force = await following.find_in_force(conn, after=done_to, limit=dispatches) if places else []
    if in_force:
        await _supply(conn, site, places, in_force, day)
    if len(in_force) == dispatches:
        await following.put_back(conn, codes, day, in_force[-1].id)
        return True
    return len(codes) == limit or await following.are_due(conn, day)


async def _supply(
    conn: Connection, site: Site, places: Collection[str], in_force: Sequence[Dispatch], day: date
) -> None:
    heirs = await find_heirs(conn, {code for one in in_force for code in (one.sender, *one.roots)})
    parents: set[tuple[UUID, str]] = set()
    own: set[tuple[UUID, str]] = set()
    for one in in_force:
        sender = heirs.get(one.sender, one.sender)
        found = _receivers_of(one, sender, heirs, places)
        await moving.expect(conn, one, found, sign_by=sign_by_of_newcomer(one.sign_by, day=day))
        parents |= {(one.id, new.parent) for new in found if site.hosts(new.parent)}
        own.add((one.id, sender))
    have = (parents & own) | await following.find_having(conn, parents - own)
    await hand_on(conn, await moving.find_dispatches(conn, {id_ for id_, _ in have}), have, now())


def _receivers_of(dispatch: Dispatch, sender: str, heirs: dict[str, str], places: Collection[str]) -> list[Receiver]:
    roots = {heirs.get(root, root) for root in dispatch.roots}
    return receivers(sender=sender, roots=roots, down_to=dispatch.down_to, places=places)


async def remind(conn: Connection, site: Site, *, days_before: Collection[int], limit: int) -> bool:
    """Reminds nodes of this site that have not signed: on the day itself, and so many days before, once each.

    A site that did not run on such a day reminds of it later, once for all the days that have passed.

    Source: architecture.md §5 "Downward", ADR 0018.

    Args:
        days_before: 0 is the day itself and always meant.
        limit: how many nodes at most.

    Returns:
        Whether there may be more.

    Events: sync.dispatch.reminded.v1.
    Locks: the rows of the nodes; those that somebody else holds are left to the next time.
    """
    at, day, days = now(), today(), sorted({0, *days_before})
    due = await following.mark_reminded(
        conn,
        day=day,
        days_before=days,
        last_sign_by=day + timedelta(days=days[-1]),
        levels=[level for level in LEVELS if level in site.levels],
        bounds=site.bounds,
        limit=limit,
        at=at,
    )
    known = await moving.find_dispatches(conn, {one.dispatch_id for one in due})
    await moving.publish(conn, [row_of_reminded(known[one.dispatch_id], one.node, one.days_before, at) for one in due])
    return len(due) == limit
