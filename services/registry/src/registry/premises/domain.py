"""Rules of premises and windows: which area counts and whether it suffices, and when a window is one. Pure.

Areas are whole square decimetres (1 m² = 100 dm²). Every rule takes the day that it judges.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from common.contracts.registry.places import AreaBasis, OpeningHours, PremisesState, WindowState
from common.policy import BOOK, Parameter, ParameterNotInForce, parameter
from registry.offices.domain import OfficeKind, OfficeStatus, require_window_to_operate, rule_of_windows
from registry.premises.errors import (
    AreaUnknown,
    OpeningHoursRefused,
    PremisesEnded,
    SharedAreaTooLarge,
    WaiverExpired,
    WindowDutyNotInForce,
    WindowNumbersRepeat,
)

DM2_PER_M2 = 100
AREA_BASIS_LABELS: Mapping[str, str] = {"certified": "证载面积", "measured": "实测面积"}
WEEKDAY_LABELS: Mapping[int, str] = dict(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), start=1))
T = TypeVar("T")


class AreaStatus(StrEnum):
    """What the rule of the area says of an office. Source: O2.2a, O1.1c."""

    MET = "met"
    WAIVED = "waived"
    SHORT = "short"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


AREA_STATUS_LABELS: Mapping[AreaStatus, str] = {
    AreaStatus.MET: "达到",
    AreaStatus.WAIVED: "未达到，已豁免",
    AreaStatus.SHORT: "未达到",
    AreaStatus.UNKNOWN: "未登记",
    AreaStatus.NOT_APPLICABLE: "不适用",
}


def square_metres(dm2: int) -> str:
    """An area as people write it, with two decimals.

    Source: O2.2a.
    """
    return f"{dm2 // DM2_PER_M2}.{dm2 % DM2_PER_M2:02d}"


# --- the area -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountedArea:
    """How much of some premises counts, and why.

    Attributes:
        dm2: what counts.
        basis: the certificate before the measurement.
    """

    dm2: int
    basis: AreaBasis
    explanation: str


def counted_area(state: PremisesState) -> CountedArea:
    """The building area of premises that counts: certified before measured, the shared part only by agreement.

    Source: O2.2a.

    Raises:
        AreaUnknown: neither is told.
        SharedAreaTooLarge: more is shared than there is.
    """
    basis: AreaBasis = "certified" if state.certified_area_dm2 is not None else "measured"
    whole = state.certified_area_dm2 if basis == "certified" else state.measured_area_dm2
    if whole is None:
        raise AreaUnknown
    if state.shared_area_dm2 > whole:
        raise SharedAreaTooLarge(shared_area_dm2=state.shared_area_dm2, area_dm2=whole, basis=basis)
    told = f"按{AREA_BASIS_LABELS[basis]}{square_metres(whole)}平方米"
    if not state.shared_area_dm2:
        return CountedArea(whole, basis, told)
    shared = f"其中共用{square_metres(state.shared_area_dm2)}平方米"
    if state.shared_agreement is not None:
        return CountedArea(whole, basis, f"{told}，{shared}，按约定计入")
    return CountedArea(whole - state.shared_area_dm2, basis, f"{told}，{shared}，没有约定，不计入")


@dataclass(frozen=True, slots=True)
class AreaFinding:
    """What the rule of the area says of an office on a day.

    Attributes:
        counted_dm2: of all premises together; None where none is told or the rule does not apply.
        required_m2: the parameter of the day; None where the rule does not apply.
        waiver_expires_on: last day of the waiver that counts.
        explanation: Chinese, for people.
    """

    status: AreaStatus
    clause: str
    document: str | None
    counted_dm2: int | None
    required_m2: int | None
    waiver_expires_on: date | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Place:
    """Of an office, what the rules of premises ask for.

    Attributes:
        form: independent, platform_window or community_centre; None where nobody told it.
        platform: what it is a part of, unless independent.
    """

    kind: str
    status: str
    form: str | None
    platform: str | None


def current(premises: Iterable[PremisesState], *, on: date) -> list[PremisesState]:
    """The premises where an office works on a day.

    Source: O2.2a.
    """
    return [one for one in premises if one.ended_on is None or one.ended_on > on]


def area_rule(place: Place, *, on: date) -> Parameter | None:
    """The rule of the area as it stands on a day; None where it asks nothing of this office.

    It is for the offices of towns and streets; a window on a shared platform needs no building of its own.

    Source: O2.2a, O1.1c.
    """
    if place.kind != OfficeKind.SERVICE_OFFICE or place.form == "platform_window":
        return None
    return _in_force("office_floor_area_min", on)


def judge_area(
    premises: Iterable[PremisesState], place: Place, *, on: date, rules_on: date | None = None
) -> AreaFinding:
    """Whether an office has on a day the building area that it should have in principle (原则上).

    The areas of all premises of the day count together; a waiver of any of them counts until its last day.

    Source: O2.2a, O1.1c.

    Args:
        rules_on: the day whose rule judges; by default the same day.
    """
    rule = area_rule(place, on=rules_on or on)
    if rule is None:
        return _not_applicable(place, rules_on or on)
    states = current(premises, on=on)
    if not states:
        return _finding(AreaStatus.UNKNOWN, rule, None, None, "没有登记办公和服务场地")
    areas = [counted_area(one) for one in states]
    total = sum(area.dm2 for area in areas)
    told = "；".join(area.explanation for area in areas)
    if total >= rule.number * DM2_PER_M2:
        return _finding(AreaStatus.MET, rule, total, None, told)
    waivers = [one.waiver.expires_on for one in states if one.waiver is not None and one.waiver.expires_on >= on]
    if waivers:
        until = max(waivers)
        return _finding(AreaStatus.WAIVED, rule, total, until, f"{told}；豁免至{until.isoformat()}")
    lacks = f"{told}；合计{square_metres(total)}平方米，原则上不少于{rule.number}平方米"
    return _finding(AreaStatus.SHORT, rule, total, None, lacks)


def _finding(
    status: AreaStatus, rule: Parameter, counted: int | None, until: date | None, explanation: str
) -> AreaFinding:
    return AreaFinding(status, rule.clause, rule.document, counted, rule.number, until, explanation)


def _not_applicable(place: Place, on: date) -> AreaFinding:
    clause, document = "O2.2a", None
    if place.kind != OfficeKind.SERVICE_OFFICE:
        why = "面积规定针对乡镇（街道）服务机构"
    elif place.form == "platform_window":
        clause = "O1.1c"
        why = f"在多功能公共服务平台“{place.platform or '（未登记名称）'}”设立专门办事窗口，不要求单独场地"
    else:
        why = f"{on.isoformat()}尚无面积规定"
    return AreaFinding(AreaStatus.NOT_APPLICABLE, clause, document, None, None, None, why)


def require_area(state: PremisesState) -> CountedArea:
    """An area can be told that does not suffice, not one that makes no sense.

    Source: O2.2a.

    Raises:
        AreaUnknown, SharedAreaTooLarge: as counted_area.
    """
    return counted_area(state)


def is_waiver_kept(before: PremisesState, after: PremisesState) -> bool:
    """A waiver was given for an area; when the area shrinks, it has to be asked for anew.

    Source: O2.2a.
    """
    return counted_area(after).dm2 >= counted_area(before).dm2


def require_waiver_days(*, expires_on: date, effective_on: date) -> None:
    """A waiver ends on a day, and not before it begins.

    Source: O2.2a.

    Raises:
        WaiverExpired: it does.
    """
    if expires_on < effective_on:
        raise WaiverExpired(expires_on=expires_on.isoformat(), effective_on=effective_on.isoformat())


def require_not_ended(state: PremisesState) -> None:
    """What an office has left stays as it was.

    Source: O2.2a.

    Raises:
        PremisesEnded: it has left.
    """
    if state.ended_on is not None:
        raise PremisesEnded(ended_on=state.ended_on.isoformat())


# --- the windows ----------------------------------------------------------------------------------------------------


def windows_rule(place: Place, *, on: date) -> Parameter | None:
    """The rule of the windows as it stands on a day; None where it asks nothing of this office.

    It is for the offices of towns and streets that operate, a window on a platform included: it is one itself.

    Source: O2.2b, O1.1c.
    """
    return rule_of_windows(place.kind, on=on) if place.status == OfficeStatus.OPERATING else None


def require_public_window(premises: Sequence[PremisesState], place: Place, *, on: date) -> None:
    """An operating office has at least one window for the public (应), from its first entry to its last.

    Source: O2.2b.

    Raises:
        PublicWindowRequired: with these premises it would have none, or fewer than the rule of the day asks for.
    """
    if place.status == OfficeStatus.OPERATING:
        require_window_to_operate(premises, place.kind, on=on)


def require_windows(windows: Sequence[WindowState], *, on: date) -> None:
    """Windows of one place have their own numbers, sensible hours, and duties that are in force on the day.

    Source: O2.2b, O1.1a.

    Raises:
        WindowNumbersRepeat, OpeningHoursRefused, WindowDutyNotInForce: the first fault found.
    """
    numbers = [window.number for window in windows]
    repeated = first_repeated(numbers)
    if repeated is not None:
        raise WindowNumbersRepeat(number=repeated)
    rule = _in_force("duties", on)
    for window in windows:
        require_opening_hours(window.opening_hours, number=window.number)
        unknown = [duty for duty in window.duties if rule is not None and duty not in rule.option_codes]
        if unknown or first_repeated(window.duties) is not None:
            raise WindowDutyNotInForce(number=window.number, duties=[str(duty) for duty in unknown], on=on.isoformat())


def require_opening_hours(hours: Sequence[OpeningHours], *, number: str) -> None:
    """Every opening ends after it begins, and no two of one weekday overlap; they may touch.

    Source: O2.2b.

    Raises:
        OpeningHoursRefused: the answer names window and weekday.
    """
    ordered = sorted(hours, key=lambda one: (one.weekday, one.opens, one.closes))
    for one in ordered:
        if one.closes <= one.opens:
            detail = f"窗口{number}{WEEKDAY_LABELS[one.weekday]}的关闭时间须晚于开放时间"
            raise OpeningHoursRefused(detail, number=number, weekday=one.weekday, opens=one.opens, closes=one.closes)
    for one, following in pairwise(ordered):
        if one.weekday == following.weekday and following.opens < one.closes:
            detail = f"窗口{number}{WEEKDAY_LABELS[one.weekday]}的开放时间重叠"
            raise OpeningHoursRefused(detail, number=number, weekday=one.weekday, opens=following.opens)


def duty_labels() -> dict[str, str]:
    """What the duties of every period are called; the latest name wins.

    Source: O1.1a.
    """
    periods = [one for one in BOOK if one.code == "duties"]
    return {option.code: option.label for one in periods for option in one.options}


def first_repeated(values: Sequence[T]) -> T | None:
    """The first value that was there before.

    Source: O2.2b.
    """
    return next((value for place, value in enumerate(values) if value in values[:place]), None)


def _in_force(code: str, on: date) -> Parameter | None:
    try:
        return parameter(code, on=on)
    except ParameterNotInForce:
        return None
