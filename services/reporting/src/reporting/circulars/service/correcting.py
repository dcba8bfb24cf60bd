"""Corrections (更正) and what shows that one is due: a published circular is compared with the figures of now.

Source: O6.3b.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from common.clock import now
from common.contracts.reporting.circulars import BlockState, CircularState, WordChange
from common.ids import uuid7
from common.records.service import Wanted, get_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.circulars import domain
from reporting.circulars.domain import Difference, Snapshot
from reporting.circulars.errors import CorrectionPending
from reporting.circulars.repository import Circulars
from reporting.circulars.service.freezing import (
    Taken,
    keep_snapshot,
    require_taken_for,
    stored_content,
    stored_snapshot,
)
from reporting.circulars.service.reading import (
    DRAFTERS,
    Seen,
    actor_of,
    get_circular,
    hold_own,
    published_passages,
)
from reporting.circulars.service.setting import paper_of, set_paper, set_preview

_OPEN = ("draft", "under_review", "signed", "published", "corrected")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why numbers change, by their names, and why passages do.

    Attributes:
        otherwise: for the numbers without a reason of their own.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    passages: tuple[WordChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of a circular has found.

    Attributes:
        is_snapshot_intact: the stored snapshot has the digest that the circular names.
        is_document_intact: the stored file has the digest that was signed; None before the signature.
        is_document_same_again: set again from the stored snapshot it has the same bytes; a later release may set
            another file from the same words and numbers, so the circular holds without it.
        differences: numbers that would be others now.
        can_correct: a correction may be begun.
    """

    state: CircularState
    is_snapshot_intact: bool
    is_document_intact: bool | None
    is_document_same_again: bool | None
    differences: list[Difference]
    can_correct: bool

    @property
    def holds(self) -> bool:
        """Nothing was altered, and every number is still the same."""
        return self.is_snapshot_intact and self.is_document_intact is not False and not self.differences


async def verify_circular(uow: UnitOfWork, *, circular_id: UUID, taken: Taken) -> Verification:
    """Asks the same of the figures of now, and says which numbers would be others; sets the document again.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer: not this actor's; only the issuer's level has its figures.
        SnapshotNotFound: nothing is frozen.
    """
    state = await get_circular(uow.session, actor=actor_of(uow), circular_id=circular_id)
    domain.require_own(state, actor_of(uow).division)
    content = await stored_content(uow.session, state)
    snapshot = domain.read_snapshot(content)
    found = domain.differences(snapshot, taken.snapshot)
    is_correctable = state.status == "published" and not await _has_open_correction(uow, state.id)
    return Verification(
        state=state,
        is_snapshot_intact=state.snapshot is not None and domain.digest_of(content) == state.snapshot.digest,
        is_document_intact=await _is_document_intact(uow, state),
        is_document_same_again=await _is_same_again(state, snapshot),
        differences=found,
        can_correct=is_correctable and bool(found),
    )


async def correct_circular(uow: UnitOfWork, *, circular_id: UUID, taken: Taken, reasons: Reasons) -> CircularState:
    """Begins a correction of a published circular: a circular of its own that names it and each changed number.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed: not this actor's, or changed meanwhile.
        CircularNotInState, CorrectionPending: not published, or being corrected.
        CorrectionReasonMissing, PassageNotFound, NothingToCorrect: what changes is not told, or nothing does.

    Events: reporting.circular.changed.v1.
    Locks: the corrected one, so that there is one correction.
    """
    actor = actor_of(uow)
    corrected = await hold_own(uow, Seen(circular_id, taken.version), *DRAFTERS)
    domain.require_correctable(corrected)
    if await _has_open_correction(uow, corrected.id):
        raise CorrectionPending
    correction_id = uuid7()
    changes = await _changes(uow, correction_id, corrected, reasons, taken)
    base = {name: getattr(corrected, name) for name in type(corrected).model_fields}
    unset = ("document", "submitted", "returned", "signed", "published", "corrected_by", "told", "dispatch")
    state = CircularState.model_validate(
        {
            **base,
            **dict.fromkeys(unset),
            "tables": (),
            **changes,
            "id": correction_id,
            "version": 1,
            "changed_at": now(),
            "kind": "correction",
            "status": "draft",
            "holder": actor.subject,
            "drafters": (actor.subject,),
            "corrects": corrected.id,
            "words": _words(corrected),
        }
    )
    return await store_record(uow, state, previous=None, action="reporting.circular.begin-correction")


async def refresh_correction(uow: UnitOfWork, *, seen: Seen, taken: Taken, reasons: Reasons) -> CircularState:
    """Compares a correction's draft with the figures of now again; reasons given before remain.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState.
        CorrectionReasonMissing, PassageNotFound, NothingToCorrect: see `correct_circular`.

    Events: reporting.circular.changed.v1.
    """
    held = await hold_own(uow, seen, *DRAFTERS)
    require_taken_for(taken, held)
    corrected_id = domain.require_correction(held)
    changes = domain.frozen(held, by=actor_of(uow).subject)
    corrected = await get_record(uow.session, CircularState, corrected_id)
    kept = {change.name: change.why for change in held.changes}
    again = Reasons({**kept, **reasons.numbers}, reasons.otherwise, reasons.passages or held.word_changes)
    changes |= await _changes(uow, held.id, corrected, again, taken)
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.circular.freeze")


async def preview_circular(uow: UnitOfWork, *, circular_id: UUID) -> bytes:
    """The document as it would be signed now, for the issuer's own office.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, SnapshotNotFound, PlaceholderUnknown, PlaceholderEmpty.
    """
    state = await get_circular(uow.session, actor=actor_of(uow), circular_id=circular_id)
    domain.require_own(state, actor_of(uow).division)
    return await set_preview(uow, state)


async def _changes(
    uow: UnitOfWork, correction_id: UUID, corrected: CircularState, reasons: Reasons, taken: Taken
) -> dict[str, Any]:
    old = await stored_snapshot(uow.session, corrected)
    numbers = domain.changes_of(old, taken.snapshot, reasons.numbers, otherwise=reasons.otherwise)
    domain.require_passages(reasons.passages, await published_passages(uow, corrected))
    domain.require_something(numbers, reasons.passages)
    return {
        "changes": numbers,
        "word_changes": reasons.passages,
        "snapshot": await keep_snapshot(uow, correction_id, taken),
    }


async def _is_document_intact(uow: UnitOfWork, state: CircularState) -> bool | None:
    if state.document is None:
        return None
    return domain.digest_of(await Circulars(uow.session).document(state.id)) == state.document.digest


async def _is_same_again(state: CircularState, snapshot: Snapshot) -> bool | None:
    document = state.document
    if document is None:
        return None
    again = await set_paper(paper_of(state, snapshot, number=document.number, signed_on=document.signed_on))
    return domain.digest_of(again) == document.digest


async def _has_open_correction(uow: UnitOfWork, circular_id: UUID) -> bool:
    wanted = Wanted(statuses=_OPEN, equal=(("corrects", str(circular_id)),))
    return bool(await list_records(uow.session, CircularState, wanted, limit=1))


def _words(corrected: CircularState) -> Any:
    """The words that a correction begins with; its drafters change them. The whole tables follow as an attachment."""
    words = corrected.words
    tables = tuple(BlockState(kind="table", text=query.code) for query in corrected.queries)
    return words.model_copy(
        update={
            "title": domain.correction_title(corrected),
            "blocks": (domain.opening_of(corrected),),
            "attachments": domain.corrected_tables(tables),
        }
    )
