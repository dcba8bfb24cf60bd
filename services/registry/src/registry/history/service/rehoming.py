"""Records that go where their office goes."""

from datetime import date
from uuid import UUID

from common.contracts.registry import RECORDS, OfficeState, record_of
from common.contracts.registry.readiness import ReadinessState
from common.contracts.registry.record import RecordState
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.repository import Records
from registry.history.service.storing import store_records

_MODELS = {record.name: record.model for record in RECORDS}


async def rehome_records(
    uow: UnitOfWork,
    *,
    moves: dict[UUID, OfficeState],
    effective_on: date,
    reason: str | None,
) -> int:
    """Gives the records of offices to the offices (or to the same offices at their new divisions) that follow them.

    For changes of divisions: what belongs to an office goes where the office goes; the states of before stay in the
    history under the division of their time.

    What there may be only one of (the establishment of an office, its budget of a year) stays with the office that had
    it where the other one has its own: nothing is lost, nothing counts twice. What was worked out of an office is of
    that office alone, and never another one's. What is told for a year stays with the office of that year, where the
    change came later.

    Source: standards.md §1, ADR 0013, ADR 0014.

    Args:
        moves: office that had the records → the state of the office that has them from `effective_on`.

    Returns:
        How many records moved.

    Events: registry.<record>.changed.v1 for each.
    Locks: the records of both.
    """
    rows = await Records(uow.session).now_of_offices([*moves, *(home.id for home in moves.values())])
    held = [_record_state(name, stored) for name, stored in rows]
    staying = [state for state in held if state.office_id not in moves or moves[state.office_id].id == state.office_id]
    taken = {_only_one(state, state.office_id): state.id for state in staying}
    states = []
    for state in held:
        home = moves.get(state.office_id)
        if home is None or (home.id, home.division) == (state.office_id, state.division):
            continue
        if home.id != state.office_id and _is_of_its_office_alone(state, effective_on):
            continue
        key = _only_one(state, home.id)
        if key is not None and taken.setdefault(key, state.id) != state.id:
            continue
        day = max(effective_on, state.effective_on)
        states.append(next_state(state, effective_on=day, office_id=home.id, division=home.division, level=home.level))
    await store_records(uow, states, action="registry.record.rehome", reason=reason)
    return len(states)


_ONE_PER_OFFICE = frozenset(
    {"registry.establishment", "registry.staffing-requirement", "registry.readiness", "registry.baseline-survey"}
)
_ONE_PER_YEAR = frozenset({"registry.budget-line", "registry.town-supplement"})
"""The unique indexes of the table of records."""


def _record_state(name: str, stored: str) -> RecordState:
    state = _MODELS[name].model_validate_json(stored)
    assert isinstance(state, RecordState)  # noqa: S101 - offices and divisions are not stored as records
    return state


def _is_of_its_office_alone(state: RecordState, on: date) -> bool:
    is_yearly = record_of(type(state)).name in _ONE_PER_YEAR
    return isinstance(state, ReadinessState) or (is_yearly and getattr(state, "year", on.year) < on.year)


def _only_one(state: RecordState, office_id: UUID) -> tuple[str, UUID, int | None] | None:
    """What a record is the only one of, at an office."""
    name = record_of(type(state)).name
    if name in _ONE_PER_OFFICE:
        return name, office_id, None
    return (name, office_id, getattr(state, "year", 0)) if name in _ONE_PER_YEAR else None
