"""Posts: which kinds an office may have, when they are held, how many one person can hold. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from common.contracts.registry.people import StaffMemberState
from common.policy import ParameterNotInForce, parameter
from registry.offices.domain import OfficeKind
from registry.staff.domain.labels import STAFF_TYPE_LABELS
from registry.staff.errors import AlreadyInOffice, FullPostHeld, PostEndRefused, StaffTypeRefused

EVERYWHERE = ("seconded", "other")
"""The clauses list how offices get their people; who is lent, or fits no word of them, is told as what it is."""

FULL_POSTS = frozenset({"establishment", "purchased_service", "public_welfare_post", "full_time"})
"""Posts that take a person's whole working time.

A secondment is none: the full post stays where the person is lent from. "Other" is none either: nothing is known of it.
"""


def staff_types_of(kind: OfficeKind, *, on: date) -> tuple[str, ...]:
    """The types of posts that a kind of office may have on a day; all of them before there was a rule.

    Source: O1.4d, O1.4e.
    """
    try:
        listed = parameter(_list_of(kind), on=on).option_codes
    except ParameterNotInForce:
        return tuple(STAFF_TYPE_LABELS)
    return (*listed, *EVERYWHERE)


def require_staff_type(kind: OfficeKind, staff_type: str, *, on: date) -> None:
    """Refuses a type of post that the kind of office cannot have on that day.

    Source: O1.4d, O1.4e.

    Raises:
        StaffTypeRefused: the answer lists what would do.
    """
    allowed = staff_types_of(kind, on=on)
    if staff_type not in allowed:
        labels = "、".join(STAFF_TYPE_LABELS[one] for one in allowed)
        clause = "O1.4e" if kind is OfficeKind.SERVICE_STATION else "O1.4d"
        detail = f"该机构不能有“{STAFF_TYPE_LABELS[staff_type]}”人员，可为：{labels}"
        raise StaffTypeRefused(detail, clause=clause, staff_type=staff_type, allowed=list(allowed))


def is_held(post: StaffMemberState, on: date) -> bool:
    """True from the first day of the post up to the day before it ends.

    Source: O1.4d, O1.4e.
    """
    return post.started_on <= on and (post.ended_on is None or on < post.ended_on)


def overlaps(post: StaffMemberState, starts_on: date, ends_on: date | None = None) -> bool:
    """True if the post is held on a day of the period; `ends_on` is the first day after it.

    Source: O1.4d, O1.4e.
    """
    begins_before = ends_on is None or post.started_on < ends_on
    ended_on = post.ended_on
    return begins_before and (ended_on is None or max(starts_on, post.started_on) < ended_on)


def require_time(posts: Iterable[StaffMemberState], *, office_id: object, staff_type: str, starts_on: date) -> None:
    """One person works several part-time posts, one full post at a time, and one post at each office.

    The pay of a full post is for the whole working time: two of them would be paid twice for the same hours, the very
    thing that O1.4g is about. The answer does not say where the other post is.

    Source: O1.4d, O1.4e, O1.4g.

    Args:
        posts: of the person, in the whole province.

    Raises:
        AlreadyInOffice, FullPostHeld: the posts overlap.
    """
    for post in posts:
        if not overlaps(post, starts_on):
            continue
        if post.office_id == office_id:
            raise AlreadyInOffice
        if staff_type in FULL_POSTS and post.staff_type in FULL_POSTS:
            clause = "O1.4e" if staff_type in {"full_time", "public_welfare_post"} else "O1.4d"
            raise FullPostHeld(clause=clause)


def is_public_employee(staff_type: str, *, is_declared: bool) -> bool:
    """公职人员: an established post makes one by rule; otherwise as declared.

    Source: O1.4g, O1.4d.
    """
    return staff_type == "establishment" or is_declared


def is_public_employee_on(posts: Sequence[StaffMemberState], on: date) -> bool:
    """True if a post that the person holds on the day, wherever it is, shows a public employee.

    Source: O1.4g.
    """
    return any(post.is_public_employee for post in posts if is_held(post, on))


def require_end(post: StaffMemberState, ended_on: date, *, today: date) -> None:
    """The first day off lies after the first day on, and no later than tomorrow: nobody knows more.

    Source: S0, ADR 0013.

    Raises:
        PostEndRefused: the answer names the days between which it must lie.
    """
    earliest, latest = post.started_on + timedelta(days=1), today + timedelta(days=1)
    if not earliest <= ended_on <= latest:
        detail = f"离岗日期（不再在岗的第一天）应在{earliest.isoformat()}至{latest.isoformat()}之间"
        raise PostEndRefused(detail, earliest=earliest.isoformat(), latest=latest.isoformat())


def _list_of(kind: OfficeKind) -> str:
    return "station_staff_types" if kind is OfficeKind.SERVICE_STATION else "office_staff_types"
