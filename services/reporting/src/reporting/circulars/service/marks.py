"""Marks (机关代字) and names of issuers: entered and released by the province. Source: S0."""

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import SERVICE_ROLES, Actor, require_role, require_scope
from common.contracts.reporting.circulars import WordsState
from common.directory import require_division
from common.uow import UnitOfWork
from reporting.circulars import domain
from reporting.circulars.errors import MarkNotFound
from reporting.circulars.models import MarkRow
from reporting.circulars.repository import Circulars
from reporting.circulars.service.reading import SIGNERS, actor_of

_MARK = "reporting.circular-mark"


async def enter_mark(uow: UnitOfWork, *, mark: str, division: str, issuer: str) -> None:
    """The province enters whose a mark is, and the name that its owner issues under; also over another entry.

    Source: S0; standards.md §9 (GB/T 9704-2012).

    Raises:
        RoleRequired, NotTheProvince, OutOfScope: not this actor's.
        OfficeTooLow, DivisionUnknown, DivisionRetired: nobody there issues circulars.
    """
    actor = actor_of(uow)
    require_role(actor, *SIGNERS)
    domain.require_province(actor.division)
    require_scope(actor, division)
    domain.require_issuer(division)
    await require_division(uow.conn, division)
    await Circulars(uow.session).enter_mark(mark, division, issuer)
    await uow.record_audit("reporting.circular-mark.enter", _MARK, mark, division=division)


async def release_mark(uow: UnitOfWork, *, mark: str, reason: str) -> None:
    """The province takes a mark from whoever has it; numbers that were given under it are not given again.

    Source: S0.

    Raises:
        RoleRequired, NotTheProvince: not this actor's.
        MarkNotFound: it is nobody's.
    """
    actor = actor_of(uow)
    require_role(actor, *SIGNERS)
    domain.require_province(actor.division)
    if not await Circulars(uow.session).release_mark(mark):
        raise MarkNotFound
    await uow.record_audit("reporting.circular-mark.release", _MARK, mark, reason=reason)


async def list_marks(session: AsyncSession, *, actor: Actor) -> list[MarkRow]:
    """The marks of the actor's subtree.

    Source: S0.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *SERVICE_ROLES)
    return await Circulars(session).marks(actor.division)


async def require_own_mark(uow: UnitOfWork, division: str, words: WordsState) -> None:
    """Mark and name of a circular are its office's.

    Source: S0.

    Raises:
        NumberMarkTaken, MarkNotEntered, IssuerNotOfMark.
    """
    found = await Circulars(uow.session).mark(words.number_mark)
    entered = None if found is None else (found.division, found.issuer)
    domain.require_mark(division, words.issuer, entered=entered)
