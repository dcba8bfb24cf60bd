"""Setting the official document from a circular and its snapshot."""

import asyncio
from datetime import date

from common.clock import today
from common.contracts.reporting.circulars import CircularState
from common.uow import UnitOfWork
from reporting.circulars.domain import Snapshot, canonical, digest_of, filled, numbers_of
from reporting.circulars.rendering import Paper
from reporting.circulars.service.freezing import stored_snapshot

UNNUMBERED = "（送审稿，未编号）"


def paper_of(state: CircularState, snapshot: Snapshot, *, number: str, signed_on: date) -> Paper:
    """Everything that the document is made from.

    Source: O6.3b.

    Raises:
        PlaceholderUnknown, PlaceholderEmpty: the text names a number that is not there.
    """
    return Paper(
        words=filled(state.words, numbers_of(snapshot)),
        tables={table.query.code: table for table in snapshot.tables},
        number=number,
        signed_on=signed_on,
        on=snapshot.on,
        digest=state.snapshot.digest if state.snapshot else digest_of(canonical(snapshot)),
        changes=state.changes,
        word_changes=state.word_changes,
    )


async def set_paper(paper: Paper) -> bytes:
    """The document; setting takes tens of milliseconds, and other requests go on meanwhile.

    Source: O6.3b.
    """
    return await asyncio.to_thread(_render, paper)


async def set_preview(uow: UnitOfWork, state: CircularState) -> bytes:
    """What a circular would look like, without a number: for those who write and review it.

    Source: O6.3b.

    Raises:
        SnapshotNotFound, PlaceholderUnknown, PlaceholderEmpty: not ready.
    """
    snapshot = await stored_snapshot(uow.session, state)
    return await set_paper(paper_of(state, snapshot, number=UNNUMBERED, signed_on=today()))


def _render(paper: Paper) -> bytes:
    from reporting.circulars.rendering.document import render  # noqa: PLC0415 - see the package

    return render(paper)
