"""The ledger of rewards and penalties: only added to, reversed once, summed by year and quarter, graded."""

import asyncio
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.accountability.catalogue import load_catalogue
from casework.accountability.domain import Tally, grade_of, ledger_kind_of, quarter_of, scale_on
from casework.accountability.errors import LedgerKindUnknown
from common.testing.problems import problem

TOWN, VILLAGE = "440305001000", "440305001001"
ENTRY = {
    "division": TOWN, "person": "clerk-1", "source": "assessment", "kind": "assessment_praised", "reason": "年度考核优秀",
}  # fmt: skip
OF_OFFICE = {
    "division": TOWN, "person": None, "source": "award", "kind": "award", "reason": "获评优质文明窗口",
}  # fmt: skip


async def entered(desk, actor, **changes: Any) -> dict[str, Any]:
    answer = await desk.post(actor, "/ledger", {**ENTRY, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


# --- entries -----------------------------------------------------------------------------------------------------


async def test_an_entry_counts_for_its_year_and_quarter_and_says_what_it_rests_on(desk, people):
    """O4.3g: out of assessments and awards."""
    entry = await entered(desk, people.head)
    assert (entry["points"], entry["direction_label"], entry["year"], entry["quarter"]) == (2, "奖励", 2026, 3)
    assert (entry["entered_by"], entry["source_label"], entry["title"]) == ("head-1", "考核", "考核加分")
    read = await desk.get(people.person, f"/ledger/{entry['id']}")
    assert read.json()["id"] == entry["id"]


async def test_a_reversal_is_an_entry_of_its_own_and_happens_once(desk, people, clock):
    """O4.3g: append-only; what is taken back counts in the year that it was given for."""
    entry = await entered(desk, people.head, kind="assessment_faulted")
    clock.move_to("2027-01-11T10:00:00+08:00")
    path, why = f"/ledger/{entry['id']}/reversal", {"reason": "考核数据有误"}
    answers = await asyncio.gather(*(desk.post(people.county, path, why) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    (taken,) = (answer.json() for answer in answers if answer.status_code == 201)
    assert (taken["points"], taken["reverses"], taken["source_label"]) == (2, entry["id"], "冲销")
    assert (taken["year"], taken["quarter"], taken["entered_on"]) == (2026, 3, "2027-01-11")
    problem(await desk.post(people.county, path, why), 409, "casework.accountability.already-reversed")
    problem(
        await desk.post(people.county, f"/ledger/{taken['id']}/reversal", why),
        422, "casework.accountability.reversal-of-reversal", "O4.3g",
    )  # fmt: skip
    (sums,) = (await desk.get(people.head, "/ledger/sums", year=2026)).json()
    assert sums["points"] == 0
    versions = "SELECT max(version), count(*) FROM records WHERE record = 'casework.ledger-entry'"
    assert tuple((await desk.window.rows(versions))[0]) == (1, 2)


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        ("head", {}, None),
        ("county", {}, None),
        ("head", {"person": "head-1"}, "casework.accountability.concerned-themselves"),
        ("person", {}, "casework.accountability.not-overseer"),
        ("colleague", {}, "casework.accountability.not-overseer"),
        ("other_county", {}, "casework.accountability.not-overseer"),
        ("auditor", {}, "casework.accountability.not-overseer"),
        ("administrator", {}, "casework.accountability.not-overseer"),
        ("county", OF_OFFICE, None),
        ("head", OF_OFFICE, "casework.accountability.not-overseer"),
        ("town_supervisor", OF_OFFICE, "casework.accountability.not-overseer"),
    ],
)
async def test_who_may_enter(desk, people, who, changes, code):
    """O4.3g: nobody rewards themselves or their own office."""
    before = await desk.counts()
    answer = await desk.post(getattr(people, who), "/ledger", {**ENTRY, **changes})
    if code is None:
        assert answer.status_code == 201, answer.text
    else:
        problem(answer, 403, code)
        assert await desk.counts() == before


async def test_who_may_take_back(desk, people):
    entry = await entered(desk, people.head)
    path, why = f"/ledger/{entry['id']}/reversal", {"reason": "登记有误"}
    for who, status, code in (
        ("head", 403, "casework.accountability.not-overseer"),
        ("town_supervisor", 403, "casework.accountability.not-overseer"),
        ("person", 403, "casework.accountability.concerned-themselves"),
        ("colleague", 404, "record.not-found"),
        ("other_county", 404, "record.not-found"),
        ("administrator", 404, "record.not-found"),
    ):
        problem(await desk.post(getattr(people, who), path, why), status, code)
    assert (await desk.post(people.county, path, why)).status_code == 201


async def test_everybody_sees_their_own_and_overseers_their_subtree(desk, people):
    await entered(desk, people.head)
    await entered(desk, people.head, person="clerk-2", division=VILLAGE)
    await desk.post(people.county, "/ledger", OF_OFFICE)

    async def seen(who: str, **params: Any) -> list[str | None]:
        answer = await desk.get(getattr(people, who), "/ledger", **params)
        return sorted([one["person"] for one in answer.json()["items"]], key=str)

    everyone = [None, "clerk-1", "clerk-2"]
    assert await seen("person") == ["clerk-1"]
    assert await seen("person", person="clerk-2") == ["clerk-1"]
    for who in ("head", "county", "city"):
        assert sorted(await seen(who), key=str) == sorted(everyone, key=str)
    assert await seen("city", division=VILLAGE) == ["clerk-2"]
    assert await seen("city", year=2025) == []
    for who in ("agent", "other_county", "auditor", "administrator", "statistician"):
        assert await seen(who) == []
    sums = (await desk.get(people.person, "/ledger/sums", year=2026)).json()
    assert [one["person"] for one in sums] == ["clerk-1"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"kind": "medal"}, 422, "casework.accountability.ledger-kind-unknown"),
        ({"kind": "reminder_talk"}, 422, "casework.accountability.ledger-kind-unknown"),
        ({"source": "accountability"}, 422, "request.validation-failed"),
        ({"source": "reversal"}, 422, "request.validation-failed"),
        ({"points": 100}, 422, "request.validation-failed"),
        ({"reason": "好"}, 422, "request.validation-failed"),
        ({"division": "440305001003"}, None, "directory.office-not-operating"),
        ({"division": "440305001009"}, None, "directory.division-unknown"),
    ],
)
async def test_what_is_no_entry_is_refused_and_writes_nothing(desk, people, changes, status, code):
    before = await desk.counts()
    answer = await desk.post(people.county, "/ledger", {**ENTRY, **changes})
    assert answer.json()["code"] == code
    assert status is None or answer.status_code == status
    assert await desk.counts() == before


