"""Established posts (编制): never more than the quota, and the quota never rises here. Pure."""

from collections.abc import Sequence
from datetime import date

from common.contracts.registry.people import EstablishmentState, StaffMemberState
from common.policy import ParameterNotInForce, parameter
from registry.offices.domain import OfficeKind
from registry.staff.domain.posts import is_held
from registry.staff.errors import (
    EstablishmentBelowFilled,
    EstablishmentFull,
    EstablishmentIncreaseRefused,
    StaffTypeRefused,
)

Quotas = Sequence[EstablishmentState]
"""Every version of an office's establishment, the first one first."""


def quota_on(quotas: Quotas, on: date) -> int:
    """The quota of a day; before the first version nothing else is known than what was found.

    Source: O1.4d.
    """
    known = [state for state in quotas if state.effective_on <= on]
    return (known[-1] if known else quotas[0]).quota


def filled_on(posts: Sequence[StaffMemberState], on: date) -> int:
    """How many established posts are held on a day.

    Source: O1.4d.
    """
    return sum(1 for post in posts if post.staff_type == "establishment" and is_held(post, on))


def overfilled_day(quotas: Quotas, posts: Sequence[StaffMemberState], *, since: date) -> date | None:
    """The first day from `since` on which more posts are held than there are; None if there is none.

    The number of posts rises only on the first day of one, and the quota changes only on the first day of a version, so
    no other days have to be looked at.

    Source: O1.4d.
    """
    days = {since, *(post.started_on for post in posts), *(state.effective_on for state in quotas)}
    return next((day for day in sorted(days) if day >= since and filled_on(posts, day) > quota_on(quotas, day)), None)


def require_free_post(quotas: Quotas, posts: Sequence[StaffMemberState], new: StaffMemberState) -> None:
    """Lets an established post be filled only where one is free on every day of it.

    Source: O1.4d.

    Args:
        posts: of the office, without the new one.

    Raises:
        EstablishmentFull: the answer tells the quota and the day.
    """
    day = overfilled_day(quotas, [*posts, new], since=new.started_on)
    if day is not None:
        quota = quota_on(quotas, day)
        detail = f"编制{quota}个，{day.isoformat()}已满；新增人员应通过政府购买服务解决"
        raise EstablishmentFull(detail, quota=quota, on=day.isoformat())


def require_quota(
    kind: OfficeKind, quotas: Quotas, posts: Sequence[StaffMemberState], *, wanted: EstablishmentState
) -> None:
    """Lets a quota be entered as it was found, and after that only be lowered, not below the posts that are filled.

    Source: O1.4d, O1.4e.

    Args:
        quotas: the versions before the wanted one; none for the first entry.

    Raises:
        StaffTypeRefused: stations have no established posts.
        EstablishmentIncreaseRefused: it would rise by more than the policy of the day lets it.
        EstablishmentBelowFilled: more posts are filled on a day from which it would hold.
    """
    if kind is OfficeKind.SERVICE_STATION:
        raise StaffTypeRefused("服务站不设编制", clause="O1.4e", staff_type="establishment")
    if quotas:
        current, most = quotas[-1].quota, increase_max(wanted.effective_on)
        if wanted.quota > current + most:
            detail = f"现有编制{current}个，可新增{most}个"
            raise EstablishmentIncreaseRefused(detail, quota=current, increase_max=most)
    day = overfilled_day([*quotas, wanted], posts, since=wanted.effective_on)
    if day is not None:
        filled = filled_on(posts, day)
        detail = f"{day.isoformat()}在编{filled}人"
        raise EstablishmentBelowFilled(detail, filled=filled, on=day.isoformat())


def increase_max(on: date) -> int:
    """By how many posts a quota may rise here; before there was a rule, not at all either: nobody here grants posts.

    Source: O1.4d.
    """
    try:
        return parameter("establishment_increase_max", on=on).number
    except ParameterNotInForce:
        return 0


def is_within_quota(quotas: Quotas, posts: Sequence[StaffMemberState], *, on: date) -> bool | None:
    """Whether the established posts of a day fit the quota of that day; None while the quota is unknown.

    Source: O1.4d.
    """
    if not quotas:
        return True if filled_on(posts, on) == 0 else None
    return filled_on(posts, on) <= quota_on(quotas, on)
