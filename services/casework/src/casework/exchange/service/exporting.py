"""Cases go out as documents of a standard: masked to look at, in clear only as an audited act of a bureau's system."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from casework.cases.domain import state_of
from casework.cases.errors import CaseNotFound
from casework.cases.service import CaseFilter, Cases, StoredCase
from casework.exchange.domain import About, FormName, Party, export_case
from casework.exchange.errors import NothingToExport
from casework.exchange.repository import Sendings
from casework.exchange.service.access import EXPORT_RECORD, EXPORTERS, LEADERS, actor_of, offices_of
from common.auth import Actor, require_role, scope_bounds
from common.clock import BEIJING, now
from common.contracts.casework import CASE_RECORD
from common.contracts.casework.ratings import RatingState
from common.crypto import FieldCipher, mask_id_number, mask_name, mask_phone
from common.db import Connection
from common.directory import DirectoryOffice
from common.divisions import subtree_range
from common.records.service import Wanted, list_records
from common.uow import UnitOfWork

_LEAST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are to go out, and how.

    Attributes:
        case_ids: these; all of them or none.
        from_on: registered on this Beijing day or later; with `until_on`, where no ids are given.
        until_on: registered before this Beijing day.
        division: only of this subtree.
        after: (registered_at, id) of the last case of the page before.
        limit: most cases of a page.
        with_applicant: in clear instead of masked.
        with_ratings: their ratings too.
        reason: why, without personal data; it goes into the audit.
    """

    form: FormName
    reason: str
    case_ids: tuple[UUID, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    division: str | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50
    with_applicant: bool = False
    with_ratings: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """One page.

    Attributes:
        documents: in order of registration.
        last: (registered_at, id) of the last case if there are more.
    """

    documents: list[dict[str, Any]] = field(repr=False)
    last: tuple[datetime, UUID] | None


async def show_case(
    conn: Connection, cipher: FieldCipher, actor: Actor, *, case_id: UUID, form: FormName
) -> dict[str, Any]:
    """One case as it would go out, its applicant masked and without ratings; nothing is sent by it.

    Source: O4.2a, O4.1b; GB/T 39046-2020.

    Raises:
        RoleRequired, CaseNotFound: the actor exports nothing; not there, or outside the scope.
    """
    require_role(actor, *EXPORTERS)
    stored = await Cases(conn, cipher).find(case_id, bounds=scope_bounds(actor))
    if stored is None:
        raise CaseNotFound
    office = (await offices_of(conn, {stored.case.division})).get(stored.case.division)
    sending = await Sendings(conn).last(case_id, form)
    about = _about(stored, office, sending)
    return export_case(state_of(stored.case), form=form, about=about, party=_party(stored, is_clear=False))


async def export_cases(uow: UnitOfWork, *, cipher: FieldCipher, asked: Asked) -> Exported:
    """A page of cases as documents: an audited act, each applicant in clear is one of its own.

    Source: O4.2a, O4.1b; GB/T 39046-2020; standards.md §5, §9.

    Raises:
        RoleRequired: the actor exports nothing, or asks for applicants in clear and is no bureau's system.
        CaseNotFound: one of the ids is not there, or outside the scope; nothing goes out then.
        NothingToExport: the period has no case.

    Idempotency: none on purpose; a stored answer would be personal data in clear, and every export is an act.

    Locks: the counters of the sendings.
    """
    actor = actor_of(uow)
    require_role(actor, *(LEADERS if asked.with_applicant else EXPORTERS))
    cases = Cases(uow.conn, cipher)
    found = await (_by_ids(cases, actor, asked) if asked.case_ids else _of_period(cases, actor, asked))
    if not found:
        raise NothingToExport
    page = found[: asked.limit]
    await _record(uow, page, asked)
    offices = await offices_of(uow.conn, {one.case.division for one in page})
    versions = {stored.case.id: stored.case.version for stored in page}
    numbers = await Sendings(uow.conn).count(asked.form, versions, at=now())
    ratings = {one.case.id: await _ratings(uow, actor, one.case.id) for one in page if asked.with_ratings}

    def write() -> list[dict[str, Any]]:
        return [
            export_case(
                state_of(stored.case),
                form=asked.form,
                about=_about(stored, offices.get(stored.case.division), numbers[stored.case.id]),
                party=_party(stored, is_clear=asked.with_applicant),
                ratings=ratings.get(stored.case.id, ()),
            )
            for stored in page
        ]

    documents, last = await asyncio.to_thread(write), page[-1].case
    return Exported(documents, (last.registered_at, last.id) if len(found) > asked.limit else None)


async def _by_ids(cases: Cases, actor: Actor, asked: Asked) -> list[StoredCase]:
    found = [await cases.find(case_id, bounds=scope_bounds(actor)) for case_id in dict.fromkeys(asked.case_ids)]
    stored = [one for one in found if one is not None]
    if len(stored) < len(found):
        raise CaseNotFound
    return sorted(stored, key=lambda one: (one.case.registered_at, one.case.id))


async def _of_period(cases: Cases, actor: Actor, asked: Asked) -> list[StoredCase]:
    """One case more than the page holds, so that it is known whether there are more."""
    assert asked.from_on is not None and asked.until_on is not None, "the form of the request"  # noqa: S101, PT018
    within = None if asked.division is None else subtree_range(asked.division)
    # The end of the day before: a microsecond is the smallest step, so that no case of the first day is left out.
    begin = (_midnight(asked.from_on) - timedelta(microseconds=1), _LEAST)
    chosen = CaseFilter(scope_bounds(actor), within=within)
    found = await cases.page(chosen, after=asked.after or begin, limit=asked.limit + 1, newest_first=False)
    end = _midnight(asked.until_on)
    return [stored for stored in found if stored.case.registered_at < end]


async def _record(uow: UnitOfWork, page: Sequence[StoredCase], asked: Asked) -> None:
    await uow.record_audit("casework.exchange.export", EXPORT_RECORD, f"{asked.form}:{len(page)}", reason=asked.reason)
    for stored in page if asked.with_applicant else ():
        await uow.record_audit(
            "casework.applicant.disclose",
            CASE_RECORD,
            str(stored.case.id),
            division=stored.case.division,
            reason=asked.reason,
        )


async def _ratings(uow: UnitOfWork, actor: Actor, case_id: UUID) -> list[RatingState]:
    """The ratings of a case; whom one is about does not get it. Source: O4.3f."""
    found = await list_records(uow.session, RatingState, Wanted(case_id=case_id), actor=actor)
    return [rating for rating in found if actor.subject not in rating.rated_accounts]


def _about(stored: StoredCase, office: DirectoryOffice | None, sending: int) -> About:
    return About(
        item_name=stored.item_name,
        duty_label=stored.duty_label,
        office_name=None if office is None else office.name,
        office_code=None if office is None else office.uscc,
        sending=sending,
    )


def _party(stored: StoredCase, *, is_clear: bool) -> Party:
    person = stored.applicant
    if is_clear:
        return Party(person.name, person.identifier, person.phone, "clear")
    phone = None if person.phone is None else mask_phone(person.phone)
    return Party(mask_name(person.name), mask_id_number(person.identifier), phone, "masked")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BEIJING)
