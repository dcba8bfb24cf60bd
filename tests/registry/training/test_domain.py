"""Trainings: hours by subject and mode, and who is due. Source: O3.2b."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry.people import StaffMemberState, TrainingAttendance
from common.divisions import Level
from common.ids import uuid7
from common.policy import Mark, Strength, parameter
from registry.training.domain import MODE_LABELS, SUBJECT_LABELS, hours_by_kind, recency_days, recency_gaps

ON = date(2026, 6, 30)
OFFICE = uuid7()
SHARED: dict[str, Any] = {"version": 1, "office_id": OFFICE, "division": "441624101000", "level": Level.TOWN}


def post(number: int = 1, **changes: Any) -> StaffMemberState:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": date(2020, 1, 1), "pseudonym": f"{number:064x}", "staff_type": "purchased_service",
        "post_title": None, "is_public_employee": False, "duties": (), "qualification_standard_id": None, "recruitment_id": None,
        "priority_group": None, "started_on": date(2020, 1, 1), "ended_on": None,
    }  # fmt: skip
    return StaffMemberState(**{**values, **changes})


def attendance(of: StaffMemberState, held_on: date, **changes: Any) -> TrainingAttendance:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": held_on, "staff_member_id": of.id, "session_id": uuid7(), "subject": "skills",
        "mode": "post", "hours": 4, "held_on": held_on, "result": "passed",
    }  # fmt: skip
    return TrainingAttendance(**{**values, **changes})


def test_often_is_a_configured_soft_reading_to_be_confirmed() -> None:
    """Source: O3.2b."""
    found = parameter("training_recency_days", on=ON)
    assert (found.number, found.unit, found.strength, found.mark, found.clause) == (
        365,
        "day",
        Strength.SOFT,
        Mark.INFERRED,
        "O3.2b",
    )
    assert found.to_confirm
    assert recency_days(date(2011, 9, 24)) is None
    assert recency_gaps([post()], [], on=date(2011, 9, 24)) == ()


def test_who_had_no_training_of_a_subject_for_longer_is_due_in_that_subject_alone() -> None:
    """Source: O3.2b."""
    somebody = post()
    skills = attendance(somebody, ON - timedelta(days=365))
    gaps = recency_gaps([somebody], [skills], on=ON)
    assert [(gap.subject, gap.last_on) for gap in gaps] == [("regulations", None)]
    gaps = recency_gaps([somebody], [skills], on=ON + timedelta(days=1))
    assert [(gap.subject, gap.last_on) for gap in gaps] == [("regulations", None), ("skills", skills.held_on)]
    both = [skills, attendance(somebody, ON, subject="regulations", mode="general")]
    assert recency_gaps([somebody], both, on=ON) == ()
    assert len(recency_gaps([somebody], both, on=ON - timedelta(days=1))) == 1, "what comes later counts for nothing"


def test_a_training_under_an_earlier_post_at_the_office_counts_and_who_has_left_is_not_due() -> None:
    """Source: O3.2b."""
    earlier, now = post(ended_on=date(2026, 1, 1)), post(started_on=date(2026, 1, 1))
    held = [attendance(earlier, date(2025, 12, 1)), attendance(earlier, date(2025, 12, 2), subject="regulations")]
    assert recency_gaps([earlier, now], held, on=ON) == ()
    assert recency_gaps([earlier], [], on=ON) == ()
    stranger = [attendance(post(9), ON), attendance(post(9), ON, subject="regulations")]
    assert len(recency_gaps([now], stranger, on=ON)) == 2


def test_a_session_counts_once_and_its_hours_once_for_each_person() -> None:
    """Source: O3.2b."""
    session = uuid7()
    held = [attendance(post(number), date(2025, 5, 1), session_id=session, hours=8) for number in (1, 2, 3)]
    held.append(attendance(post(1), date(2025, 12, 31), mode="targeted", hours=2))
    held.append(attendance(post(1), date(2026, 1, 1)))
    totals = {(one.subject, one.mode): one for one in hours_by_kind(held, year=2025)}
    assert set(totals) == {(subject, mode) for subject in SUBJECT_LABELS for mode in MODE_LABELS}
    one = totals["skills", "post"]
    assert (one.sessions, one.session_hours, one.person_hours, one.persons) == (1, 8, 24, 3)
    assert totals["skills", "targeted"].person_hours == 2
    assert totals["regulations", "post"].sessions == 0


@given(
    parts=st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(list(SUBJECT_LABELS)),
            st.sampled_from(list(MODE_LABELS)),
            st.integers(1, 9),
            st.integers(2024, 2026),
        ),
        max_size=30,
    )
)
def test_totals_of_all_years_lose_no_hour(parts: list[tuple[int, Any, Any, int, int]]) -> None:
    """Source: O3.2b."""
    held = [
        attendance(post(person), date(year, 3, 1), subject=subject, mode=mode, hours=hours)
        for person, subject, mode, hours, year in parts
    ]
    told = sum(one.person_hours for year in (2024, 2025, 2026) for one in hours_by_kind(held, year=year))
    assert told == sum(hours for _, _, _, hours, _ in parts)
