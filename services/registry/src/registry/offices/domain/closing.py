"""What an office must not leave behind. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from common.contracts.registry import RECORDS, record_of
from common.contracts.registry.money import AidGrantState, PayRecoveryState, PayRunState
from common.contracts.registry.offices import ServiceContractState
from common.contracts.registry.people import StaffMemberState
from common.contracts.registry.places import EquipmentState, PremisesState
from common.contracts.registry.record import RecordState
from registry.offices.errors import OfficeNotEmpty

LEFT_BEHIND: tuple[type[RecordState], ...] = (
    StaffMemberState,
    PremisesState,
    EquipmentState,
    ServiceContractState,
    AidGrantState,
    PayRunState,
    PayRecoveryState,
)
"""The kinds of records that somebody has to settle before an office without an heir is closed."""

_LABELS = {record.name: record.title.removesuffix("变动") for record in RECORDS}


def require_empty(states: Iterable[RecordState], *, until: date) -> None:
    """Nobody works at an office that is no more, nothing is used by it, and nothing is open that nobody could settle.

    Its equipment goes to an heir or is scrapped; a purchase of services has ended and is accepted; of aid nothing is
    left to spend.

    Source: O1.2b, O1.3a, O1.4f, O2.2a, O2.3, O5.2, ADR 0014.

    Args:
        until: the first day on which the office is no more.

    Raises:
        OfficeNotEmpty: the answer lists what remains, by kind of record.
    """
    left = Counter(record_of(type(state)).name for state in states if _is_unsettled(state, until))
    if left:
        listed = "、".join(f"{_LABELS[name]}{left[name]}项" for name in sorted(left))
        raise OfficeNotEmpty(
            f"尚有未了结的：{listed}；请先了结，或指明并入的机构",
            remaining=[{"record": name, "label": _LABELS[name], "count": left[name]} for name in sorted(left)],
        )


def _is_unsettled(state: RecordState, until: date) -> bool:
    match state:
        case StaffMemberState() | PremisesState():
            return state.ended_on is None or state.ended_on > until
        case EquipmentState():
            return state.quantity > 0 and state.condition != "scrapped"
        case ServiceContractState():
            last = min(state.ends_on, (state.terminated_on or date.max) - timedelta(days=1))
            return state.acceptance is None or last >= until
        case AidGrantState():
            return state.spent_fen < state.amount_fen
        case PayRunState() | PayRecoveryState():
            return state.status in {"draft", "open"}
        case _:
            return False
