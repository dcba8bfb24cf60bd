"""What an office must not leave behind. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from common.contracts.registry import RECORDS, record_of
from common.contracts.registry.money import PayRecoveryState, PayRunState
from common.contracts.registry.people import StaffMemberState
from common.contracts.registry.places import PremisesState
from common.contracts.registry.record import RecordState
from registry.offices.errors import OfficeNotEmpty

LEFT_BEHIND: tuple[type[RecordState], ...] = (StaffMemberState, PremisesState, PayRunState, PayRecoveryState)
"""The kinds of records that somebody has to settle before an office without an heir is closed."""

_LABELS = {record.name: record.title.removesuffix("变动") for record in RECORDS}


def require_empty(states: Iterable[RecordState], *, until: date) -> None:
    """Nobody works at an office that is no more, nothing is used by it, and no pay is open that nobody could settle.

    Source: O1.3a, O1.4f, O2.2a, ADR 0014.

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
        case PayRunState():
            return state.status == "draft"
        case PayRecoveryState():
            return state.status == "open"
        case _:
            return False
