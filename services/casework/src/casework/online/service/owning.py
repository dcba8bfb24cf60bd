"""Whose application it is: the account that made it, as a blind index, in the statement that reads it."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.online.errors import ApplicationNotFound
from common.auth import Actor, Role, require_role
from common.contracts.casework.online import OnlineApplicationState
from common.crypto import FieldCipher
from common.records.service import Wanted, citizen_indexes, list_records
from common.uow import UnitOfWork


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts."""
    assert uow.actor is not None, "use cases of citizens act for somebody"  # noqa: S101
    return uow.actor


def owned(cipher: FieldCipher, actor: Actor, wanted: Wanted | None = None) -> Wanted:
    """Only what belongs to this citizen.

    Raises:
        RoleRequired: the actor is none.
    """
    require_role(actor, Role.CITIZEN)
    return replace(wanted or Wanted(), subject_indexes=citizen_indexes(cipher, actor))


async def require_own(
    session: AsyncSession, cipher: FieldCipher, actor: Actor, case_id: UUID
) -> OnlineApplicationState:
    """The application of a case, if it is the actor's.

    Raises:
        RoleRequired, ApplicationNotFound: no citizen; not there, or somebody else's.
    """
    wanted = owned(cipher, actor, Wanted(case_id=case_id))
    found = await list_records(session, OnlineApplicationState, wanted, limit=1)
    if not found:
        raise ApplicationNotFound
    return found[0]
