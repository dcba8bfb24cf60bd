"""Recruitments: places, hires by group, and who is preferred. Pure."""

from collections.abc import Mapping
from datetime import date

from common.contracts.registry.people import RecruitmentState
from common.policy import ParameterNotInForce, parameter
from registry.staff.domain.labels import PRIORITY_GROUP_LABELS
from registry.staff.domain.persons import ServiceTerm
from registry.staff.errors import PriorityRefused, RecruitmentChangeRefused, RecruitmentFull, RecruitmentRefused

NO_GROUP = "none"


def hires_of(recruitment: RecruitmentState) -> int:
    """How many people it brought.

    Source: O3.1b.
    """
    return sum(recruitment.hired_by_group.values())


def priority_hires_of(recruitment: RecruitmentState) -> int:
    """How many of them belong to a priority group.

    Source: O3.1b.
    """
    return hires_of(recruitment) - recruitment.hired_by_group.get(NO_GROUP, 0)


def priority_share_permille(recruitment: RecruitmentState) -> int | None:
    """Priority hires in a thousand hires, rounded down; None where nobody was hired.

    Source: O3.1b.
    """
    hires = hires_of(recruitment)
    return None if hires == 0 else priority_hires_of(recruitment) * 1000 // hires


def with_hire(recruitment: RecruitmentState, group: str | None) -> Mapping[str, int]:
    """The hires by group after one more.

    Source: O3.1b.
    """
    key = group or NO_GROUP
    return {**recruitment.hired_by_group, key: recruitment.hired_by_group.get(key, 0) + 1}


def require_place(recruitment: RecruitmentState, *, office_id: object, starts_on: date) -> None:
    """Hires come out of a published recruitment of the office, after its notice, and never more than it has places.

    Source: O3.1b.

    Raises:
        RecruitmentRefused: of another office, not published, or later than the hire.
        RecruitmentFull: every place is taken.
    """
    if recruitment.office_id != office_id:
        raise RecruitmentRefused("不是该机构的招聘")
    if recruitment.status != "published":
        raise RecruitmentRefused("招聘已结束或已取消", status=recruitment.status)
    if recruitment.notice_published_on is None or starts_on < recruitment.notice_published_on:
        raise RecruitmentRefused("应先公开招聘公告，后录用")
    if hires_of(recruitment) >= recruitment.openings:
        raise RecruitmentFull(f"招聘{recruitment.openings}名，已全部录用", openings=recruitment.openings)


def require_priority(recruitment: RecruitmentState | None, term: ServiceTerm, *, starts_on: date) -> None:
    """A priority group is taken on only where the recruitment prefers it and the term of service is over.

    Source: O3.1b (优先吸纳服务期满的…).

    Raises:
        PriorityRefused: without a recruitment, not preferred by it, or the term is not over on the day of the hire.
    """
    if recruitment is None or term.group not in recruitment.prefers:
        raise PriorityRefused(f"招聘公告未列“{PRIORITY_GROUP_LABELS[term.group]}”为优先对象")
    if term.ends_on < term.starts_on:
        raise PriorityRefused("服务期截止日期早于开始日期")
    if term.ends_on >= starts_on:
        raise PriorityRefused("服务期未满", group=term.group)


def require_groups(prefers: tuple[str, ...], *, on: date) -> None:
    """A recruitment prefers groups that the policy of the day names.

    Source: O3.1b.

    Raises:
        PriorityRefused: one is not among them.
    """
    try:
        known = parameter("recruitment_priority_groups", on=on).option_codes
    except ParameterNotInForce:
        return
    unknown = [group for group in prefers if group not in known]
    if unknown:
        raise PriorityRefused("该日的政策未列此优先对象", groups=list(unknown))


def require_change(current: RecruitmentState, wanted: RecruitmentState) -> None:
    """A recruitment that has ended stays; places do not fall below the hires; one that hired is not cancelled.

    Source: O3.1b.

    Raises:
        RecruitmentChangeRefused: the answer says which.
    """
    if current.status != "published":
        raise RecruitmentChangeRefused("招聘已结束或已取消")
    if wanted.openings < hires_of(current):
        raise RecruitmentChangeRefused(f"招聘名额不得少于已录用人数{hires_of(current)}")
    if wanted.status == "cancelled" and hires_of(current):
        raise RecruitmentChangeRefused("已有录用，不能取消")
