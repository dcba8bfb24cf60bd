"""Hiring and leaving: every check of a hire in one place, judged by the rules of its first day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from common.auth import Actor
from common.clock import today
from common.contracts.casework import Duty
from common.contracts.registry.people import QualificationStandardState, RecruitmentState, StaffMemberState, StaffType
from common.divisions import Level
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state, require_effective
from registry.history.errors import RecordEnded, RecordNotFound
from registry.history.service import get_record, hold_record, store_record
from registry.offices.domain import Edge, OfficeKind
from registry.offices.service import hold_office
from registry.staff.domain import (
    Person,
    ServiceTerm,
    is_public_employee,
    make_id_number,
    make_name,
    make_phone,
    missing_against,
    require_end,
    require_free_post,
    require_impersonal,
    require_place,
    require_priority,
    require_qualified,
    require_staff_type,
    require_time,
    with_hire,
)
from registry.staff.errors import EstablishmentUnknown, RecruitmentRefused
from registry.staff.repository import PersonVault, hold_pseudonym
from registry.staff.service.files import keep_person
from registry.staff.service.posts import Post, list_posts_at, list_posts_of, list_quotas, with_persons
from registry.staff.service.standards import find_standard

PriorityGroup = Literal["three_supports", "graduate_village_official"]


@dataclass(frozen=True, slots=True)
class NewPost:
    """A hire as somebody wants it; the person as typed.

    Attributes:
        term: proof of the completed service of a priority group.
        exception: document that lets somebody be hired who does not fulfil the standard.
        account: the token's subject under which the person works; what stations are paid for is traced by it (O1.4f).
    """

    office_id: UUID
    staff_type: StaffType
    started_on: date
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str | None = field(repr=False)
    education: str | None = field(repr=False)
    certificates: tuple[str, ...] = field(repr=False)
    post_title: str | None = None
    is_public_employee: bool = False
    duties: tuple[Duty, ...] = ()
    recruitment_id: UUID | None = None
    group: PriorityGroup | None = None
    term: ServiceTerm | None = None
    exception: str | None = None
    account: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PostChanges:
    """What changes of a post; None leaves it."""

    post_title: str | None = None
    duties: tuple[Duty, ...] | None = None
    is_public_employee: bool | None = None
    account: str | None = None


async def hire_staff(uow: UnitOfWork, vault: PersonVault, *, actor: Actor, new: NewPost) -> Post:
    """Takes somebody on, or enters who was found at work.

    The day of the hire decides which types, quota, standard and priority groups hold.

    Source: O1.4d, O1.4e, O3.1a, O3.1b.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound, OfficeClosed: not this actor's to staff.
        EffectiveDateRefused: it begins after today.
        IdNumberInvalid, PersonNameInvalid, PersonPhoneInvalid, PersonNameDiffers, TextHoldsPersonalData: of the person.
        StaffTypeRefused, AlreadyInOffice, FullPostHeld: the post cannot be of this type, or not of this person.
        EstablishmentUnknown, EstablishmentFull: no established post is free.
        Unqualified: the standard in force asks for more, and no exception was given.
        RecruitmentRefused, RecruitmentFull, PriorityRefused: the recruitment does not take this person.

    Events: registry.staff-member.changed.v1; registry.recruitment.changed.v1 where one is named.
    Locks: the office, then the person's pseudonym, until the transaction ends.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.LEADERSHIP)
    require_effective(new.started_on, today=today(), previous=None)
    require_staff_type(OfficeKind(office.kind), new.staff_type, on=new.started_on)
    person = _person(new)
    pseudonym = vault.pseudonym_of(person.id_number)
    await hold_pseudonym(uow.session, pseudonym)
    posts = await list_posts_of(uow.session, pseudonym=pseudonym)
    require_time(posts, office_id=office.id, staff_type=new.staff_type, starts_on=new.started_on)
    standard, missing = await _qualify(uow, office.division, person, new)
    state = _state(new, pseudonym, standard, missing, division=office.division, level=Level(office.level))
    if new.staff_type == "establishment":
        await _require_established_post(uow, state)
    recruitment = await _require_recruited(uow, new)
    person_id = await keep_person(uow, vault, actor=actor, person=person, posts=posts)
    state = state.model_copy(update={"person_id": person_id})
    state = await store_record(uow, state, previous=None, action="registry.staff-member.hire", reason=new.reason)
    if recruitment is not None:
        await _count_hire(uow, recruitment, new)
    return Post(state, person)


async def change_post(
    uow: UnitOfWork,
    vault: PersonVault,
    *,
    actor: Actor,
    post_id: UUID,
    expected_version: int,
    changes: PostChanges,
    effective_on: date,
    reason: str | None,
) -> StaffMemberState:
    """Changes title, duties, account or the declared public employment of a post; another type is another post.

    Source: O3.2a, O1.4g.

    Raises:
        RecordNotFound: none, or of an office that the actor does not lead.
        PreconditionFailed: somebody else changed it meanwhile.
        RecordEnded: what has ended stays.
        EffectiveDateRefused: after today or before the last change.
        TextHoldsPersonalData: the title, the account or the reason holds a number, or the person's name.

    Events: registry.staff-member.changed.v1.
    Locks: the office and the post.
    """
    post = await _hold_post(uow, actor, post_id, expected_version)
    await _require_impersonal(uow, vault, post, changes.post_title, changes.account, reason)
    declared = post.is_public_employee if changes.is_public_employee is None else changes.is_public_employee
    state = next_state(
        post,
        effective_on=effective_on,
        post_title=post.post_title if changes.post_title is None else changes.post_title,
        duties=post.duties if changes.duties is None else changes.duties,
        account=post.account if changes.account is None else changes.account,
        is_public_employee=is_public_employee(post.staff_type, is_declared=declared),
    )
    await store_record(uow, state, previous=post, action="registry.staff-member.change", reason=reason)
    return state


