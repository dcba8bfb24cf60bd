"""The running costs of an office: the line in the budget, and what the town adds."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role, require_scope
from common.clock import today
from common.contracts.registry import OfficeState
from common.contracts.registry.money import BudgetLineState, TownSupplementState
from common.uow import UnitOfWork
from registry.funding.domain import (
    BudgetFinding,
    budget_division_of,
    judge_budget,
    require_budget_document,
    require_budget_teller,
    require_town,
)
from registry.history.domain import first_state, next_state
from registry.history.service import Wanted, list_office_states, list_records, store_record
from registry.offices.domain import READERS, Edge, OfficeKind, OfficeStatus
from registry.offices.service import hold_office, hold_owned


@dataclass(frozen=True, slots=True)
class NewBudgetLine:
    """Whether an office stands in the budget of a year, as somebody tells it."""

    office_id: UUID
    year: int
    is_listed: bool
    amount_fen: int | None
    document: str | None


class BudgetLineChanges(TypedDict, total=False):
    """What is to be changed: only the members that are present."""

    is_listed: bool
    amount_fen: int | None
    document: str | None


@dataclass(frozen=True, slots=True)
class BudgetCheck:
    """The yearly check of one office."""

    office: OfficeState
    budget_division: str
    finding: BudgetFinding
    line: BudgetLineState | None


async def create_budget_line(
    uow: UnitOfWork, *, actor: Actor, new: NewBudgetLine, effective_on: date, reason: str | None
) -> BudgetLineState:
    """Tells whether an office stands in the county's budget of a year; in a city without counties, in the city's.

    Source: O5.1a.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        BudgetDocumentRequired: it is in the budget, and nobody says where.
        RecordExists: it was told for that year; change that one.
        EffectiveDateRefused: from after today.

    Events: registry.budget-line.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.GUIDANCE)
    _require_teller(actor, office.division, office.leadership_division)
    require_budget_document(new.document, is_listed=new.is_listed)
    state = first_state(
        BudgetLineState,
        office,
        effective_on=effective_on,
        year=new.year,
        budget_division=budget_division_of(office.division),
        is_listed=new.is_listed,
        amount_fen=new.amount_fen,
        document=new.document,
    )
    return await store_record(uow, state, previous=None, action="registry.budget-line.create", reason=reason)


async def change_budget_line(
    uow: UnitOfWork,
    *,
    actor: Actor,
    line_id: UUID,
    expected_version: int,
    changes: BudgetLineChanges,
    effective_on: date,
    reason: str | None,
) -> BudgetLineState:
    """Changes what was told of an office's line in the budget.

    Source: O5.1a.

    Raises:
        RecordNotFound, PreconditionFailed: no such line, or somebody else changed it.
        OfficeClosed, RoleRequired, OutOfScope, BudgetDocumentRequired, EffectiveDateRefused: as create_budget_line.

    Events: registry.budget-line.changed.v1.
    Locks: the office, the line.
    """
    held, office = await hold_owned(
        uow.session, BudgetLineState, line_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    _require_teller(actor, office.division, office.leadership_division)
    state = next_state(held, effective_on=effective_on, **changes)
    require_budget_document(state.document, is_listed=state.is_listed)
    await store_record(uow, state, previous=held, action="registry.budget-line.change", reason=reason)
    return state


async def check_budgets(
    session: AsyncSession,
    *,
    actor: Actor,
    year: int,
    within: str | None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[BudgetCheck]:
    """The yearly check: town offices that operate, and do not stand in the budget of a year.

    Offices are those at the end of the year, or of today while the year runs, with their lines, wherever they are now.

    Source: O5.1a.

    Raises:
        RoleRequired, OutOfScope: not this actor's to see.
    """
    checks = await _judge_all(session, actor, year, within)
    lacking = [one for one in checks if one.finding is not BudgetFinding.LISTED]
    rest = [one for one in lacking if after is None or (one.office.division, one.office.id) > after]
    return rest[:limit]


async def count_budgets(
    session: AsyncSession, *, actor: Actor, year: int, within: str | None
) -> dict[BudgetFinding, int]:
    """How many town offices stand in the budget of a year, and how many do not.

    Source: O5.1a.

    Raises:
        RoleRequired, OutOfScope: not this actor's to see.
    """
    counted = Counter(one.finding for one in await _judge_all(session, actor, year, within))
    return {finding: counted[finding] for finding in BudgetFinding}


async def create_supplement(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    year: int,
    amount_fen: int,
    purpose: str,
    document: str | None,
    effective_on: date,
    reason: str | None,
) -> TownSupplementState:
    """Tells what a town adds to an office's costs in a year; nobody has to.

    Source: O5.1b.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: it is told by the town itself.
        RecordExists: it was told for that year; change that one.
        EffectiveDateRefused: from after today.

    Events: registry.town-supplement.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.GUIDANCE)
    require_town(actor, office.division)
    state = first_state(
        TownSupplementState,
        office,
        effective_on=effective_on,
        year=year,
        amount_fen=amount_fen,
        purpose=purpose,
        document=document,
    )
    return await store_record(uow, state, previous=None, action="registry.town-supplement.create", reason=reason)


async def change_supplement(
    uow: UnitOfWork,
    *,
    actor: Actor,
    supplement_id: UUID,
    expected_version: int,
    changes: dict[str, object],
    effective_on: date,
    reason: str | None,
) -> TownSupplementState:
    """Changes a town's supplement; zero takes it back.

    Source: O5.1b.

    Raises:
        RecordNotFound, PreconditionFailed: no such supplement, or somebody else changed it.
        OfficeClosed, RoleRequired, OutOfScope, EffectiveDateRefused: as create_supplement.

    Events: registry.town-supplement.changed.v1.
    Locks: the office, the supplement.
    """
    held, office = await hold_owned(
        uow.session,
        TownSupplementState,
        supplement_id,
        expected_version=expected_version,
        actor=actor,
        edge=Edge.GUIDANCE,
    )
    require_town(actor, office.division)
    state = next_state(held, effective_on=effective_on, **changes)
    await store_record(uow, state, previous=held, action="registry.town-supplement.change", reason=reason)
    return state


def _require_teller(actor: Actor, division: str, leadership: str) -> None:
    budget = budget_division_of(division)
    require_budget_teller(actor, leadership_division=leadership, budget_division=budget)


async def _judge_all(session: AsyncSession, actor: Actor, year: int, within: str | None) -> list[BudgetCheck]:
    require_role(actor, *READERS)
    place = within or actor.division
    require_scope(actor, place)
    day = min(today(), date(year, 12, 31))
    kind = (("kind", OfficeKind.SERVICE_OFFICE.value), ("status", OfficeStatus.OPERATING.value))
    offices = await list_office_states(session, Wanted(within=place, equal=kind), on=day)
    of_year = Wanted(office_ids=tuple(office.id for office in offices), equal=(("year", year),))
    told = await list_records(session, BudgetLineState, of_year)
    lines = {line.office_id: line for line in told}
    return [_check(office, lines.get(office.id)) for office in offices]


def _check(office: OfficeState, line: BudgetLineState | None) -> BudgetCheck:
    return BudgetCheck(office, budget_division_of(office.division), judge_budget(line), line)
