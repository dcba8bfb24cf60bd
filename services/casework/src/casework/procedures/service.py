"""Use cases of rule texts: issued, replaced and withdrawn, always in public. Source: O4.1a, O4.3e."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.items.service import Published, procedure_families, publish, withdraw
from casework.procedures.domain import (
    FamilyState,
    chain_of,
    end_of_withdrawn,
    in_force,
    judge_families,
    require_issuer,
    require_later,
    require_newest,
)
from common.auth import Actor, Role, require_role, require_scope
from common.clock import now, today
from common.contracts.casework.catalogue import ProcedureFamily, PublicationState, RuleTextKind, RuleTextState
from common.directory import require_division
from common.divisions import level_of
from common.ids import uuid7
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork

ISSUERS = (Role.ADMINISTRATOR, Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD)


@dataclass(frozen=True, slots=True)
class TextWords:
    """What a version of a text says, and on what it rests."""

    title: str
    text: str
    document: str
    issued_by: str
    effective_on: date


async def issue_text(
    uow: UnitOfWork, *, actor: Actor, division: str, family: ProcedureFamily, kind: RuleTextKind, words: TextWords
) -> RuleTextState:
    """Issues and publishes a rule text or a process; one that already holds may be entered with its day.

    Source: O4.1a, O4.3e.

    Raises:
        RoleRequired, OutOfScope: not this actor's to issue.
        DivisionUnknown, DivisionRetired, StationIssuesNothing: nobody issues there.

    Events: casework.rule-text.changed.v1, casework.publication.changed.v1.
    """
    require_role(actor, *ISSUERS)
    require_scope(actor, division)
    await require_division(uow.conn, division)
    require_issuer(division)
    return await _issue(uow, division=division, family=family, kind=kind, words=words, series=uuid7(), number=1)


async def issue_version(
    uow: UnitOfWork, *, actor: Actor, text_id: UUID, expected_version: int, words: TextWords
) -> RuleTextState:
    """Issues and publishes the next version of a text; the one before it ends when this one begins.

    Source: O4.1a, O4.3e.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: not this actor's, no such text, changed meanwhile.
        RuleTextSuperseded, VersionTooEarly: it does not follow that version.

    Events: casework.rule-text.changed.v1 of both, casework.publication.changed.v1.
    Locks: the version before.
    """
    held = await _hold(uow, actor=actor, text_id=text_id, expected_version=expected_version)
    require_later(words.effective_on, than=held)
    ended = next_state(held, effective_to=words.effective_on)
    await store_record(uow, ended, previous=held, action="casework.rule-text.replace")
    return await _issue(
        uow,
        division=held.division,
        family=held.family,
        kind=held.kind,
        words=words,
        series=held.series,
        number=held.number + 1,
    )


async def withdraw_text(
    uow: UnitOfWork, *, actor: Actor, text_id: UUID, expected_version: int, reason: str
) -> RuleTextState:
    """Withdraws a text from today; it stays readable, and the log says when and why it went.

    Source: O4.3e.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: not this actor's, no such text, changed meanwhile.
        RuleTextSuperseded: it no longer holds.

    Events: casework.rule-text.changed.v1, casework.publication.changed.v1.
    Locks: the text, its entry in the log.
    """
    held = await _hold(uow, actor=actor, text_id=text_id, expected_version=expected_version)
    entry = await hold_record(uow.session, PublicationState, held.publication_id, expected_version=None)
    await withdraw(uow, entry, reason=reason)
    state = next_state(
        held, status="withdrawn", withdrawal_reason=reason, effective_to=end_of_withdrawn(held, today=today())
    )
    return await store_record(uow, state, previous=held, action="casework.rule-text.withdraw", reason=reason)


async def get_text(session: AsyncSession, text_id: UUID) -> RuleTextState:
    """One version of a text; everybody may read it.

    Source: O4.3e.

    Raises:
        RecordNotFound: there is none.
    """
    return await get_record(session, RuleTextState, text_id)


async def list_texts(session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[RuleTextState]:
    """All versions of all texts, the oldest entry first.

    Source: O4.3e.
    """
    return await list_records(session, RuleTextState, wanted, after=after, limit=limit)


async def list_versions(session: AsyncSession, text_id: UUID) -> list[RuleTextState]:
    """All versions of the series that a text belongs to, the first one first.

    Source: O4.3e.

    Raises:
        RecordNotFound: there is no such text.
    """
    text = await get_text(session, text_id)
    return await list_records(session, RuleTextState, Wanted(equal=(("series", str(text.series)),)))


async def list_in_force(
    session: AsyncSession,
    *,
    division: str,
    on: date,
    family: ProcedureFamily | None = None,
    kind: RuleTextKind | None = None,
) -> list[RuleTextState]:
    """The texts that hold at a division on a day, its own before those of the levels above.

    Source: O4.1a, O4.3e.

    Raises:
        InvalidDivisionCode: no division code.
    """
    return in_force(await _texts_above(session, division), on=on, family=family, kind=kind)


async def judge_division(session: AsyncSession, *, division: str, on: date) -> list[FamilyState]:
    """What each of the six families has at a division on a day.

    Source: O4.1a.

    Raises:
        InvalidDivisionCode: no division code.
    """
    return judge_families(await _texts_above(session, division), procedure_families(), on=on)


async def list_publications(
    session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int
) -> list[PublicationState]:
    """The log of what was made public, in the order in which it was.

    Source: O4.3e.
    """
    return await list_records(session, PublicationState, wanted, after=after, limit=limit)


async def _texts_above(session: AsyncSession, division: str) -> list[RuleTextState]:
    level_of(division)
    found: list[RuleTextState] = []
    for code in chain_of(division):
        found += await list_records(session, RuleTextState, Wanted(equal=(("division", code),)))
    return found


async def _hold(uow: UnitOfWork, *, actor: Actor, text_id: UUID, expected_version: int) -> RuleTextState:
    require_role(actor, *ISSUERS)
    held = await hold_record(uow.session, RuleTextState, text_id, expected_version=expected_version, actor=actor)
    require_newest(held)
    return held


async def _issue(
    uow: UnitOfWork,
    *,
    division: str,
    family: ProcedureFamily,
    kind: RuleTextKind,
    words: TextWords,
    series: UUID,
    number: int,
) -> RuleTextState:
    published = Published("rule_text", str(series), number, words.title, words.document, words.effective_on)
    entry = await publish(uow, published, division=division)
    state = RuleTextState(
        id=uuid7(),
        version=1,
        division=division,
        level=level_of(division),
        changed_at=now(),
        series=series,
        number=number,
        family=family,
        kind=kind,
        title=words.title,
        text=words.text,
        document=words.document,
        issued_by=words.issued_by,
        effective_from=words.effective_on,
        publication_id=entry.id,
    )
    return await store_record(uow, state, previous=None, action="casework.rule-text.issue")