async def test_an_entry_sent_twice_is_entered_once(desk, people):
    first = await desk.post(people.head, "/ledger", ENTRY, key="same")
    again = await desk.post(people.head, "/ledger", ENTRY, key="same")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert len((await desk.get(people.head, "/ledger")).json()["items"]) == 1


# --- sums and grades ---------------------------------------------------------------------------------------------


async def test_a_year_is_summed_by_person_office_and_quarter_and_graded(desk, people, clock):
    """O4.3g; standards.md §6: grades of quarters."""
    await entered(desk, people.head, kind="assessment_faulted")
    await entered(desk, people.head, kind="assessment_faulted")
    await entered(desk, people.head)
    await desk.post(people.county, "/ledger", OF_OFFICE)
    clock.move_to("2026-10-12T10:00:00+08:00")
    await entered(desk, people.head)
    sums = (await desk.get(people.county, "/ledger/sums", year=2026)).json()
    person, office = sorted(sums, key=lambda one: one["subject"], reverse=True)
    assert (person["person"], person["points"], office["points"]) == ("clerk-1", 0, 5)
    assert [(one["quarter"], one["points"], one["grade_label"]) for one in person["quarters"]] == [
        (1, 0, "优秀"), (2, 0, "优秀"), (3, -2, "良好"), (4, 2, "优秀"),
    ]  # fmt: skip


async def test_a_quarter_that_has_not_begun_has_no_grade(desk, people):
    await entered(desk, people.head)
    (sums,) = (await desk.get(people.county, "/ledger/sums", year=2026)).json()
    assert [one["quarter"] for one in sums["quarters"]] == [1, 2, 3]


async def test_the_kinds_are_public_with_how_sure_each_is(desk):
    """O4.3d, O4.3g: only what somebody has set down, and nobody takes a guess for a rule."""
    kinds = (await desk.get(None, "/kinds")).json()
    assert [one["label"] for one in kinds["decision_kinds"]] == [
        "提醒谈话", "书面检查", "通报批评", "取消评优资格", "移送有权机关处理", "不予追究",
    ]  # fmt: skip
    assert all(one["to_confirm"] for one in kinds["decision_kinds"] + kinds["ledger_kinds"])


SCALE = load_catalogue().grade_scales[0]


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (120, "优秀"),
        (100, "优秀"),
        (99, "良好"),
        (90, "良好"),
        (89, "合格"),
        (75, "合格"),
        (74, "不合格"),
        (-9, "不合格"),
    ],
)
def test_a_score_has_the_grade_that_it_reaches(score, grade):
    """standards.md §6."""
    assert grade_of(score, SCALE.grades).label == grade


@given(st.integers(-500, 500), st.integers(0, 100))
def test_more_points_never_give_a_worse_grade(score, more):
    order = [grade.code for grade in SCALE.grades]
    assert order.index(grade_of(score + more, SCALE.grades).code) <= order.index(grade_of(score, SCALE.grades).code)


@given(st.dates(date(2011, 9, 25), date(2100, 12, 31)))
def test_every_day_has_a_quarter_and_a_scale(day):
    assert quarter_of(day) == (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)[day.month - 1]
    assert scale_on([SCALE], day) is SCALE


def test_before_the_document_there_is_neither_scale_nor_kind():
    assert scale_on([SCALE], date(2011, 9, 24)) is None
    with pytest.raises(LedgerKindUnknown):
        ledger_kind_of(load_catalogue().ledger_kinds, "award", on=date(2011, 9, 24))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_share_in_time_is_rounded_down_so_that_999_is_not_all(first, second):
    tally = Tally(closed=max(first, second), on_time=min(first, second))
    assert (tally.on_time_permille == 1000) == (tally.closed > 0 and tally.closed == tally.on_time)
    assert (tally.on_time_permille is None) == (tally.closed == 0)


def test_the_packaged_data_is_read_as_it_is_written():
    """Every entry has its clause and how sure it is."""
    catalogue = load_catalogue()
    marks = [one.mark for one in (*catalogue.decision_kinds, *catalogue.ledger_kinds, *catalogue.grade_scales)]
    assert set(marks) <= {"V", "P", "K"}
    severities = [one.severity for one in catalogue.decision_kinds]
    assert len(set(severities)) == len(severities)
    assert all(one.points <= 0 for one in catalogue.decision_kinds)
    assert json.dumps([one.label for one in catalogue.ledger_kinds], ensure_ascii=False)
