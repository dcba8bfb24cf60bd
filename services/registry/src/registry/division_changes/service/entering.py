"""A change of divisions, whole: the tree, the offices and everything that they have, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from common.auth import Actor
from common.clock import today
from common.contracts.registry import DivisionChangeState, DivisionState, OfficeState
from common.divisions import Level, level_of, parent_of
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.data.rows import DivisionKind, DivisionRow
from registry.division_changes.domain import (
    Change,
    ChangeKind,
    Plan,
    Standing,
    Tree,
    concerned_codes,
    plan_change,
    require_author,
    smallest_common,
)
from registry.division_changes.errors import HeirRequired
from registry.division_changes.repository import DivisionChanges
from registry.divisions.domain import parent_code_of
from registry.divisions.service import list_periods, list_rows, replace_divisions
from registry.history.service import tell_divisions
from registry.offices.service import (
    Ground,
    Relocation,
    find_standing_office,
    hand_over,
    list_stations,
    relocate_offices,
)

RECORD = "registry.division-change"


async def enter_change(uow: UnitOfWork, *, actor: Actor, change: Change) -> DivisionChangeState:
    """Changes the tree of divisions on behalf of a supervisor of the province or of a city.

    Source: S0, O1.3a; standards.md §1 (Order 79), ADR 0014.

    Raises:
        RoleRequired, OutOfScope: the actor is none, or does not stand above everything concerned.
        and what `perform_change` raises.
    """
    require_author(actor, change)
    return await perform_change(uow, change)


async def perform_change(uow: UnitOfWork, change: Change) -> DivisionChangeState:
    """Changes the tree of divisions, with the offices and everything that belongs to them.

    Source: S0, O1.3a; standards.md §1 (Order 79), ADR 0014.

    Raises:
        HeirRequired: an office stands at a division that nobody takes over.
        Rejected: what `plan_change` raises; nothing is written then.

    Events: registry.division.changed.v1 (what begins, then what ends), registry.office.changed.v1, the records of the
        offices, registry.division-change.changed.v1.
    Locks: one change at a time; the divisions that end; their offices with their records.
    """
    changes = DivisionChanges(uow.session)
    await changes.wait_turn()
    states = await _states_around(uow, change)
    plan = plan_change(_tree_of(states), change, today=today())
    await _require_heirs(uow, plan)
    told = _state_of(change, plan)
    before = await list_rows(uow.session, list(plan.homes), on=change.effective_on - timedelta(days=1))
    await _replace(uow, change, plan, states, told.id)
    await _take_offices_along(uow, change, plan, before)
    changes.add(told)
    await tell_divisions(uow, [told])
    await uow.record_audit(
        f"registry.division-change.{change.kind.value}",
        RECORD,
        str(told.id),
        division=told.division,
        reason=f"{change.document}，{change.effective_on.isoformat()}",
    )
    return told


async def _states_around(uow: UnitOfWork, change: Change) -> list[DivisionState]:
    """Every state of what the change names, of what is below its sources, and of what is right above what begins."""
    named = concerned_codes(change)
    above = {parent for code in named if (parent := parent_of(code)) is not None}
    below = {*change.sources, *(target.code for target in change.targets)}
    return await list_periods(uow.session, named | above, within=below)


def _tree_of(states: Sequence[DivisionState]) -> Tree:
    standing = {
        one.code: Standing(DivisionRow(one.code, one.level, one.name, DivisionKind(one.kind)), one.valid_from)
        for one in states
        if one.valid_to is None
    }
    return Tree(standing, frozenset(one.code for one in states))


async def _require_heirs(uow: UnitOfWork, plan: Plan) -> None:
    """No office is left standing where there is no division any more. Source: O1.3a."""
    for code, successors in plan.retired.items():
        if not successors and await find_standing_office(uow, code) is not None:
            raise HeirRequired(division=code)


def _state_of(change: Change, plan: Plan) -> DivisionChangeState:
    division = smallest_common(plan)
    return DivisionChangeState(
        id=uuid7(),
        version=1,
        division=division,
        level=level_of(division),
        kind=change.kind.value,
        effective_on=change.effective_on,
        document=change.document,
        ended=tuple(plan.retired),
        begun=plan.begun,
        revised=plan.revised,
        successors=plan.retired,
    )


async def _replace(
    uow: UnitOfWork, change: Change, plan: Plan, states: Sequence[DivisionState], change_id: UUID
) -> None:
    """The rows of divisions as the plan has them."""
    standing = {one.code: one for one in states if one.valid_to is None}
    ended = [
        standing[one.code].model_copy(
            update={
                "version": standing[one.code].version + 1,
                "valid_to": change.effective_on,
                "successors": one.successors,
                "change_id": change_id,
            }
        )
        for one in plan.endings
    ]
    begun = [
        DivisionState(
            id=uuid7(),
            code=one.row.code,
            level=one.row.level,
            name=one.row.name,
            kind=one.row.kind.value,
            parent_code=parent_code_of(one.row),
            valid_from=change.effective_on,
            valid_to=None,
            version=1,
            predecessors=one.predecessors,
            change_id=change_id,
        )
        for one in plan.beginnings
    ]
    await replace_divisions(uow, ended=ended, begun=begun)


async def _take_offices_along(uow: UnitOfWork, change: Change, plan: Plan, before: dict[str, DivisionRow]) -> None:
    """Offices go where their divisions go, and everything that they have goes with them."""
    codes = [one.row.code for one in plan.beginnings]
    relocation = Relocation(
        homes=plan.homes,
        fresh=plan.fresh,
        retired=list(plan.retired),
        before=before,
        after=await list_rows(uow.session, codes, on=change.effective_on),
        first=change.heir if change.kind is ChangeKind.MERGE else None,
        on=change.effective_on,
        document=change.document,
    )
    stations = await _stations_of_merging_towns(uow, plan)
    moves = await relocate_offices(uow, relocation)
    if moves:
        ground = Ground(change.effective_on, change.document, change.document)
        await hand_over(uow, moves=moves, stations=stations, ground=ground)


async def _stations_of_merging_towns(uow: UnitOfWork, plan: Plan) -> dict[str, list[OfficeState]]:
    """The stations of towns that come together, by the town's code of before."""
    arriving = Counter(plan.homes.values())
    towns = [code for code, home in plan.homes.items() if level_of(code) is Level.TOWN and arriving[home] > 1]
    return {town: await list_stations(uow.session, town) for town in towns}
