"""Who sees which circular. Source: S5, O6.3b, O4.3e."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import SERVICE_ROLES, Actor, Role, require_role
from common.contracts.reporting.circulars import CircularState
from common.records.errors import RecordNotFound
from common.records.service import hold_record
from common.uow import UnitOfWork
from reporting.circulars.domain import (
    Link,
    Passage,
    Snapshot,
    filled,
    links_of,
    numbers_of,
    passages_of,
    require_document,
    require_issuer,
    require_not_withdrawn,
    require_own,
)
from reporting.circulars.repository import Circulars
from reporting.circulars.service.freezing import stored_snapshot

DRAFTERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.STATISTICIAN)
SIGNERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which circular is meant, and the version that was seen."""

    id: UUID
    version: int


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts."""
    assert uow.actor is not None, "somebody works on circulars"  # noqa: S101
    return uow.actor


async def get_circular(session: AsyncSession, *, actor: Actor, circular_id: UUID) -> CircularState:
    """A circular of one's own office at any time; a published one where it is addressed, and above its issuer.

    Source: S5, O6.3b.

    Raises:
        RoleRequired, RecordNotFound: none that the actor sees.
    """
    require_role(actor, *SERVICE_ROLES)
    found = await Circulars(session).find_seen(circular_id, actor)
    if found is None:
        raise RecordNotFound
    return found


async def list_circulars(
    session: AsyncSession, *, actor: Actor, statuses: Sequence[str], after: UUID | None, limit: int
) -> list[CircularState]:
    """The same, the oldest first.

    Source: S5, O6.3b.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *SERVICE_ROLES)
    return await Circulars(session).list_seen(actor, statuses=statuses, after=after, limit=limit)


async def get_public_circular(session: AsyncSession, *, circular_id: UUID) -> CircularState:
    """A circular that is public (主动公开) and published, or withdrawn since.

    Source: O4.3e, O6.3b.

    Raises:
        RecordNotFound: none that everybody may read.
    """
    found = await Circulars(session).find_public(circular_id)
    if found is None:
        raise RecordNotFound
    return found


async def list_public_circulars(session: AsyncSession, *, after: UUID | None, limit: int) -> list[CircularState]:
    """The same, the oldest first.

    Source: O4.3e, O6.3b.
    """
    return await Circulars(session).list_public(after=after, limit=limit)


async def read_document(session: AsyncSession, state: CircularState) -> bytes:
    """The official document as it was signed.

    Source: O6.3b.

    Raises:
        NotYetSigned, CircularWithdrawn: there is none to read.
    """
    require_document(state)
    return await Circulars(session).document(state.id)


async def read_tables(session: AsyncSession, state: CircularState) -> Snapshot:
    """The frozen tables of a circular that was read.

    Source: O6.3b.

    Raises:
        CircularWithdrawn, SnapshotNotFound: there are none to read.
    """
    require_not_withdrawn(state)
    return await stored_snapshot(session, state)


async def hold_own(uow: UnitOfWork, seen: Seen, *roles: Role) -> CircularState:
    """A circular of the actor's own office, for a change.

    Source: O6.3b.

    Raises:
        RoleRequired, OfficeTooLow, RecordNotFound, NotTheIssuer, PreconditionFailed.

    Locks: the circular until the transaction ends.
    """
    actor = actor_of(uow)
    require_role(actor, *roles)
    require_issuer(actor.division)
    held = await hold_record(uow.session, CircularState, seen.id, expected_version=seen.version, actor=actor)
    require_own(held, actor.division)
    return held


async def list_links(uow: UnitOfWork, *, circular_id: UUID) -> tuple[CircularState, list[Link]]:
    """Every number of the text, with its query, what it rests on, and where it stands.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, CircularWithdrawn, SnapshotNotFound: nothing to read.
    """
    state = await get_circular(uow.session, actor=actor_of(uow), circular_id=circular_id)
    require_not_withdrawn(state)
    snapshot = await stored_snapshot(uow.session, state)
    return state, links_of(state.words, numbers_of(snapshot))


async def published_passages(uow: UnitOfWork, state: CircularState) -> list[Passage]:
    """Every text of a circular as it was published.

    Source: O6.3b.
    """
    snapshot = await stored_snapshot(uow.session, state)
    return list(passages_of(filled(state.words, numbers_of(snapshot))))
