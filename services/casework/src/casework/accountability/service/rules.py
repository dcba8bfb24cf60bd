"""The rules of e-supervision: the packaged ones until the province's administrator changes them, by version."""

from datetime import date, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.catalogue import StartingRule, load_catalogue
from casework.accountability.domain import Rule, rules_on, with_period
from casework.accountability.errors import ProvinceOnly, RuleUnknown
from common.auth import Actor, Role, require_role
from common.clock import BEIJING, today
from common.contracts.casework.accountability import RulePeriod, WarningRuleState
from common.divisions import Level
from common.errors import PreconditionFailed
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import Wanted, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork

PROVINCE = "440000000000"
"""Guangdong: whose rules they are."""


async def list_rules(session: AsyncSession) -> list[WarningRuleState]:
    """Every rule with all its periods, in the order of numbers; anybody may know them. Source: O4.3c, O4.3e."""
    stored = {rule.id: rule for rule in await list_records(session, WarningRuleState, Wanted())}
    rules = {rule.id: _starting_state(rule) for rule in load_catalogue().rules} | stored
    return sorted(rules.values(), key=lambda rule: rule.number)


async def standing_rules(session: AsyncSession, on: date) -> tuple[Rule, ...]:
    """The rules that hold on a day. Source: O4.3c."""
    return rules_on(await list_rules(session), on)


async def change_rule(
    uow: UnitOfWork, *, actor: Actor, number: str, expected_version: int, period: RulePeriod, reason: str
) -> WarningRuleState:
    """Gives a rule another threshold, colour or activity from a day on.

    A packaged rule is stored as its first version when it is changed for the first time.

    Source: O4.3c.

    Raises:
        RoleRequired, ProvinceOnly: the actor may not.
        RuleUnknown, PreconditionFailed: no such rule, changed meanwhile.
        RulePeriodTooEarly, RuleThresholdUnfit: the period.

    Events: casework.warning-rule.changed.v1.
    Locks: the rule.
    """
    require_role(actor, Role.ADMINISTRATOR)
    if actor.level is not Level.PROVINCE:
        raise ProvinceOnly
    held = await _hold(uow, number, expected_version)
    periods = with_period(held.kind, held.periods, period, on=today())
    state = next_state(held, periods=periods)
    return await store_record(uow, state, previous=held, action="casework.warning-rule.change", reason=reason)


async def _hold(uow: UnitOfWork, number: str, expected_version: int) -> WarningRuleState:
    rule = next((one for one in load_catalogue().rules if one.number == number), None)
    if rule is None:
        raise RuleUnknown
    try:
        return await hold_record(uow.session, WarningRuleState, rule.id, expected_version=expected_version)
    except RecordNotFound:
        if expected_version != 1:
            raise PreconditionFailed(current_version=1) from None
    try:
        return await store_record(uow, _starting_state(rule), previous=None, action="casework.warning-rule.store")
    except RecordExists:
        return await hold_record(uow.session, WarningRuleState, rule.id, expected_version=expected_version)


def _starting_state(rule: StartingRule) -> WarningRuleState:
    begun = datetime.combine(rule.period.effective_from, time(), BEIJING)
    return WarningRuleState(
        id=rule.id,
        version=1,
        division=PROVINCE,
        level=Level.PROVINCE,
        changed_at=begun,
        number=rule.number,
        kind=rule.kind,
        title=rule.title,
        periods=(rule.period,),
    )
