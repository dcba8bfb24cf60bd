"""The rules of e-supervision: seeded once, changed by the province's administrator, by version."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.catalogue import StartingRule, load_catalogue, rule_id
from casework.accountability.domain import Rule, rules_on, with_period
from casework.accountability.errors import ProvinceOnly, RuleUnknown
from casework.records.errors import RecordExists, RecordNotFound
from casework.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.auth import Actor, Role, require_role
from common.clock import now, today
from common.contracts.casework.accountability import RulePeriod, WarningRuleState
from common.db import Database
from common.divisions import Level
from common.uow import UnitOfWork, UnitOfWorkFactory

PROVINCE = "440000000000"
"""Guangdong: whose rules they are."""


async def list_rules(session: AsyncSession) -> list[WarningRuleState]:
    """Every rule with all its periods, in the order of numbers; anybody may know them. Source: O4.3c, O4.3e."""
    return sorted(await list_records(session, WarningRuleState, Wanted()), key=lambda rule: rule.number)


async def standing_rules(session: AsyncSession, on: date) -> tuple[Rule, ...]:
    """The rules that hold on a day. Source: O4.3c."""
    return rules_on(await list_rules(session), on)


async def change_rule(
    uow: UnitOfWork, *, actor: Actor, number: str, expected_version: int, period: RulePeriod, reason: str
) -> WarningRuleState:
    """Gives a rule another threshold, colour or activity from a day on.

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
    try:
        held = await hold_record(uow.session, WarningRuleState, rule_id(number), expected_version=expected_version)
    except RecordNotFound:
        raise RuleUnknown from None
    periods = with_period(held.kind, held.periods, period, on=today())
    state = next_state(held, periods=periods)
    return await store_record(uow, state, previous=held, action="casework.warning-rule.change", reason=reason)


async def seed_rules(db: Database) -> None:
    """Stores the starting rules that are not there yet.

    Idempotency: what is there, changed or not, is not touched.
    """
    for rule in load_catalogue().rules:
        async with UnitOfWorkFactory(db)() as uow:
            await _seed(uow, rule)


async def _seed(uow: UnitOfWork, rule: StartingRule) -> None:
    try:
        await get_record(uow.session, WarningRuleState, rule.id)
    except RecordNotFound:
        state = WarningRuleState(
            id=rule.id,
            version=1,
            division=PROVINCE,
            level=Level.PROVINCE,
            changed_at=now(),
            number=rule.number,
            kind=rule.kind,
            title=rule.title,
            periods=(rule.period,),
        )
        try:
            await store_record(uow, state, previous=None, action="casework.warning-rule.seed")
        except RecordExists:
            return
