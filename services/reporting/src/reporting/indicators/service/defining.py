"""Use cases of definitions: shipped as data, added and withdrawn by the province without code."""

from datetime import date

from common.auth import Actor, Role, require_role
from common.clock import now
from common.contracts.reporting.indicators import IndicatorDefinitionState, IndicatorSpec
from common.ids import uuid7
from common.records.service import store_record
from common.uow import UnitOfWork
from reporting.indicators.catalogue import shipped
from reporting.indicators.domain import (
    SHIPPED_FROM,
    Definition,
    definitions_on,
    require_definition,
    require_following,
    require_province,
)
from reporting.indicators.errors import IndicatorUnknown
from reporting.indicators.repository import Indicators
from reporting.programmes.service import Asked, raw

DEFINERS = (Role.BUREAU_SUPERVISOR, Role.STATISTICIAN)


async def list_definitions(asked: Asked, on: date) -> list[Definition]:
    """The indicators of a day, each in the version that holds then. Source: S2."""
    added = await Indicators(await raw(asked)).definitions()
    return list(definitions_on(shipped(), added, on).values())


async def get_definition(asked: Asked, code: str, on: date) -> Definition:
    """An indicator as it is defined on a day.

    Source: S2.

    Raises:
        IndicatorUnknown: none of this code on that day.
    """
    added = await Indicators(await raw(asked)).definitions(code)
    found = definitions_on(shipped(), added, on).get(code)
    if found is None:
        raise IndicatorUnknown(indicator=code)
    return found


async def list_versions(asked: Asked, code: str) -> list[Definition]:
    """Every version of an indicator, the first one first, withdrawals among them.

    Source: S2; architecture.md §7.

    Raises:
        IndicatorUnknown: there never was one.
    """
    added = sorted(await Indicators(await raw(asked)).definitions(code), key=lambda one: one.number)
    found = [Definition(shipped()[code], 1, SHIPPED_FROM)] if code in shipped() else []
    found += [
        Definition(one.spec, one.number, one.effective_on, one.status == "withdrawn", one.id, one.version)
        for one in added
    ]
    if not found:
        raise IndicatorUnknown(indicator=code)
    return found


async def add_definition(
    uow: UnitOfWork, *, actor: Actor, spec: IndicatorSpec, effective_on: date, reason: str
) -> Definition:
    """Adds an indicator, or the next version of one; figures of days before stay as they were defined then.

    Source: S1, S2.

    Raises:
        RoleRequired, NotTheProvince: not this actor's to define.
        TermUnknown, ClauseUnknown, DefinitionIncomplete: see `require_definition`.
        DefinitionTooEarly: the version before holds from a later day.

    Events: reporting.indicator-definition.changed.v1.
    Locks: all definitions, until the transaction ends.
    """
    _require_definer(actor)
    require_definition(spec)
    return await _store(uow, actor, spec, effective_on=effective_on, reason=reason, is_withdrawal=False)


async def withdraw_definition(
    uow: UnitOfWork, *, actor: Actor, code: str, effective_on: date, reason: str
) -> Definition:
    """Ends an indicator from a day on; it stays readable for the days before.

    Source: S2.

    Raises:
        RoleRequired, NotTheProvince: not this actor's to define.
        IndicatorUnknown, IndicatorWithdrawn, DefinitionTooEarly: there is nothing to end from that day.

    Events: reporting.indicator-definition.changed.v1.
    Locks: all definitions, until the transaction ends.
    """
    _require_definer(actor)
    spec = (await list_versions(uow.session, code))[-1].spec
    return await _store(uow, actor, spec, effective_on=effective_on, reason=reason, is_withdrawal=True)


def _require_definer(actor: Actor) -> None:
    require_role(actor, *DEFINERS)
    require_province(actor.level)


async def _store(
    uow: UnitOfWork, actor: Actor, spec: IndicatorSpec, *, effective_on: date, reason: str, is_withdrawal: bool
) -> Definition:
    table = Indicators(uow.conn)
    await table.hold()
    newest = max(await table.definitions(spec.code), key=lambda one: one.number, default=None)
    require_following(newest, effective_on=effective_on, is_withdrawal=is_withdrawal)
    before = newest.number if newest is not None else int(spec.code in shipped())
    state = IndicatorDefinitionState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=actor.level,
        changed_at=now(),
        code=spec.code,
        number=before + 1,
        status="withdrawn" if is_withdrawal else "in_force",
        effective_on=effective_on,
        spec=spec,
        reason=reason,
    )
    action = "reporting.indicator.withdraw" if is_withdrawal else "reporting.indicator.define"
    await store_record(uow, state, previous=None, action=action, reason=reason)
    return Definition(spec, state.number, effective_on, is_withdrawal, state.id, state.version)
