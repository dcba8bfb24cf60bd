"""Reading posts: of an office, of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.registry.people import EstablishmentState, StaffMemberState
from registry.history.service import Wanted, get_record, list_records, list_versions
from registry.offices.domain import READERS
from registry.staff.domain import DutyMatrix, Person, duty_matrix, is_held
from registry.staff.repository import Persons, PersonVault


@dataclass(frozen=True, slots=True)
class Post:
    """A post with the person behind it; None where the file is kept at another site."""

    state: StaffMemberState
    person: Person | None


async def list_posts_of(session: AsyncSession, *, pseudonym: str) -> list[StaffMemberState]:
    """Every post that the person has or had, in the whole province as this site knows it: for rules, not for people.

    Source: O1.4g.
    """
    return await list_records(session, StaffMemberState, Wanted(equal=(("pseudonym", pseudonym),)))


async def list_posts_on(
    session: AsyncSession, *, office_id: UUID, on: date, actor: Actor | None = None
) -> list[StaffMemberState]:
    """The posts of an office that were held on a day, as that day's records tell; with an actor, only in its subtree.

    Source: O1.4b, O3.2a.
    """
    states = await list_records(session, StaffMemberState, Wanted(office_id=office_id, on=on), actor=actor)
    return [state for state in states if is_held(state, on)]


async def list_posts_at(session: AsyncSession, *, office_id: UUID) -> list[StaffMemberState]:
    """Every post that an office has or had, as it stands now."""
    return await list_records(session, StaffMemberState, Wanted(office_id=office_id))


async def list_quotas(session: AsyncSession, *, office_id: UUID) -> list[EstablishmentState]:
    """Every version of an office's establishment, the first one first; empty while nobody has told it.

    Source: O1.4d.
    """
    found = await list_records(session, EstablishmentState, Wanted(office_id=office_id), limit=1)
    return await list_versions(session, EstablishmentState, found[0].id) if found else []


async def get_post(session: AsyncSession, vault: PersonVault, *, actor: Actor, post_id: UUID) -> Post:
    """One post of the actor's subtree, with the person.

    Raises:
        RoleRequired: the actor's roles read no staff data.
        RecordNotFound: none, or not the actor's to see.
    """
    require_role(actor, *READERS)
    state = await get_record(session, StaffMemberState, post_id, actor=actor)
    return (await with_persons(session, vault, [state]))[0]


async def list_posts(
    session: AsyncSession,
    vault: PersonVault,
    *,
    actor: Actor,
    wanted: Wanted,
    after: UUID | None,
    limit: int,
) -> list[Post]:
    """Posts of the actor's subtree, held or ended, by id.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    states = await list_records(session, StaffMemberState, wanted, actor=actor, after=after, limit=limit)
    return await with_persons(session, vault, states)


async def list_post_versions(session: AsyncSession, vault: PersonVault, *, actor: Actor, post_id: UUID) -> list[Post]:
    """Every state that a post had.

    Raises:
        RoleRequired, RecordNotFound: as get_post.
    """
    require_role(actor, *READERS)
    return await with_persons(session, vault, await list_versions(session, StaffMemberState, post_id, actor=actor))


async def with_persons(session: AsyncSession, vault: PersonVault, states: Sequence[StaffMemberState]) -> list[Post]:
    """The posts with their persons."""
    persons = await _persons_of(session, vault, states)
    return [Post(state, persons.get(state.person_id) if state.person_id else None) for state in states]


async def get_duty_matrix(
    session: AsyncSession, vault: PersonVault, *, actor: Actor, office_id: UUID, on: date
) -> tuple[DutyMatrix, Mapping[UUID, Person]]:
    """Who does what at an office on a day, and what nobody does; persons by the id of their file.

    Source: O3.2a, O1.1a.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    posts = await list_posts_on(session, office_id=office_id, on=on, actor=actor)
    return duty_matrix(posts, on=on), await _persons_of(session, vault, posts)


async def _persons_of(
    session: AsyncSession, vault: PersonVault, states: Sequence[StaffMemberState]
) -> Mapping[UUID, Person]:
    return await Persons(session, vault).find_many({state.person_id for state in states if state.person_id})
