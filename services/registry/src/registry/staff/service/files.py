"""Files of persons: kept by whoever leads an office where the person works, masked unless somebody says why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, OutOfScope, Role, require_role
from common.clock import today
from common.contracts.registry.people import StaffMemberState
from common.divisions import Level
from common.errors import PreconditionFailed
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.service import Wanted, list_records
from registry.offices.domain import READERS, require_leader
from registry.offices.service import get_office
from registry.staff.domain import (
    Person,
    make_id_number,
    make_name,
    make_phone,
    merged_file,
    require_impersonal,
)
from registry.staff.errors import PersonNameDiffers, PersonNotFound
from registry.staff.repository import Persons, PersonVault

RECORD = "registry.staff_person"
SEARCHERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.AUDITOR)
_PSEUDONYM_HEAD = 16


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person's file with the posts of it that the reader may see."""

    id: UUID
    version: int
    person: Person
    posts: Sequence[StaffMemberState]


async def get_person(session: AsyncSession, vault: PersonVault, *, actor: Actor, person_id: UUID) -> PersonFile:
    """The file of a person who has or had a post in the actor's subtree.

    Raises:
        RoleRequired: the actor's roles read no staff data.
        PersonNotFound: none, or no post that the actor may see.
    """
    require_role(actor, *READERS)
    return await _file(session, vault, actor, person_id)


async def search_persons(uow: UnitOfWork, vault: PersonVault, *, actor: Actor, id_number: str) -> list[PersonFile]:
    """The files of the person with exactly this number, of the actor's subtree: an audited act.

    The audit names the person by the head of the pseudonym, which tells nothing without the key.

    Source: ADR 0005; standards.md §9.

    Raises:
        RoleRequired: the actor's roles do not search.
        IdNumberInvalid: the number is none.
    """
    require_role(actor, *SEARCHERS)
    number = make_id_number(id_number, on=today())
    await uow.record_audit("registry.staff_person.search", RECORD, vault.pseudonym_of(number)[:_PSEUDONYM_HEAD])
    found = []
    for person_id in await Persons(uow.session, vault).ids_by_number(number):
        try:
            found.append(await _file(uow.session, vault, actor, person_id))
        except PersonNotFound:
            continue
    return found


async def unmask_person(
    uow: UnitOfWork, vault: PersonVault, *, actor: Actor, person_id: UUID, reason: str
) -> PersonFile:
    """The person in clear, for who leads an office of the person: an audited act of its own, with its reason.

    Source: O1.3a; ADR 0005; standards.md §9.

    Raises:
        RoleRequired, OutOfScope: the actor leads no office where the person works or worked.
        PersonNotFound: none, or no post that the actor may see.
        TextHoldsPersonalData: the reason names the person, or somebody's number.

    Idempotency: none on purpose; a stored answer would be personal data in clear, and every look is an act.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    found = await _file(uow.session, vault, actor, person_id)
    division = await _require_led(uow.session, actor, found.posts)
    require_impersonal(reason, name=found.person.name)
    await uow.record_audit("registry.staff_person.unmask", RECORD, str(person_id), division=division, reason=reason)
    return found


async def change_person(
    uow: UnitOfWork,
    vault: PersonVault,
    *,
    actor: Actor,
    person_id: UUID,
    expected_version: int,
    changes: dict[str, Any],
    reason: str | None,
) -> PersonFile:
    """Changes name, phone, education or certificates of a file; a number never changes.

    Posts that the person was hired into stay as they were judged.

    Source: O3.1a, O1.3a.

    Args:
        changes: only the members that are to change, as typed.

    Raises:
        RoleRequired, OutOfScope, PersonNotFound: as unmask_person.
        PreconditionFailed: somebody else changed it meanwhile.
        PersonNameInvalid, PersonPhoneInvalid, TextHoldsPersonalData: a value is none, or stands where it must not.
    """
    require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
    found = await _file(uow.session, vault, actor, person_id)
    division = await _require_led(uow.session, actor, found.posts)
    if found.version != expected_version:
        raise PreconditionFailed(current_version=found.version)
    person = replace(found.person, **_normal(changes))
    for name in {found.person.name, person.name}:
        require_impersonal(reason, name=name)
    if not await Persons(uow.session, vault).put(person_id, found.version + 1, person):
        raise PreconditionFailed
    await uow.record_audit("registry.staff_person.change", RECORD, str(person_id), division=division, reason=reason)
    return replace(found, version=found.version + 1, person=person)


async def keep_person(
    uow: UnitOfWork,
    vault: PersonVault,
    *,
    actor: Actor,
    person: Person,
    posts: Sequence[StaffMemberState],
) -> UUID:
    """Files the person of a new post: into the file that the actor can see already, otherwise into a new one.

    Args:
        posts: of the person, in the whole province.

    Raises:
        PersonNameDiffers: the file has another name.
        PreconditionFailed: somebody else changed the file meanwhile.

    Locks: relies on the caller's lock on the pseudonym.
    """
    persons = Persons(uow.session, vault)
    own = await list_records(
        uow.session, StaffMemberState, Wanted(equal=(("pseudonym", vault.pseudonym_of(person.id_number)),)), actor=actor
    )
    known = [post.person_id for post in own if post.person_id is not None] if posts else []
    found = await persons.find(known[-1]) if known else None
    if found is None:
        person_id = uuid7()
        await persons.add(person_id, person)
        return person_id
    earlier, version = found
    if earlier.name != person.name:
        raise PersonNameDiffers
    merged = merged_file(earlier, person)
    if merged != earlier and not await persons.put(known[-1], version + 1, merged):
        raise PreconditionFailed
    return known[-1]


async def _file(session: AsyncSession, vault: PersonVault, actor: Actor, person_id: UUID) -> PersonFile:
    wanted = Wanted(equal=(("person_id", str(person_id)),))
    posts = await list_records(session, StaffMemberState, wanted, actor=actor)
    found = await Persons(session, vault).find(person_id) if posts else None
    if found is None:
        raise PersonNotFound
    return PersonFile(person_id, found[1], found[0], posts)


async def _require_led(session: AsyncSession, actor: Actor, posts: Sequence[StaffMemberState]) -> str:
    """The division of an office of the person that the actor leads."""
    for post in posts:
        office = await get_office(session, office_id=post.office_id)
        try:
            require_leader(actor, leadership_division=office.leadership_division, level=Level(office.level))
        except OutOfScope:
            continue
        return post.division
    raise OutOfScope(clause="O1.3a")


def _normal(changes: dict[str, Any]) -> dict[str, Any]:
    normal = dict(changes)
    if "name" in normal:
        normal["name"] = make_name(normal["name"])
    if normal.get("phone") is not None:
        normal["phone"] = make_phone(normal["phone"])
    return normal
