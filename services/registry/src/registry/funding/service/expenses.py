"""Expenses out of the special fund: checked against the matrix of their day, corrected only by reversal."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.registry.money import FundExpenseState
from common.contracts.registry.offices import ServiceContractState
from common.uow import UnitOfWork
from registry.funding.domain import require_use
from registry.funding.errors import ContractNotLinkable, ExpenseAlreadyReversed
from registry.history.domain import first_state, next_state
from registry.history.errors import RecordNotFound
from registry.history.service import Total, Wanted, get_record, store_record, sum_records
from registry.offices.domain import READERS, Edge
from registry.offices.service import hold_office, hold_owned


@dataclass(frozen=True, slots=True)
class NewExpense:
    """An expense as somebody tells it; money in fen."""

    office_id: UUID
    source: str
    use: str
    amount_fen: int
    spent_on: date
    purpose: str
    voucher: str
    service_contract_id: UUID | None


async def create_expense(
    uow: UnitOfWork, *, actor: Actor, new: NewExpense, reason: str | None = None
) -> FundExpenseState:
    """Records an expense that its source may pay on its day; it holds from that day.

    Source: O5.1c.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not of the government that leads the office.
        FundRulesNotInForce, FundUseRefused: the matrix of the day does not have the pair of source and use.
        ContractNotLinkable: no purchased service, or no contract of this office.
        EffectiveDateRefused: spent after today.

    Events: registry.fund-expense.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.LEADERSHIP)
    rule = require_use(new.source, new.use, on=new.spent_on)
    await _require_contract(uow.session, new)
    state = first_state(
        FundExpenseState,
        office,
        effective_on=new.spent_on,
        source=new.source,
        use=new.use,
        amount_fen=new.amount_fen,
        spent_on=new.spent_on,
        purpose=new.purpose,
        voucher=new.voucher,
        service_contract_id=new.service_contract_id,
        status="recorded",
        year=new.spent_on.year,
        matrix_document=rule.document,
    )
    return await store_record(uow, state, previous=None, action="registry.fund-expense.create", reason=reason)


async def reverse_expense(
    uow: UnitOfWork, *, actor: Actor, expense_id: UUID, expected_version: int, effective_on: date, reason: str
) -> FundExpenseState:
    """Takes an expense back; it stays on file as reversed, and the right one is recorded anew.

    Source: O5.1c.

    Raises:
        RecordNotFound, PreconditionFailed: no such expense, or somebody else changed it.
        OfficeClosed, RoleRequired, OutOfScope: as create_expense.
        ExpenseAlreadyReversed: nothing is left to reverse.
        EffectiveDateRefused: from after today, or before the expense.

    Events: registry.fund-expense.changed.v1.
    Locks: the office, the expense.
    """
    held, _ = await hold_owned(
        uow.session, FundExpenseState, expense_id, expected_version=expected_version, actor=actor, edge=Edge.LEADERSHIP
    )
    if held.status == "reversed":
        raise ExpenseAlreadyReversed
    state = next_state(held, effective_on=effective_on, status="reversed")
    await store_record(uow, state, previous=held, action="registry.fund-expense.reverse", reason=reason)
    return state


async def sum_expenses(
    session: AsyncSession, *, actor: Actor, wanted: Wanted, year: int
) -> dict[tuple[str, str], Total]:
    """What was spent in a year, in fen, by (source, use); reversed expenses do not count.

    An expense counts in the division where its office was on the day of the expense, also when the office has moved or
    merged since. Asked for one office, everything that the office has counts, for whoever may see the office today.

    Source: O5.1c.

    Raises:
        RoleRequired: money is for heads, bureaus, statistics and audit.
    """
    require_role(actor, *READERS)
    counted = (("year", year), ("status", "recorded"))
    asked = replace(wanted, equal=counted, at_first=wanted.office_id is None)
    found = await sum_records(session, FundExpenseState, asked, by=("source", "use"), of="amount_fen", actor=actor)
    return {(source, use): total for (source, use), total in found.items()}


async def _require_contract(session: AsyncSession, new: NewExpense) -> None:
    if new.service_contract_id is None:
        return
    if new.use != "purchased_service":
        raise ContractNotLinkable("只有政府购买服务的支出可以关联合同")
    try:
        contract = await get_record(session, ServiceContractState, new.service_contract_id)
    except RecordNotFound:
        raise ContractNotLinkable("没有此购买服务合同") from None
    if contract.office_id != new.office_id:
        raise ContractNotLinkable("合同不属于本机构")
