"""What an applicant must be told, and who counts as one asker."""

from datetime import date, timedelta
from typing import Any, get_args

import pytest

from casework.online.domain import (
    NOTIFICATION_LABELS,
    news_of,
    require_supplement,
    told_after,
)
from casework.online.errors import SupplementIncomplete
from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseFile, SupplementState
from common.contracts.casework.online import NotificationKind
from common.testing.events import INSTANT, case_state

DAY = date(2026, 3, 9)
SUPPLEMENT = SupplementState(asked_at=INSTANT, by="clerk", materials=("身份证", "户口簿"), due_on=DAY)
BEGUN = case_state(due_on=DAY)


def later(before: CaseState, **changes: Any) -> CaseState:
    return before.model_copy(update={"version": before.version + 1, **changes})


def kinds(*versions: CaseState) -> list[list[str]]:
    """What is told with each version, the first one included."""
    told, known = [], None
    for case in versions:
        told.append([one.kind for one in news_of(known, case)])
        known = told_after(known, case)
    return told


def test_every_kind_has_a_label() -> None:
    assert set(NOTIFICATION_LABELS) == set(get_args(NotificationKind))


def test_a_case_is_told_from_its_receipt_to_its_end() -> None:
    """O4.2b: accepted, supplement needed with what, due date moved, decided, ready for collection."""
    asked = later(BEGUN, status="supplementing", due_on=None, file=CaseFile(supplements=(SUPPLEMENT,)))
    supplied = later(asked, status="registered", due_on=DAY + timedelta(days=3))
    accepted = later(supplied, status="accepted", due_on=DAY + timedelta(days=20))
    stepped = later(accepted, stage="reviewing")
    paused = later(stepped, due_on=None)
    resumed = later(paused, due_on=DAY + timedelta(days=27))
    decided = later(resumed, is_favourable=True)
    closed = later(decided, status="closed", due_on=None, closing_result="granted")
    collected = later(closed, collected_at=INSTANT)
    versions = (BEGUN, asked, supplied, accepted, stepped, paused, resumed, decided, closed, collected)
    assert kinds(*versions) == [
        ["received"], ["supplement_needed"], [], ["accepted"], [], [], ["due_date_moved"], ["decided"], ["ready"], [],
    ]  # fmt: skip
    (needed,) = news_of(told_after(None, BEGUN), asked)
    assert needed.details == {"materials": ("身份证", "户口簿"), "due_on": DAY}
    (moved,) = news_of(told_after(told_after(None, stepped), paused), resumed)
    assert moved.details == {"due_on": DAY + timedelta(days=27), "previous_due_on": DAY + timedelta(days=20)}


def test_a_pause_that_moves_nothing_is_not_told() -> None:
    accepted = later(BEGUN, status="accepted")
    paused = later(accepted, due_on=None)
    assert kinds(BEGUN, accepted, paused, later(paused, due_on=DAY)) == [["received"], ["accepted"], [], []]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": "refused"}, ["refused"]),
        ({"status": "withdrawn"}, ["withdrawn"]),
        ({"status": "closed", "closing_result": "referred"}, ["closed"]),
        ({"status": "closed", "closing_result": "granted", "is_favourable": True}, ["decided", "ready"]),
        ({"status": "accepted", "due_on": None}, ["accepted"]),
        ({"handled_by": "somebody"}, []),
    ],
)
def test_each_end_is_told(changes, told) -> None:
    assert kinds(BEGUN, later(BEGUN, **changes)) == [["received"], told]


def test_nothing_is_told_twice_and_nothing_of_cases_that_were_begun_before() -> None:
    accepted = later(BEGUN, status="accepted")
    known = told_after(told_after(None, BEGUN), accepted)
    assert news_of(known, accepted) == news_of(known, BEGUN) == []
    assert news_of(None, accepted) == []
    assert kinds(accepted, later(accepted, due_on=DAY + timedelta(days=1))) == [[], ["due_date_moved"]]


def test_everything_that_was_missing_is_brought_at_once() -> None:
    """O4.3c."""
    require_supplement(["甲", "乙"], ["乙", "甲", "丙"])
    with pytest.raises(SupplementIncomplete) as caught:
        require_supplement(["甲", "乙", "丙"], ["乙"])
    assert caught.value.facts["missing"] == ["甲", "丙"]
