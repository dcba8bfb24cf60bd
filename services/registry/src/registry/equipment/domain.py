"""Rules of equipment: the kinds that an office should have, what works, what is missing, parts of a purchase. Pure.

Every rule takes the day that it judges. Costs are whole fen.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.contracts.registry.places import EquipmentState
from common.policy import BOOK, Option, ParameterNotInForce, parameter
from registry.equipment.errors import (
    AcquiredAfterEffect,
    AidGrantRequired,
    EquipmentKindNotInForce,
    EquipmentScrapped,
    SplitRefused,
)
from registry.history.domain import next_state
from registry.offices.domain import OfficeKind, OfficeStatus

CONDITION_LABELS: Mapping[str, str] = {"working": "完好", "faulty": "故障", "scrapped": "报废"}
ASSET_FUND_LABELS: Mapping[str, str] = {
    "county_budget": "县（市、区）财政预算",
    "town_supplement": "乡镇（街道）补助",
    "special_fund": "就业专项资金",
    "provincial_aid": "省对欠发达地区补助",
    "donation": "捐赠",
    "other": "其他",
}

EQUIPPED = (("kind", OfficeKind.SERVICE_OFFICE.value), ("status", OfficeStatus.OPERATING.value))
"""What the offices are that the list is for: of towns and streets, and operating. Source: O2.3."""


def required_kinds(*, on: date) -> tuple[Option, ...]:
    """The kinds of equipment that an office should have under the list of a day; none before there was a list.

    Source: O2.3.
    """
    try:
        return parameter("equipment_kinds", on=on).options
    except ParameterNotInForce:
        return ()


def kind_labels() -> dict[str, str]:
    """What the kinds of every period are called; the latest name wins.

    Source: O2.3.
    """
    periods = [one for one in BOOK if one.code == "equipment_kinds"]
    return {option.code: option.label for one in periods for option in one.options}


def working_pieces(states: Iterable[EquipmentState]) -> Counter[str]:
    """How many pieces of each kind work.

    Source: O2.3.
    """
    counted: Counter[str] = Counter()
    for state in states:
        if state.condition == "working":
            counted[state.kind] += state.quantity
    return counted


def missing_kinds(states: Iterable[EquipmentState], on: date) -> tuple[str, ...]:
    """The kinds of the list of a day of which no piece works, in the order of the list.

    Source: O2.3.

    Args:
        states: the office's equipment as it stood on the day that is judged.
        on: the day whose list judges.
    """
    working = working_pieces(states)
    return kinds_beside({kind for kind, pieces in working.items() if pieces}, on)


def kinds_beside(working: Collection[str], on: date) -> tuple[str, ...]:
    """The kinds of the list of a day that are not among those that work, in the order of the list.

    Source: O2.3.
    """
    return tuple(option.code for option in required_kinds(on=on) if option.code not in working)


@dataclass(frozen=True, slots=True)
class KindSummary:
    """What an office has of one kind.

    Attributes:
        quantity: without the scrapped pieces.
        is_required: the list of the day has the kind.
    """

    kind: str
    quantity: int
    working: int
    faulty: int
    scrapped: int
    is_required: bool

    @property
    def is_missing(self) -> bool:
        """Required, and no piece works."""
        return self.is_required and not self.working


def summarize(states: Iterable[EquipmentState], on: date) -> list[KindSummary]:
    """What an office has of each kind: the kinds of the list of a day first, then whatever else there is.

    Source: O2.3.
    """
    pieces: Counter[tuple[str, str]] = Counter()
    for state in states:
        pieces[state.kind, state.condition] += state.quantity
    required = [option.code for option in required_kinds(on=on)]
    others = sorted({kind for kind, _ in pieces} - set(required))
    return [_summary(kind, pieces, is_required=kind in required) for kind in (*required, *others)]


def _summary(kind: str, pieces: Counter[tuple[str, str]], *, is_required: bool) -> KindSummary:
    working, faulty, scrapped = (pieces[kind, condition] for condition in ("working", "faulty", "scrapped"))
    return KindSummary(kind, working + faulty, working, faulty, scrapped, is_required)


def require_sound(state: EquipmentState) -> None:
    """A purchase is of a kind of its day, was made before it counts, and names its aid if aid paid for it.

    Source: O2.3, O5.2.

    Raises:
        EquipmentKindNotInForce: the list of the day does not have the kind.
        AcquiredAfterEffect: the state would hold from before the purchase.
        AidGrantRequired: aid without grant or cost, or a grant without aid.
    """
    options = required_kinds(on=state.effective_on)
    if options and state.kind not in {option.code for option in options}:
        raise EquipmentKindNotInForce(kind=state.kind, on=state.effective_on.isoformat())
    if state.acquired_on > state.effective_on:
        raise AcquiredAfterEffect(
            acquired_on=state.acquired_on.isoformat(), effective_on=state.effective_on.isoformat()
        )
    is_aided = state.fund == "provincial_aid"
    if is_aided != (state.aid_grant_id is not None) or (is_aided and not state.cost_fen):
        raise AidGrantRequired


def require_not_scrapped(state: EquipmentState) -> None:
    """What was scrapped stays on file as it was.

    Source: O2.3.

    Raises:
        EquipmentScrapped: it was.
    """
    if state.condition == "scrapped":
        raise EquipmentScrapped


def split_pieces(
    state: EquipmentState, *, part_id: UUID, quantity: int, condition: str, effective_on: date
) -> tuple[EquipmentState, EquipmentState]:
    """Some pieces of a purchase get another condition than the rest; together they cost what the whole cost.

    Source: O2.3.

    Returns:
        What remains, and the part as a record of its own; the odd fen stay with what remains.

    Raises:
        SplitRefused: not fewer than all, or no other condition.
    """
    if not 0 < quantity < state.quantity or condition == state.condition:
        raise SplitRefused(quantity=quantity, available=state.quantity, condition=condition)
    share = None if state.cost_fen is None else state.cost_fen * quantity // state.quantity
    kept = None if state.cost_fen is None or share is None else state.cost_fen - share
    rest = next_state(state, effective_on=effective_on, quantity=state.quantity - quantity, cost_fen=kept)
    changes = {"condition": condition, "quantity": quantity, "cost_fen": share, "split_from": state.id}
    part = next_state(state, effective_on=effective_on, **changes).model_copy(update={"id": part_id, "version": 1})
    return rest, part