async def end_post(
    uow: UnitOfWork,
    vault: PersonVault,
    *,
    actor: Actor,
    post_id: UUID,
    expected_version: int,
    ended_on: date,
    reason: str | None,
) -> StaffMemberState:
    """Ends a post; it stays in the history. A transfer is this and a new hire at the other office.

    Source: S0, O1.4d.

    Args:
        ended_on: the first day on which the post is no longer held.

    Raises:
        RecordNotFound, PreconditionFailed, RecordEnded, TextHoldsPersonalData: as change_post.
        PostEndRefused: before it began, or later than tomorrow.
        EffectiveDateRefused: before the last change of the post.

    Events: registry.staff-member.changed.v1.
    Locks: the office and the post.
    """
    post = await _hold_post(uow, actor, post_id, expected_version)
    await _require_impersonal(uow, vault, post, reason)
    require_end(post, ended_on, today=today())
    state = next_state(post, effective_on=min(ended_on, today()), ended_on=ended_on)
    await store_record(uow, state, previous=post, action="registry.staff-member.end", reason=reason)
    return state


async def _hold_post(uow: UnitOfWork, actor: Actor, post_id: UUID, expected_version: int) -> StaffMemberState:
    seen = await get_record(uow.session, StaffMemberState, post_id, actor=actor)
    await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.LEADERSHIP)
    post = await hold_record(uow.session, StaffMemberState, post_id, expected_version=expected_version)
    if post.ended_on is not None:
        raise RecordEnded
    return post


async def _require_impersonal(uow: UnitOfWork, vault: PersonVault, post: StaffMemberState, *texts: str | None) -> None:
    """Texts that are kept in clear name neither a number nor the person, where the file is kept here."""
    (held,) = await with_persons(uow.session, vault, [post])
    require_impersonal(*texts, name=held.person.name if held.person else None)


def _person(new: NewPost) -> Person:
    person = Person(
        name=make_name(new.name),
        id_number=make_id_number(new.id_number, on=new.started_on),
        phone=None if new.phone is None else make_phone(new.phone),
        education=new.education,
        certificates=new.certificates,
        service_terms=() if new.term is None else (new.term,),
    )
    require_impersonal(new.post_title, new.exception, new.account, new.reason, name=person.name)
    return person


async def _qualify(
    uow: UnitOfWork, division: str, person: Person, new: NewPost
) -> tuple[QualificationStandardState | None, tuple[str, ...]]:
    """The standard of the day, and what the person lacks under an exception."""
    standard = await find_standard(uow.session, division=division, staff_type=new.staff_type, on=new.started_on)
    if standard is None:
        return None, ()
    missing = missing_against(standard, person, on=new.started_on)
    require_qualified(standard, missing, has_exception=new.exception is not None)
    return standard, missing


def _state(
    new: NewPost,
    pseudonym: str,
    standard: QualificationStandardState | None,
    missing: Sequence[str],
    **place: Any,
) -> StaffMemberState:
    return StaffMemberState(
        id=uuid7(),
        version=1,
        office_id=new.office_id,
        **place,
        effective_on=new.started_on,
        pseudonym=pseudonym,
        staff_type=new.staff_type,
        post_title=new.post_title,
        is_public_employee=is_public_employee(new.staff_type, is_declared=new.is_public_employee),
        duties=new.duties,
        qualification_standard_id=standard.id if standard else None,
        recruitment_id=new.recruitment_id,
        priority_group=new.group,
        started_on=new.started_on,
        ended_on=None,
        account=new.account,
        qualification_missing=tuple(missing),
        qualification_exception=new.exception if missing else None,
    )


async def _require_established_post(uow: UnitOfWork, state: StaffMemberState) -> None:
    quotas = await list_quotas(uow.session, office_id=state.office_id)
    if not quotas:
        raise EstablishmentUnknown
    require_free_post(quotas, await list_posts_at(uow.session, office_id=state.office_id), state)


async def _require_recruited(uow: UnitOfWork, new: NewPost) -> RecruitmentState | None:
    recruitment = None
    if new.recruitment_id is not None:
        try:
            recruitment = await get_record(uow.session, RecruitmentState, new.recruitment_id)
        except RecordNotFound:
            raise RecruitmentRefused("没有此招聘") from None
        require_place(recruitment, office_id=new.office_id, starts_on=new.started_on)
    if new.term is not None:
        require_priority(recruitment, new.term, starts_on=new.started_on)
    return recruitment


async def _count_hire(uow: UnitOfWork, recruitment: RecruitmentState, new: NewPost) -> None:
    day = max(new.started_on, recruitment.effective_on)
    state = next_state(recruitment, effective_on=day, hired_by_group=dict(with_hire(recruitment, new.group)))
    await store_record(uow, state, previous=recruitment, action="registry.recruitment.count_hire")
