"""The rules of complaints, as they are: pure. Source: O4.3f; standards.md §4 (表10), §6."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casework.complaints import domain
from casework.complaints.errors import (
    AccusedCannotHandle,
    AlreadyAppealed,
    AlreadyExtended,
    AppealNotPossible,
    ComplaintNotInState,
    ExtensionRefused,
    FindingDoesNotFit,
    NotPublishable,
    NotTheHandler,
)
from common.contracts.casework.complaints import ComplaintState
from common.divisions import Level, contains, is_code

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = date(2026, 11, 20)
ID = UUID(int=1)
COUNTY, TOWN, VILLAGE = "440305000000", "440305001000", "440305001001"
codes = st.from_regex(r"44[0-9]{10}", fullmatch=True).filter(is_code)


def complaint(**changes):
    values = {
        "id": ID, "version": 1, "division": COUNTY, "level": Level.COUNTY, "office_id": ID, "changed_at": AT,
        "number": "TS2026112000000001", "kind": "complaint", "subject": "attitude", "round": 1, "status": "received",
        "is_anonymous": True, "filed_at": AT, "promised_days": 5, "due_on": DAY,
        "accused_office_id": UUID(int=9), "accused_division": TOWN,
    }  # fmt: skip
    return ComplaintState(**{**values, **changes})


# --- who handles it -------------------------------------------------------------------------------------------------------


@given(codes, st.none() | codes)
def test_whoever_handles_a_complaint_stands_above_the_accused_and_is_not_in_their_sight(accused, guidance):
    """O4.3f: the record's division is never within the accused office's own subtree."""
    found = domain.divisions_above(accused, guidance)
    assert all(contains(one, accused) and not contains(accused, one) for one in found)
    assert not found or guidance not in found or found[0] == guidance


def test_the_office_that_guides_is_asked_first_and_nobody_stands_above_the_province():
    """O1.3a."""
    assert domain.divisions_above(VILLAGE, None) == [TOWN, COUNTY, "440300000000", "440000000000"]
    assert domain.divisions_above(VILLAGE, COUNTY) == [COUNTY, "440300000000", "440000000000"]
    assert domain.divisions_above(VILLAGE, "440306000000") == domain.divisions_above(VILLAGE, None)
    assert domain.divisions_above("440000000000", None) == []


def test_a_case_is_linked_only_to_a_complaint_about_its_own_office():
    assert domain.is_about(TOWN, VILLAGE)
    assert domain.is_about(VILLAGE, VILLAGE)
    assert not domain.is_about(VILLAGE, TOWN)
    assert not domain.is_about(TOWN, "440306001001")


def test_limits_are_parameters_of_five_working_days():
    """standards.md §6: complaints decided in 5 working days."""
    assert (domain.acceptance_days(on=DAY), domain.reply_days(on=DAY)) == (5, 5)


# --- the life ---------------------------------------------------------------------------------------------------------------

REFUSALS = (
    ComplaintNotInState, NotTheHandler, AccusedCannotHandle, AlreadyExtended, ExtensionRefused, FindingDoesNotFit,
    NotPublishable, AlreadyAppealed, AppealNotPossible,
)  # fmt: skip
people = st.sampled_from(["a", "b", "accused"])


class ComplaintLife(RuleBasedStateMachine):
    """Any order of steps by anybody, against a model of the life. Source: O4.3f."""

    def __init__(self):
        super().__init__()
        self.state = complaint(accused_account="accused")

    def attempt(self, allowed, change):
        try:
            changes = change()
        except REFUSALS:
            assert not allowed
        else:
            assert allowed
            self.state = self.state.model_copy(update=changes)

    @rule(handler=people)
    def accept(self, handler):
        allowed = self.state.status == "received" and handler != "accused"
        self.attempt(
            allowed,
            lambda: domain.accepted(
                self.state, by="head", at=AT, handler=handler, days=5, due_on=DAY, is_provisional=False
            ),
        )

    @rule()
    def refer(self):
        self.attempt(
            self.state.status == "received",
            lambda: domain.not_ours(self.state, at=AT, referred_to="市监局", overdue_days=0),
        )

    @rule(handler=people)
    def reassign(self, handler):
        allowed = self.state.status in {"accepted", "handling"} and handler != "accused"
        self.attempt(allowed, lambda: domain.reassigned(self.state, handler=handler))

    @rule(by=people)
    def take_up(self, by):
        allowed = (self.state.status, self.state.holder) == ("accepted", by)
        self.attempt(allowed, lambda: domain.taken_up(self.state, by=by, at=AT))

    @rule(days=st.integers(1, 9), late=st.booleans())
    def extend(self, days, late):
        at = AT + timedelta(days=1) if late else AT
        allowed = self.state.status in {"accepted", "handling"} and not self.state.extension and days <= 5 and not late
        self.attempt(
            allowed,
            lambda: domain.extended(
                self.state, by="head", at=at, days=days, reason="案情复杂", due_on=DAY, is_provisional=False
            ),
        )

    @rule(by=people, finding=st.sampled_from([None, "substantiated", "unsubstantiated"]), names=st.none() | people)
    def reply(self, by, finding, names):
        allowed = (self.state.status, self.state.holder) == ("handling", by) and finding is not None and names != by
        self.attempt(
            allowed,
            lambda: domain.replied(self.state, by=by, at=AT, finding=finding, accused=names, overdue_days=0),
        )

    @rule()
    def close(self):
        self.attempt(self.state.status == "replied", lambda: domain.closed(self.state, at=AT))

    @rule(days=st.integers(0, 40))
    def appeal(self, days):
        allowed = self.state.status in {"not_ours", "replied", "closed"} and days <= 30 and not self.state.appeal_id

        def change():
            domain.require_appealable(self.state, at=AT + timedelta(days=days))
            return {"appeal_id": ID}

        self.attempt(allowed, change)

    @invariant()
    def holds(self):
        state = self.state
        assert (state.holder is None) == (state.status in {"received", "not_ours"})
        assert state.holder != "accused" or state.accused_account != "accused"
        assert (state.due_on is not None) == (state.status in domain.PENDING)
        assert (state.finding is not None) == (state.status in {"replied", "closed"})
        assert (state.overdue_days is not None) == (state.replied_at is not None)


TestComplaintLife = ComplaintLife.TestCase


def test_a_consultation_has_no_finding_and_everything_else_has_one():
    """O4.3f."""
    for kind, finding in (("consultation", "substantiated"), ("complaint", None), ("report", None)):
        state = complaint(kind=kind, status="handling", holder="a")
        with pytest.raises(FindingDoesNotFit):
            domain.replied(state, by="a", at=AT, finding=finding, accused=None, overdue_days=0)


def test_only_an_answered_consultation_becomes_public():
    """O4.3e."""
    values = {"by": "a", "at": AT, "question": "如何参保", "answer": "在窗口办理"}
    assert domain.published(complaint(kind="consultation", status="replied"), **values)["publication"]
    for state in (
        complaint(kind="consultation"),
        complaint(status="replied"),
        complaint(kind="report", status="closed"),
    ):
        with pytest.raises(NotPublishable):
            domain.published(state, **values)


def test_a_re_examination_and_a_consultation_are_not_examined_again():
    for state in (
        complaint(round=2, status="replied", replied_at=AT),
        complaint(kind="consultation", status="replied", replied_at=AT),
        complaint(),
    ):
        with pytest.raises(AppealNotPossible):
            domain.require_appealable(state, at=AT)


@given(st.integers(-10, 10), st.sampled_from(["received", "accepted", "handling"]))
def test_overdue_begins_on_the_day_after_the_last_one(days, status):
    """O4.3c."""
    assert domain.is_overdue(complaint(status=status), on=DAY + timedelta(days=days)) == (days > 0)


def test_how_late_an_answer_came_stays():
    for status in ("not_ours", "replied", "closed"):
        assert domain.is_overdue(complaint(status=status, due_on=None, overdue_days=1), on=DAY)
        assert not domain.is_overdue(complaint(status=status, due_on=None, overdue_days=0), on=DAY + timedelta(99))


def test_the_accused_and_everybody_of_their_office_are_concerned():
    """O4.3f."""
    state = complaint(accused_account="x")
    assert domain.is_concerned(state, account="x", office_id=None)
    assert domain.is_concerned(state, account="y", office_id=UUID(int=9))
    assert not domain.is_concerned(state, account="y", office_id=UUID(int=8))
    assert not domain.is_concerned(complaint(accused_office_id=None), account="y", office_id=None)
