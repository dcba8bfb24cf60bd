"""What tasks are worth: rates, quality, rounding. Whole fen, integer arithmetic. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.contracts.registry.money import PayLine, PayRateState
from common.divisions import contains
from registry.pay.domain.guard import Block
from registry.pay.domain.tasks import Task
from registry.pay.errors import RateRefused

PERMILLE = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """One task with what prices it."""

    case_id: UUID
    rate_id: UUID
    rate_fen: int
    quality_permille: int


def worth_of(pieces: Iterable[Piece]) -> int:
    """Fen of the tasks of one line: Σ rate × quality, rounded half up once, on the sum.

    Source: O1.4f.
    """
    return (sum(piece.rate_fen * piece.quality_permille for piece in pieces) + PERMILLE // 2) // PERMILLE


def mean_quality(pieces: Sequence[Piece]) -> int:
    """Permille of a line: the mean of its tasks weighted by their rates, rounded half up.

    Source: O1.4f.
    """
    weights = sum(piece.rate_fen for piece in pieces)
    if weights == 0:
        total, weights = sum(piece.quality_permille for piece in pieces), len(pieces)
    else:
        total = sum(piece.rate_fen * piece.quality_permille for piece in pieces)
    return (2 * total + weights) // (2 * weights) if weights else 0


def pay_line(*, staff_member_id: UUID, pseudonym: str, pieces: Sequence[Piece], block: Block | None) -> PayLine:
    """The line of one post; a blocked one pays nothing and says why.

    Source: O1.4f, O1.4g.
    """
    earned = worth_of(pieces)
    return PayLine(
        staff_member_id=staff_member_id,
        pseudonym=pseudonym,
        tasks=len(pieces),
        quality_permille=mean_quality(pieces),
        amount_fen=0 if block else earned,
        blocked_by=block.clause if block else None,
        case_ids=tuple(sorted(piece.case_id for piece in pieces)),
        earned_fen=earned,
        blocked_reason=block.reason if block else None,
        blocked_detail=block.detail if block else None,
    )


def total_of(lines: Iterable[PayLine]) -> int:
    """Fen of a run: the sum of its lines, which are whole fen already.

    Source: O1.4f.
    """
    return sum(line.amount_fen for line in lines)


def rate_of(rates: Iterable[PayRateState], task: Task) -> PayRateState | None:
    """The rate of a task on the day on which it was closed.

    One of the town that the station belonged to on that day goes before those of the town that has absorbed it. Of one
    town, one for the item goes before one for its duty, and that before one for every task; at each of these, one for
    the station goes before one for the town; the youngest first day decides between the rest.

    Source: O1.4f, ADR 0014.
    """
    fitting = [rate for rate in rates if _prices(rate, task)]
    return max(fitting, key=_rank, default=None)


def require_rate(
    *,
    town: str,
    station_division: str | None,
    item_code: str | None,
    duty: str | None,
    valid_from: date,
    valid_to: date | None,
) -> None:
    """A rate prices an item or a duty or everything, at a station of the town, for at least a day.

    Source: O1.4f.

    Raises:
        RateRefused: it does not.
    """
    if item_code is not None and duty is not None:
        raise RateRefused("报酬标准按事项或按职责规定，不能同时按两者")
    if station_division is not None and (station_division == town or not contains(town, station_division)):
        raise RateRefused("该服务站不在本乡镇（街道）")
    if valid_to is not None and valid_to <= valid_from:
        raise RateRefused("失效日期应晚于生效日期")


def is_same_thing(rate: PayRateState, *, station_division: str | None, station_office_id: UUID | None) -> bool:
    """True if a rate of the same item or duty is for the same station, or for the whole town as well.

    What is left of an absorbed town's rates is for days on which other rates of today's town did not hold there.

    Source: O1.4f.
    """
    if rate.absorbed_on is not None:
        return False
    if rate.station_office_ids is not None:
        return rate.station_office_ids == (station_office_id,)
    return rate.station_division == station_division


def require_changeable(rate: PayRateState, *, valid_to: date | None) -> None:
    """The rate of a town that was absorbed does not go on beyond the day of that.

    Source: O1.4f, ADR 0014.

    Raises:
        RateRefused: it would.
    """
    if rate.absorbed_on is not None and (valid_to is None or valid_to > rate.absorbed_on):
        raise RateRefused("原乡镇（街道）已并入其他乡镇（街道），其报酬标准不再延续")


def _prices(rate: PayRateState, task: Task) -> bool:
    if rate.station_office_ids is None:
        is_of_station = rate.station_division in (None, task.division)
    else:
        is_of_station = task.office_id in rate.station_office_ids
    return (
        is_of_station
        and rate.item_code in (None, task.item_code)
        and rate.duty in (None, task.duty)
        and rate.valid_from <= task.closed_on
        and (rate.valid_to is None or task.closed_on < rate.valid_to)
    )


def _rank(rate: PayRateState) -> tuple[int, bool, bool, bool, date, UUID]:
    return (
        -(rate.absorbed_on or date.max).toordinal(),
        rate.item_code is not None,
        rate.duty is not None,
        rate.station_division is not None,
        rate.valid_from,
        rate.id,
    )
