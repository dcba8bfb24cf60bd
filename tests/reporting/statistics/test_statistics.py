"""Statistics over HTTP: what is counted, what is never counted as praise, rates with what they are made of."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import python_calamine
import time_machine

from common.auth import Actor, Role
from common.contracts.casework.cases import CaseFile, SupplementState
from common.contracts.casework.complaints import ComplaintState
from common.contracts.casework.ratings import RatingState
from common.divisions import Level, level_of, path_levels
from common.ids import uuid7
from common.testing.events import accepted_record, case_state
from common.testing.tokens import make_actor

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440305001001",
)  # fmt: skip
NEIGHBOUR, DONGGUAN = "440305001002", "441900003001"
STATISTICIAN = make_actor(COUNTY, Role.STATISTICIAN)
PROVINCIAL = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
CITIZEN = Actor("c", "某人", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
JANUARY = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)
"""23:30 of 31 January in Beijing; an hour later it is February there."""
MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 10, 2, 0, tzinfo=UTC)):
        yield


def rating(of: Any, level: str, **changes: Any) -> RatingState:
    at = changes.pop("at", MARCH)
    values: dict[str, Any] = {
        "id": uuid7(), "version": 1, "division": of.division, "level": of.level, "changed_at": at,
        "case_id": of.id, "item_code": of.item_code, "duty": of.duty, "occasion": "matter", "number": 1,
        "rating": level, "channel": "mobile", "rated_at": at, "rated_on": at.date(), "status": "counted",
    }  # fmt: skip
    return RatingState(**{**values, **changes})


def complaint(division: str = TOWN, **changes: Any) -> ComplaintState:
    values: dict[str, Any] = {
        "id": uuid7(), "version": 1, "division": division, "level": level_of(division), "changed_at": MARCH,
        "number": "T1", "kind": "complaint", "subject": "delay", "round": 1, "status": "received",
        "is_anonymous": True, "filed_at": MARCH,
    }  # fmt: skip
    return ComplaintState(**{**values, **changes})


def told(state: Any, record_type: str = "casework.case", **changes: Any) -> list[Any]:
    """A state as every level of its way has accepted it."""
    payload = {"record_type": record_type, "payload": state.model_dump(mode="json")}
    return [
        accepted_record(state, level=level, **({} if record_type == "casework.case" else payload), **changes)
        for level in path_levels(state.division)
    ]


def closed(division: str = VILLAGE, *, at: datetime = MARCH, is_on_time: bool | None = True, **changes: Any) -> Any:
    values = {"registered_at": at - timedelta(days=4), "accepted_at": at - timedelta(days=3), "closed_at": at}
    return case_state(
        **{
            "division": division, "version": 5, "status": "closed", "is_on_time": is_on_time,
            "handling": "promised", "closing_result": "granted", **values, **changes,
        }
    )  # fmt: skip


@pytest.fixture
async def busy(filled: Any) -> Any:
    """Two in time and one late in the village, one void in the town, one open in 东莞 since January, one asked twice for more."""
    first, second, late = closed(), closed(channel="mobile"), closed(is_on_time=False, item_code="E02")
    asked = SupplementState(asked_at=MARCH, by="clerk", materials=("身份证明",), due_on=date(2026, 3, 9))
    supplemented = case_state(division=VILLAGE, registered_at=MARCH, file=CaseFile(supplements=(asked, asked)))
    void = closed(TOWN, closing_result="voided")
    states = [first, second, late, void, supplemented, case_state(division=DONGGUAN, registered_at=JANUARY)]
    records = [record for state in states for record in told(state)]
    records += told(rating(first, "very_satisfied"), "casework.rating")
    records += told(rating(second, "dissatisfied"), "casework.rating")
    records += told(rating(late, "satisfied", status="excluded"), "casework.rating")
    records += told(rating(first, "satisfied", number=2), "casework.rating")
    records += told(complaint(replied_at=MARCH, finding="partly_substantiated", overdue_days=2), "casework.complaint")
    records += told(complaint(kind="consultation"), "casework.complaint")
    await filled.accept(*records)
    return filled


async def ask(get: Any, actor: Actor = PROVINCIAL, **query: Any) -> dict[str, Any]:
    answer = await get("/statistics", actor, **{"from_": "2026-01", "to": "2026-03", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_on_time_counts_only_what_had_a_limit_and_was_answered(get: Any, busy: Any) -> None:
    """O4.3c: two in time, one late; the void one is closed and neither."""
    await busy.check()
    total = (await ask(get))["total"]
    assert total["measures"]["closed"] == 4
    assert total["measures"]["closed_void"] == 1
    assert total["ratios"]["on-time"] == {"numerator": 2, "denominator": 3, "value": "0.6667"}
    assert total["ratios"]["handling-days"] == {"numerator": 9, "denominator": 3, "value": "3.0"}
    assert total["pending"] == 2
    assert total["ratios"]["supplement"] == {"numerator": 2, "denominator": 6, "value": "0.3333"}


async def test_who_did_not_rate_has_not_praised(get: Any, busy: Any) -> None:
    """O4.3f: of three closed and not void two are rated, one of them well; the excluded and the second rating change nothing."""
    ratios = (await ask(get))["total"]["ratios"]
    assert ratios["satisfaction"] == {"numerator": 1, "denominator": 2, "value": "0.5000"}
    assert ratios["rated"] == {"numerator": 2, "denominator": 3, "value": "0.6667"}


async def test_complaints_belong_to_the_office_and_to_no_duty(get: Any, busy: Any) -> None:
    """O4.3f: they stand in the whole and under no duty; consultations are no complaints."""
    body = await ask(get, group_by="duty")
    measures = body["total"]["measures"]
    assert (measures["complaints_filed"], measures["consultations_filed"], measures["complaints_overdue"]) == (1, 1, 1)
    assert body["total"]["ratios"]["substantiated"]["value"] == "1.0000"
    assert [row["key"] for row in body["rows"]] == ["employment_services"]
    assert "complaints_filed" not in body["rows"][0]["measures"]


async def test_a_month_ends_at_midnight_in_beijing(get: Any, filled: Any) -> None:
    states = [case_state(division=VILLAGE, registered_at=JANUARY + timedelta(hours=hours)) for hours in (0, 1)]
    await filled.accept(*(record for state in states for record in told(state)))
    rows = (await ask(get))["rows"]
    assert [(row["key"], row["measures"].get("registered")) for row in rows] == [
        ("2026-01", 1), ("2026-02", 1), ("2026-03", None),
    ]  # fmt: skip


async def test_children_and_own_add_up_to_the_whole(get: Any, busy: Any) -> None:
    for division in (PROVINCE, CITY, COUNTY, TOWN):
        body = await ask(get, division=division, group_by="child")
        for measure, value in body["total"]["measures"].items():
            parts = [row["measures"].get(measure, 0) for row in (*body["rows"], body["own"])]
            assert sum(parts) == value, (division, measure)


async def test_a_new_version_takes_back_what_the_older_one_told(get: Any, busy: Any) -> None:
    """A rating that is excluded later is gone; a case told late becomes in time when it is corrected."""
    state = closed()
    mark = rating(state, "very_dissatisfied")
    await busy.accept(*told(state), *told(mark, "casework.rating"))
    before = (await ask(get))["total"]
    again = mark.model_copy(update={"version": 2, "status": "excluded"})
    await busy.accept(*told(again, "casework.rating"), *told(mark, "casework.rating"))
    await busy.accept(*told(state.model_copy(update={"version": 6, "is_on_time": False})))
    after = (await ask(get))["total"]
    assert before["ratios"]["satisfaction"]["denominator"] == after["ratios"]["satisfaction"]["denominator"] + 1
    assert before["ratios"]["on-time"]["numerator"] == after["ratios"]["on-time"]["numerator"] + 1
    await busy.check()


async def test_items_name_their_duty_and_can_be_asked_alone(get: Any, busy: Any) -> None:
    body = await ask(get, group_by="item")
    assert [(row["key"], row["duty"]) for row in body["rows"]] == [
        ("E01", "employment_services"), ("E02", "employment_services"),
    ]  # fmt: skip
    alone = await ask(get, item="E02")
    assert alone["total"]["ratios"]["on-time"]["value"] == "0.0000"
    assert (await ask(get, duty="social_insurance"))["total"]["measures"] == {}


async def test_a_rate_without_anything_is_unknown_and_not_zero(get: Any, filled: Any) -> None:
    total = (await ask(get))["total"]
    assert {ratio["value"] for ratio in total["ratios"].values()} == {None}


async def test_a_map_names_every_division_of_a_level(get: Any, busy: Any) -> None:
    answer = await get("/statistics/map", PROVINCIAL, of_level="town", from_="2026-03", measure="on-time")
    places = {place["division"]: place for place in answer.json()["places"]}
    assert set(places) == {"440305001000", "440306001000", "441900003000", "441624100000"}
    assert (places[TOWN]["value"], places[TOWN]["denominator"]) == ("0.6667", 3)
    assert places["441900003000"]["value"] is None
    alone = await get("/statistics/map", PROVINCIAL, of_level="town", from_="2026-03", measure="on-time", item="E02")
    assert {place["division"]: place["value"] for place in alone.json()["places"]}[TOWN] == "0.0000"
    narrow = await get("/statistics/map", STATISTICIAN, of_level="town", measure="closed")
    assert [place["division"] for place in narrow.json()["places"]] == [TOWN]


async def test_the_workbook_holds_the_same_rows_and_says_how_to_read_them(get: Any, busy: Any) -> None:
    answer = await get("/statistics/export", PROVINCIAL, from_="2026-01", to="2026-03", group_by="child")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    by_code = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:-2]}
    assert by_code[CITY]["按期办结"] == 2
    assert by_code["441900000000"]["按期办结率"] == ""
    notes = dict(book.get_sheet_by_name("说明").to_python())
    assert "未评价不计入" in notes["满意率"]


@pytest.mark.parametrize(
    ("code", "query"),
    [
        ("reporting.months-reversed", {"from_": "2026-03", "to": "2026-02"}),
        ("reporting.months-too-many", {"from_": "2020-01", "to": "2026-02"}),
        ("request.validation-failed", {"from_": "2026-13"}),
        ("request.validation-failed", {"from_": "2026-1"}),
        ("request.validation-failed", {"to": "0"}),
        ("request.validation-failed", {"duty": "cooking"}),
        ("auth.out-of-scope", {"division": "440306000000"}),
        ("reporting.level-above-own", {"level": "province"}),
    ],
)
async def test_a_wrong_question_is_told_why(get: Any, filled: Any, code: str, query: dict[str, str]) -> None:
    answer = await get("/statistics", STATISTICIAN, **query)
    assert answer.json()["code"] == code, answer.text


async def test_a_citizen_and_an_unknown_measure_are_refused(get: Any, filled: Any) -> None:
    assert (await get("/statistics", CITIZEN)).status_code == 403
    answer = await get("/statistics/map", STATISTICIAN, measure="beauty")
    assert (answer.status_code, answer.json()["code"]) == (400, "reporting.measure-unknown")
