"""Trainings: {法规政策, 操作技能} × {定岗, 定向, 一般}, hours, and who has had none for too long. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.contracts.registry.people import StaffMemberState, TrainingAttendance, TrainingSubject
from common.policy import ParameterNotInForce, parameter
from registry.staff.domain import is_held
from registry.training.errors import AttendanceRefused

SUBJECT_LABELS: Mapping[str, str] = {"regulations": "法规政策", "skills": "操作技能"}
MODE_LABELS: Mapping[str, str] = {"post": "定岗培训", "targeted": "定向培训", "general": "一般培训"}
RESULT_LABELS: Mapping[str, str] = {"passed": "合格", "failed": "不合格", "not_assessed": "未考核"}
SUBJECTS: tuple[TrainingSubject, ...] = ("regulations", "skills")


@dataclass(frozen=True, slots=True)
class RecencyGap:
    """A person who has had no training of a subject within the days that the policy's 经常性 is read as.

    Attributes:
        last_on: of the last training of the subject at this office; None if there was none.
    """

    post: StaffMemberState
    subject: TrainingSubject
    last_on: date | None


@dataclass(frozen=True, slots=True)
class HoursTotal:
    """What was held of one subject and mode: sessions, their hours, and hours times persons."""

    subject: str
    mode: str
    sessions: int
    session_hours: int
    person_hours: int
    persons: int


def recency_days(on: date) -> int | None:
    """How many days "经常性" is read as on a day; None before there was a rule.

    Source: O3.2b.
    """
    try:
        return parameter("training_recency_days", on=on).number
    except ParameterNotInForce:
        return None


def recency_gaps(
    posts: Sequence[StaffMemberState],
    attendances: Sequence[TrainingAttendance],
    *,
    on: date,
    rules_on: date | None = None,
) -> tuple[RecencyGap, ...]:
    """Who, of the posts held on a day, is due for a training of which subject: a warning, no refusal.

    A training counts for the person at the office, also under an earlier post there; what was taught elsewhere was
    taught for another post (定岗). Somebody who has just come is due as well.

    Source: O3.2b.

    Args:
        posts: of the office, ended ones included.
        attendances: of the office.
        rules_on: the day whose rule is taken; by default that of the facts.
    """
    days = recency_days(rules_on or on)
    if days is None:
        return ()
    person_of = {post.id: post.pseudonym for post in posts}
    last: dict[tuple[str, str], date] = {}
    for one in attendances:
        key = (person_of.get(one.staff_member_id, ""), one.subject)
        if one.held_on <= on and one.held_on >= last.get(key, one.held_on):
            last[key] = one.held_on
    due = []
    for post in posts:
        for subject in SUBJECTS:
            found = last.get((post.pseudonym, subject))
            if is_held(post, on) and (found is None or (on - found).days > days):
                due.append(RecencyGap(post, subject, found))
    return tuple(due)


def hours_by_kind(attendances: Sequence[TrainingAttendance], *, year: int) -> tuple[HoursTotal, ...]:
    """Sessions and hours of a year by subject and mode; a session counts once, however many took part.

    Source: O3.2b.
    """
    totals = []
    for subject in SUBJECT_LABELS:
        for mode in MODE_LABELS:
            found = [one for one in attendances if (one.subject, one.mode, one.held_on.year) == (subject, mode, year)]
            sessions = {one.session_id: one.hours for one in found}
            totals.append(
                HoursTotal(
                    subject=subject,
                    mode=mode,
                    sessions=len(sessions),
                    session_hours=sum(sessions.values()),
                    person_hours=sum(one.hours for one in found),
                    persons=len({one.staff_member_id for one in found}),
                )
            )
    return tuple(totals)


def require_attendance(post: StaffMemberState, *, held_on: date) -> None:
    """Only who held the post on the day was trained for it.

    Source: O3.2b.

    Raises:
        AttendanceRefused: the answer names the post.
    """
    if not is_held(post, held_on):
        raise AttendanceRefused(staff_member_id=str(post.id))
