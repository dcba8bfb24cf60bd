"""Looking at cases: within the actor's scope, masked; in clear only as an audited act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.cases.domain import (
    Applicant,
    ApplicantKind,
    Case,
    CaseStatus,
    make_reason,
    normalise_identifier,
)
from casework.cases.errors import CaseNotFound
from casework.cases.repository import EVERYWHERE, CaseFilter, Cases, CaseStates
from casework.cases.service.roles import DISCLOSERS, READERS, SEARCHERS, actor_of
from casework.cases.service.views import CaseView, view_of
from common.auth import Actor, require_role, scope_bounds
from common.clock import today
from common.contracts.casework import CASE_RECORD
from common.crypto import FieldCipher
from common.db import Connection
from common.divisions import subtree_range
from common.uow import UnitOfWork

_INDEX_HEAD = 16


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list in order of registration.

    Attributes:
        after: (registered_at, id) of the last case before it.
        limit: most cases.
        is_newest_first: direction.
    """

    after: tuple[datetime, UUID] | None
    limit: int
    is_newest_first: bool = True


async def get_case(cases: Cases, actor: Actor, *, case_id: UUID) -> CaseView:
    """One case of the actor's scope, its applicant masked.

    Raises:
        RoleRequired: the actor's roles read no cases.
        CaseNotFound: not there, or outside the scope.
    """
    require_role(actor, *READERS)
    stored = await cases.find(case_id, bounds=scope_bounds(actor))
    if stored is None:
        raise CaseNotFound
    return view_of(stored)


async def get_case_state(conn: Connection, case_id: UUID, *, actor: Actor | None = None) -> Case:
    """One case without anything of the applicant; with an actor, only within the actor's scope.

    Raises:
        CaseNotFound: not there, or outside the scope.
    """
    bounds = EVERYWHERE if actor is None else scope_bounds(actor)
    found = await CaseStates(conn).find_state(case_id, bounds=bounds)
    if found is None:
        raise CaseNotFound
    return found


async def hold_case_state(uow: UnitOfWork, case_id: UUID, *, actor: Actor | None = None) -> Case:
    """The same for a change beside the case: it stays as it is until the transaction ends.

    Source: O4.1b.

    Raises:
        CaseNotFound: not there, or outside the scope.

    Locks: the case's row.
    """
    bounds = EVERYWHERE if actor is None else scope_bounds(actor)
    found = await CaseStates(uow.conn).find_state(case_id, bounds=bounds, lock=True)
    if found is None:
        raise CaseNotFound
    return found


async def list_application_cases(conn: Connection, *application_ids: UUID) -> list[Case]:
    """The cases of applications, in the order of their making. Source: O4.1c."""
    return await CaseStates(conn).of_applications(application_ids)


async def find_case_by_number(
    conn: Connection, cipher: FieldCipher, *, case_number: str, identifier: str
) -> CaseView | None:
    """A case for somebody who knows its number and the applicant's.

    The same work is done, and the same is answered, whether the number is wrong or the identity: what is not there
    cannot be told from what is somebody else's.

    Source: O4.2b.
    """
    stored = await Cases(conn, cipher).find_by_number(case_number, identifier=identifier)
    return None if stored is None else view_of(stored)


async def get_own_case(conn: Connection, cipher: FieldCipher, *, case_id: UUID) -> CaseView:
    """One case for its applicant; that it is theirs, the caller has asked before.

    Raises:
        CaseNotFound: there is none.
    """
    stored = await Cases(conn, cipher).find(case_id, bounds=EVERYWHERE)
    if stored is None:
        raise CaseNotFound
    return view_of(stored)


async def find_open_cases(
    conn: Connection, cipher: FieldCipher, *, kind: ApplicantKind, identifier: str, item_code: str
) -> list[Case]:
    """All open cases of an applicant about an item, wherever they are, the newest first.

    Locks: the applicant with this item, until the transaction ends, so that of two applications one sees the other.

    Source: O4.2b.

    Raises:
        IdNumberInvalid, UsccInvalid: the number is none.
    """
    cases = Cases(conn, cipher)
    indexes = cases.search_indexes(normalise_identifier(identifier, kind=kind, on=today()))
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex') || $2, 7906005))", indexes[0], item_code
    )
    return await cases.open_of(indexes, item_code)


async def list_cases(
    cases: Cases,
    actor: Actor,
    *,
    status: CaseStatus | None,
    item_code: str | None,
    division: str | None,
    part: Slice,
) -> list[CaseView]:
    """Cases of the actor's scope, their applicants masked; `division` narrows it to a subtree.

    Raises:
        RoleRequired: the actor's roles read no cases.
        InvalidDivisionCode: the filter is no division code.
    """
    require_role(actor, *READERS)
    within = None if division is None else subtree_range(division)
    chosen = CaseFilter(scope_bounds(actor), within=within, status=status, item_code=item_code)
    found = await cases.page(chosen, after=part.after, limit=part.limit, newest_first=part.is_newest_first)
    return [view_of(stored) for stored in found]


async def search_cases(
    uow: UnitOfWork, *, cipher: FieldCipher, kind: ApplicantKind, identifier: str, part: Slice
) -> list[CaseView]:
    """Cases of one applicant within the actor's scope: an audited act, who looked for whom.

    The audit names the applicant by the head of the blind index, which tells nothing without the key.

    Source: ADR 0005; standards.md §9.

    Raises:
        RoleRequired: the actor's roles do not search.
        IdNumberInvalid, UsccInvalid: the number is none.
    """
    actor = actor_of(uow)
    require_role(actor, *SEARCHERS)
    cases = Cases(uow.conn, cipher)
    indexes = cases.search_indexes(normalise_identifier(identifier, kind=kind, on=today()))
    await uow.record_audit("casework.case.search", "casework.applicant", indexes[0].hex()[:_INDEX_HEAD])
    chosen = CaseFilter(scope_bounds(actor), indexes=indexes)
    found = await cases.page(chosen, after=part.after, limit=part.limit, newest_first=part.is_newest_first)
    return [view_of(stored) for stored in found]


async def disclose_applicant(uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID, reason: str) -> Applicant:
    """The applicant in clear: an audited act of its own, with its reason.

    Source: ADR 0005; standards.md §9.

    Raises:
        RoleRequired: the actor's roles do not disclose.
        CaseNotFound: not there, or outside the scope.
        ReasonHoldsPersonalData: the reason names somebody's number.

    Idempotency: none on purpose; a stored answer would be personal data in clear, and every look is an act.
    """
    actor = actor_of(uow)
    require_role(actor, *DISCLOSERS)
    told = make_reason(reason)
    stored = await Cases(uow.conn, cipher).find(case_id, bounds=scope_bounds(actor))
    if stored is None:
        raise CaseNotFound
    await uow.record_audit(
        "casework.applicant.disclose", CASE_RECORD, str(case_id), division=stored.case.division, reason=told
    )
    return stored.applicant
