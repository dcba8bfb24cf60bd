"""For the complainant: what became of it, and asking the next level to examine it again."""

from dataclasses import dataclass

from casework.complaints.domain import RE_EXAMINATION, divisions_above, require_appealable
from casework.complaints.errors import ComplaintNotFound
from casework.complaints.service.filing import handling_office, received
from casework.complaints.service.sealing import access_index, access_indexes, open_complainant, seal_complaint
from common.clock import now
from common.contracts.casework.complaints import ComplaintState
from common.crypto import FieldCipher
from common.ids import uuid7
from common.records.service import Wanted, hold_record, list_records, next_state, open_sealed, store_record
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Progress:
    """One round, with the answer in clear for whoever has the secret."""

    state: ComplaintState
    reply: str | None

    def __repr__(self) -> str:
        return f"Progress({self.state.number!r})"


async def list_progress(uow: UnitOfWork, *, cipher: FieldCipher, number: str, secret: str) -> list[Progress]:
    """The rounds of a complaint, for whoever has its number and its secret.

    Source: O4.2b, O4.3f.

    Raises:
        ComplaintNotFound: wrong number or wrong secret, the same for both, found by one look-up.
    """
    found = await _find(uow, cipher, number, secret)
    progress = []
    for state in found:
        opened = await open_sealed(uow.session, cipher, state.id)
        progress.append(Progress(state, opened.get("reply")))
    return progress


async def appeal_complaint(
    uow: UnitOfWork, *, cipher: FieldCipher, number: str, secret: str, grounds: str
) -> ComplaintState:
    """The next level examines it again, once; number and secret stay the same.

    Source: O1.3a, O4.3f.

    Raises:
        ComplaintNotFound: wrong number or wrong secret.
        AlreadyAppealed, AppealNotPossible, NobodyAbove: once, in time, and where there is a next level.

    Events: casework.complaint.changed.v1, twice.
    """
    uow.actor = None  # the audit does not name who complains
    at = now()
    first = (await _find(uow, cipher, number, secret))[0]
    held = await hold_record(uow.session, ComplaintState, first.id, expected_version=None)
    require_appealable(held, at=at)
    office = await handling_office(uow, divisions_above(held.division, None))
    opened = await open_sealed(uow.session, cipher, held.id)
    who = open_complainant(cipher, held.id, opened)
    kept = ("number", "kind", "subject", "accused_office_id", "accused_division", "accused_account")
    again = ComplaintState(
        **await received(uow, uuid7(), office, at),
        **{name: getattr(held, name) for name in (*kept, "is_anonymous", "attachment_count")},
        round=RE_EXAMINATION,
        appeal_of=held.id,
    )
    texts = {**opened, "grounds": grounds, "reply": None}
    await store_record(
        uow,
        again,
        previous=None,
        action="casework.complaint.appeal",
        sealed=seal_complaint(cipher, again.id, texts, who),
        subject_index=access_index(cipher, number, secret),
    )
    appealed = next_state(held, appealed_at=at, appeal_id=again.id)
    await store_record(uow, appealed, previous=held, action="casework.complaint.appeal")
    return again


async def _find(uow: UnitOfWork, cipher: FieldCipher, number: str, secret: str) -> list[ComplaintState]:
    wanted = Wanted(subject_indexes=tuple(access_indexes(cipher, number, secret)))
    found = await list_records(uow.session, ComplaintState, wanted)
    if not found:
        raise ComplaintNotFound
    return found
