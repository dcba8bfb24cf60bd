"""Writing programmes: every change is a new version with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.auth import Actor, Role, require_role
from common.clock import now, today
from common.contracts.record import DispatchOrder
from common.contracts.reporting.programmes import ProgrammeChange, ProgrammeState
from common.directory import require_division
from common.divisions import Level, level_of
from common.ids import uuid7
from common.records.service import hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.programmes import domain
from reporting.programmes.domain import Content
from reporting.programmes.errors import ProgrammeCodeTaken
from reporting.programmes.repository import Programmes
from reporting.programmes.service.access import DECIDERS, PREPARERS, require_own
from reporting.programmes.service.reading import check_programme

Change = Callable[[ProgrammeState], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Which record is meant, and the version that was seen."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class SendDown:
    """How far a version goes down, and by when it is signed for; it goes to the whole subtree of the programme."""

    down_to: Level
    sign_by: date | None = None


async def create_programme(
    uow: UnitOfWork, *, actor: Actor, code: str, content: Content, reason: str
) -> ProgrammeState:
    """A new programme of the actor's division, as a draft.

    Source: O6.1a, O6.1b, O6.1c.

    Raises:
        RoleRequired: another role is needed.
        ProgrammeInvalid, DivisionUnknown, DivisionRetired: its parts do not fit together.
        ProgrammeCodeTaken: the division has one with this code.

    Events: reporting.programme.changed.v1.
    """
    require_role(actor, *PREPARERS)
    domain.require_sound(content, division=actor.division)
    await _require_divisions(uow, content)
    programmes, at = Programmes(uow.conn), now()
    await programmes.lock_codes()
    if await programmes.find_by_code(actor.division, code) is not None:
        raise ProgrammeCodeTaken
    members = {name: getattr(content, name) for name in Content.__slots__}
    state = ProgrammeState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        office_id=actor.office_id,
        changed_at=at,
        code=code,
        history=(ProgrammeChange(version=1, act="create", at=at, by=actor.subject, reason=reason),),
        **members,
    )
    await store_record(uow, state, previous=None, action="reporting.programme.create", reason=reason)
    await programmes.add_version(state)
    return state


async def revise_programme(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, content: Content, reason: str, send: SendDown | None = None
) -> ProgrammeState:
    """A new version with its reason; of a programme in force only a supervisor makes one, and it claims no town twice.

    Source: O6.1a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        ProgrammeNotInState, ProgrammeInvalid, NothingChanged, DivisionUnknown, DivisionRetired: it does not fit.

    Events: reporting.programme.changed.v1.
    """
    held = await _hold(uow, actor, seen, PREPARERS)
    if held.status != "draft":
        require_own(actor, held.division, *DECIDERS)
    changes = domain.revised(held, content, by=actor.subject, at=now(), reason=reason)
    await _require_divisions(uow, content)
    if held.status == "in_force":
        domain.require_disjoint((await check_programme(uow.conn, held.model_copy(update=changes))).overlaps)
    return await _store(uow, held, changes, "revise", reason, send)


async def enforce_programme(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, from_day: date | None, reason: str, send: SendDown | None = None
) -> ProgrammeState:
    """A draft becomes binding, once no town is claimed twice. Towns without a cohort are reported, not refused.

    Source: O6.1a, O6.1b.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        ProgrammeNotInState, ProgrammeInvalid: it is no draft, or cohorts overlap.

    Events: reporting.programme.changed.v1.
    """
    held = await _hold(uow, actor, seen, DECIDERS)
    sound = await check_programme(uow.conn, held)
    changes = domain.enforced(
        held, by=actor.subject, at=now(), reason=reason, from_day=from_day or today(), problems=sound.overlaps
    )
    return await _store(uow, held, changes, "enforce", reason, send)


async def close_programme(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, on: date | None, reason: str, send: SendDown | None = None
) -> ProgrammeState:
    """A programme ends.

    Source: O6.1a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        ProgrammeNotInState, ProgrammeInvalid: it is not in force, or would end before it began.

    Events: reporting.programme.changed.v1.
    """
    held = await _hold(uow, actor, seen, DECIDERS)
    changes = domain.closed(held, by=actor.subject, at=now(), reason=reason, on=on or today())
    return await _store(uow, held, changes, "close", reason, send)


async def _hold(uow: UnitOfWork, actor: Actor, seen: Seen, roles: Iterable[Role]) -> ProgrammeState:
    require_role(actor, *roles)
    held = await hold_record(uow.session, ProgrammeState, seen.id, expected_version=seen.version, actor=actor)
    require_own(actor, held.division, *roles)
    return held


async def _store(
    uow: UnitOfWork, held: ProgrammeState, changes: dict[str, Any], verb: str, reason: str, send: SendDown | None
) -> ProgrammeState:
    if send is not None:
        changes["dispatch"] = DispatchOrder(
            title=changes.get("title", held.title),
            reference_number=next((one.number for one in held.documents), None),
            to=(held.division,),
            down_to=send.down_to,
            sign_by=send.sign_by,
        )
    state = next_state(held, **changes)
    await store_record(uow, state, previous=held, action=f"reporting.programme.{verb}", reason=reason)
    await Programmes(uow.conn).add_version(state)
    return state


async def _require_divisions(uow: UnitOfWork, content: Content) -> None:
    for code in sorted({code for one in content.cohorts for rule in one.rules for code in rule.divisions}):
        await require_division(uow.conn, code)
