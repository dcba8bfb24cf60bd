"""Deciding on a circular: returned, signed, published, withdrawn. Source: S5, O6.3b, G1."""

from uuid import UUID

from common.clock import beijing_day, now
from common.contracts.reporting.circulars import CircularState, DocumentReference
from common.records.service import hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.circulars import domain
from reporting.circulars.errors import NumberTaken
from reporting.circulars.repository import Circulars
from reporting.circulars.service.freezing import stored_snapshot
from reporting.circulars.service.marks import require_own_mark
from reporting.circulars.service.reading import DRAFTERS, SIGNERS, Seen, actor_of, hold_own
from reporting.circulars.service.setting import paper_of, set_paper


async def return_circular(uow: UnitOfWork, *, seen: Seen, reason: str) -> CircularState:
    """The review sends it back to the drafters.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState.

    Events: reporting.circular.changed.v1.
    """
    held = await hold_own(uow, seen, *SIGNERS)
    changes = domain.returned(held, by=actor_of(uow).subject, at=now(), reason=reason)
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action="reporting.circular.return", reason=reason)


async def sign_circular(uow: UnitOfWork, *, seen: Seen, sequence: int | None) -> CircularState:
    """Somebody else than those who wrote it signs it (签发): number, day and official document come about.

    Source: O6.3b, S0; standards.md §9 (GB/T 9704-2012).

    Args:
        sequence: the number that the office's own register gives it; None takes the next one of the year.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState, DrafterCannotSign.
        NumberMarkTaken, MarkNotEntered, IssuerNotOfMark: mark or name of another office.
        NumberTaken: the number was given before.

    Events: reporting.circular.changed.v1.
    Locks: the circular, then the series of its numbers.
    """
    held = await hold_own(uow, seen, *SIGNERS)
    by, at = actor_of(uow).subject, now()
    domain.require_signable(held, by=by)
    snapshot = await stored_snapshot(uow.session, held)
    day = beijing_day(at)
    number = await _take_number(uow, held, day.year, sequence)
    content = await set_paper(paper_of(held, snapshot, number=number, signed_on=day))
    await Circulars(uow.session).add_document(held.id, content)
    document = DocumentReference(number=number, signed_on=day, digest=domain.digest_of(content))
    state = next_state(held, **domain.signed(held, by=by, at=at, document=document))
    return await store_record(uow, state, previous=held, action="reporting.circular.sign", reason=number)


async def publish_circular(uow: UnitOfWork, *, seen: Seen) -> CircularState:
    """Tells it to its scope and sends it down the levels; a correction marks the one that it corrects.

    Source: S5, O6.3b, G1.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState.
        CorrectionPending, CircularNotInState: what is corrected was corrected or withdrawn meanwhile.

    Events: reporting.circular.changed.v1, of a correction for both.
    Locks: the circular, then the corrected one.
    """
    held = await hold_own(uow, seen, *DRAFTERS)
    snapshot = await stored_snapshot(uow.session, held)
    state = next_state(held, **domain.published(held, by=actor_of(uow).subject, at=now(), snapshot=snapshot))
    await store_record(uow, state, previous=held, action="reporting.circular.publish")
    if held.corrects is not None:
        await _mark_corrected(uow, held.corrects, state)
    return state


async def withdraw_circular(uow: UnitOfWork, *, seen: Seen, reason: str) -> CircularState:
    """Withdraws it, before or after its publication; it stays listed with the reason.

    Of a published correction: what it corrected is published again in the same transaction, and goes down once more.

    Source: O6.3b, S0.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState.

    Events: reporting.circular.changed.v1, of a published correction for both.
    Locks: the circular, then the one that it corrected.
    """
    held = await hold_own(uow, seen, *SIGNERS)
    state = next_state(held, **domain.withdrawn(held, by=actor_of(uow).subject, at=now(), reason=reason))
    await store_record(uow, state, previous=held, action="reporting.circular.withdraw", reason=reason)
    if held.corrects is not None and domain.is_told(held):
        await _reinstate(uow, held.corrects, state, reason)
    return state


async def _take_number(uow: UnitOfWork, held: CircularState, year: int, sequence: int | None) -> str:
    circulars, mark = Circulars(uow.session), held.words.number_mark
    await require_own_mark(uow, held.division, held.words)
    await circulars.claim_mark(mark, held.division, held.words.issuer)
    taken = await circulars.take_number(mark, year, held.id, wanted=sequence)
    if taken is None:
        raise NumberTaken(number=domain.number_text(mark, year, sequence or 0))
    return domain.number_text(mark, year, taken)


async def _mark_corrected(uow: UnitOfWork, corrected_id: UUID, correction: CircularState) -> None:
    held = await hold_record(uow.session, CircularState, corrected_id, expected_version=None)
    marked = next_state(held, **domain.corrected(held, by_correction=correction))
    await store_record(uow, marked, previous=held, action="reporting.circular.correct")


async def _reinstate(uow: UnitOfWork, corrected_id: UUID, correction: CircularState, reason: str) -> None:
    held = await hold_record(uow.session, CircularState, corrected_id, expected_version=None)
    again = next_state(held, **domain.reinstated(held, by_correction=correction))
    await store_record(uow, again, previous=held, action="reporting.circular.reinstate", reason=reason)
