"""How many people an office needs: a range over 服务对象, explained with its numbers. Whole numbers only. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.contracts.registry.people import StaffingRequirementState, StaffMemberState
from common.policy import ParameterNotInForce, parameter
from registry.offices.domain import OfficeKind
from registry.staff.domain import is_held
from registry.staffing.errors import OverrideExpired, OverrideNoIncrease, ServedUnknown, StaffingNotForKind

FACTOR_LABELS: Mapping[str, str] = {
    "economic_level": "经济社会发展水平",
    "area_hectares": "辖区面积",
    "resident_population": "常住人口",
    "employer_count": "用人单位数量",
    "workload_cases": "工作任务",
}
FACTOR_UNITS: Mapping[str, str] = {
    "area_hectares": "公顷",
    "resident_population": "人",
    "employer_count": "个",
    "workload_cases": "件/年",
}
ECONOMIC_LEVEL_LABELS: Mapping[str, str] = {"developed": "发达", "average": "中等", "less_developed": "欠发达"}


class StaffingStatus(StrEnum):
    """How the people at an office stand against what it needs."""

    SHORT = "short"
    MET = "met"
    OVER = "over"
    UNKNOWN = "unknown"


STAFFING_STATUS_LABELS: Mapping[StaffingStatus, str] = {
    StaffingStatus.SHORT: "不足",
    StaffingStatus.MET: "达标",
    StaffingStatus.OVER: "超配",
    StaffingStatus.UNKNOWN: "未知",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an office needs on a day, what it has, and how that was worked out.

    Attributes:
        required_min, required_max: of the range; None while it is unknown.
        override_posts: the decided number, where one is in force and adds to the range.
        missing_factors: of the five, those that nobody has told.
        explanation: Chinese, with the numbers.
    """

    on: date
    served_persons: int | None
    required_min: int | None
    required_max: int | None
    override_posts: int | None
    held: int
    status: StaffingStatus
    missing_factors: tuple[str, ...]
    explanation: str


def required_range(served_persons: int | None, *, on: date) -> tuple[int, int] | None:
    """ceil(N / 8000) … ceil(N / 6000) under the parameters of the day; None while N or the rule is unknown.

    Source: O1.4b.

    Args:
        served_persons: 服务对象, not residents.
    """
    if served_persons is None:
        return None
    try:
        most = parameter("staff_served_max", on=on).number
        least = parameter("staff_served_min", on=on).number
    except ParameterNotInForce:
        return None
    return _divided_up(served_persons, most), _divided_up(served_persons, least)


def override_on(requirement: StaffingRequirementState, *, on: date) -> int | None:
    """The decided number that holds on a day, through its last one.

    Source: O1.4c.
    """
    expires_on = requirement.override_expires_on
    return requirement.override_posts if expires_on is not None and on <= expires_on else None


def staffing_status(needed: tuple[int, int] | None, held: int) -> StaffingStatus:
    """不足 below the range, 达标 within it, 超配 above it; unknown while the range is.

    Source: O1.4b.
    """
    if needed is None:
        return StaffingStatus.UNKNOWN
    if held < needed[0]:
        return StaffingStatus.SHORT
    return StaffingStatus.OVER if held > needed[1] else StaffingStatus.MET


def suggest(requirement: StaffingRequirementState | None, posts: Sequence[StaffMemberState], *, on: date) -> Suggestion:
    """What the office needs on the day against the persons with a post there, explained.

    A decision that adds people (O1.4c) stands in the place of the range while it is in force.

    Source: O1.4a, O1.4b, O1.4c.
    """
    held = len({post.pseudonym for post in posts if is_held(post, on)})
    served = None if requirement is None else requirement.served_persons
    found = required_range(served, on=on)
    decided = None if requirement is None or found is None else override_on(requirement, on=on)
    if found is None or decided is None or decided <= found[1]:
        decided = None
    needed = found if decided is None else (decided, decided)
    status = staffing_status(needed, held)
    return Suggestion(
        on=on,
        served_persons=served,
        required_min=found[0] if found else None,
        required_max=found[1] if found else None,
        override_posts=decided,
        held=held,
        status=status,
        missing_factors=_missing(requirement),
        explanation=_explain(served, found, decided, held, status, on) + _tell_factors(requirement),
    )


def require_kind(kind: OfficeKind) -> None:
    """The rule of thumb is one for 乡镇、街道服务机构.

    Source: O1.4b.

    Raises:
        StaffingNotForKind: a bureau or a station.
    """
    if kind is not OfficeKind.SERVICE_OFFICE:
        raise StaffingNotForKind


def require_override(requirement: StaffingRequirementState, posts: int, expires_on: date, *, on: date) -> None:
    """A decision adds to the range that is known, for a time that is not over.

    Source: O1.4c (适当增加).

    Raises:
        ServedUnknown: there is no range to add to.
        OverrideNoIncrease: it does not add; the answer names the range.
        OverrideExpired: it would be over before it began.
    """
    found = required_range(requirement.served_persons, on=on)
    if found is None:
        raise ServedUnknown
    if posts <= found[1]:
        raise OverrideNoIncrease(f"测算应配{found[0]}—{found[1]}名", required_min=found[0], required_max=found[1])
    if expires_on <= on:
        raise OverrideExpired


def _divided_up(number: int, by: int) -> int:
    return -(-number // by)


def _missing(requirement: StaffingRequirementState | None) -> tuple[str, ...]:
    return tuple(name for name in FACTOR_LABELS if requirement is None or getattr(requirement, name) is None)


def _tell_factors(requirement: StaffingRequirementState | None) -> str:
    """The five factors by which the number within the range has to be weighed (综合考虑). Source: O1.4a."""
    told = []
    for name, label in FACTOR_LABELS.items():
        value = None if requirement is None else getattr(requirement, name)
        if value is not None:
            shown = ECONOMIC_LEVEL_LABELS.get(str(value)) or f"{value}{FACTOR_UNITS[name]}"
            told.append(f"{label}{shown}")
    if not told:
        return "五项因素均未登记，无从综合考虑（O1.4a）。"
    return f"在区间内的取值按已登记的因素综合考虑（O1.4a）：{'，'.join(told)}。"


def _explain(
    served: int | None,
    found: tuple[int, int] | None,
    decided: int | None,
    held: int,
    status: StaffingStatus,
    on: date,
) -> str:
    if served is None:
        return f"服务对象人数未登记，无法测算；现有{held}人。"
    if found is None:
        return f"服务对象{served}人；{on.isoformat()}尚无配备标准，无法测算；现有{held}人。"
    most, least = (parameter(f"staff_served_{end}", on=on).number for end in ("max", "min"))
    text = (
        f"服务对象{served}人，一般按每{least}—{most}名配备1名（O1.4b）："
        f"{served}÷{most}向上取整为{found[0]}，{served}÷{least}向上取整为{found[1]}，应配{found[0]}—{found[1]}名"
    )
    if decided is not None:
        text += f"；工作任务重，核定增加至{decided}名（O1.4c）"
    needed = found if decided is None else (decided, decided)
    gap = {StaffingStatus.SHORT: f"，缺{needed[0] - held}人", StaffingStatus.OVER: f"，超{held - needed[1]}人"}
    return f"{text}；现有{held}人，{STAFFING_STATUS_LABELS[status]}{gap.get(status, '')}。"
