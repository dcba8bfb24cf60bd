"""Notices of holidays over HTTP: who may tell one, what is no notice, and whose due date it moves."""

import asyncio
import json
from datetime import datetime
from typing import Any

import pytest

from casework.notices import service
from common.auth import Role
from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import make_actor

NOTICES = "/casework/v1/holiday-notices"
ADMINISTRATOR = make_actor("440000000000", Role.ADMINISTRATOR, subject="administrator-1")
CLERK = make_actor("440305001000", Role.WINDOW_CLERK)


async def totals(window) -> tuple[Any, ...]:
    tables = ("calendar_versions", "calendar_days", "records", "holiday_recalculations", "outbox", "audit_entries")
    return tuple([await window.value(f"SELECT count(*) FROM {table}") for table in tables])


# --- importing -----------------------------------------------------------------------------------------------------


async def test_a_notice_makes_its_year_official(bureau, window):
    """O4.3c, standards.md §10: 2027 is provisional until its notice is there."""
    calendar = "/casework/v1/calendar/years/2027"
    before = (await window.client.get(calendar)).json()
    notice = await bureau.told()
    after = (await window.client.get(calendar)).json()
    assert (before["status"], after["status"]) == ("provisional", "official")
    assert after["document"] == "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕0号）"
    assert after["calendar_version"] == notice["calendar_version"] != before["calendar_version"]
    worked = [day["day"] for day in after["days"] if day["is_working"]]
    assert worked == ["2027-01-09", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09"]
    assert after["working_days"] == 261 - 13


async def test_importing_the_2027_notice_lists_exactly_the_changed_cases(bureau, window):
    """Issue 4, must show 1: every changed due date, and no other."""
    days = {
        "before": ("2026-12-01", "2026-12-15", "2026-12-15"),
        "first": ("2026-12-18", "2027-01-04", "2027-01-05"),
        "second": ("2026-12-23", "2027-01-07", "2027-01-08"),
        "made up for": ("2026-12-25", "2027-01-11", "2027-01-11"),
    }
    cases = {}
    for number, (name, (day, due, _)) in enumerate(days.items(), 1):
        cases[name] = await bureau.registered(day, number)
        assert cases[name]["due_on"] == due, name
    silent = await bureau.registered("2026-12-28", 8, is_accepted=False)
    closed = await bureau.registered("2026-12-28", 9)
    withdrawn = await window.act(closed["id"], "withdrawal", {"reason": "申请人改期办理"}, version=closed["version"])
    assert withdrawn.status_code == 200, withdrawn.text

    notice = await bureau.told()
    assert notice["status"] == "recalculating"
    await bureau.follow()
    assert await bureau.changes(notice["id"]) == {
        cases["first"]["id"]: ("2027-01-04", "2027-01-05"),
        cases["second"]["id"]: ("2027-01-07", "2027-01-08"),
        silent["id"]: ("2027-01-05", "2027-01-06"),
    }
    for name, (_, _, due) in days.items():
        case = await bureau.case(cases[name]["id"])
        assert (case["due_on"], case["is_due_provisional"]) == (due, False), name
    assert (await bureau.case(closed["id"]))["version"] == withdrawn.json()["version"]
    done = await bureau.read(f"/{notice['id']}")
    assert (done["status"], done["status_label"], done["changed_cases"]) == ("done", "已完成", 3)


async def test_the_list_tells_numbers_and_dates_and_nothing_of_the_applicant(bureau):
    case = await bureau.registered("2026-12-18")
    notice = await bureau.told()
    await bureau.follow()
    actor = make_actor("440000000000", Role.BUREAU_SUPERVISOR)
    (change,) = (await bureau.read(f"/{notice['id']}/changes", actor))["items"]
    assert change == {
        "case_id": case["id"],
        "case_number": case["case_number"],
        "due_before": "2027-01-04",
        "due_after": "2027-01-05",
        "statutory_before": "2027-01-04",
        "statutory_after": "2027-01-05",
    }


async def test_each_moved_case_and_the_notice_are_told_as_events(bureau, window):
    case = await bureau.registered("2026-12-18")
    notice = await bureau.told()
    await bureau.follow()
    sql = "SELECT type, data FROM outbox WHERE partitionkey = $1 ORDER BY recordversion"
    told = [json.loads(row["data"]) for row in await window.rows(sql, notice["id"])]
    assert [(one["version"], one["status"], one["changed_cases"]) for one in told] == [
        (1, "recalculating", None),
        (2, "done", 1),
    ]
    last = (await window.rows(sql, case["id"]))[-1]
    assert last["type"] == "casework.case.changed.v1"
    assert json.loads(last["data"])["due_on"] == "2027-01-05"
    acts = await window.rows("SELECT action FROM audit_entries WHERE object_id = $1 ORDER BY action", notice["id"])
    assert [row["action"] for row in acts] == ["casework.holiday-notice.finish", "casework.holiday-notice.import"]


async def test_the_same_document_again_makes_no_new_version_and_says_so(bureau, window, notice):
    """Safe to repeat: also with its days in another order, and by another administrator."""
    first = await bureau.tell(notice())
    await bureau.follow()
    before = await totals(window)
    again = notice()
    again["holidays"].reverse()
    again["make_up_days"].reverse()
    other = make_actor("440000000000", Role.ADMINISTRATOR, subject="administrator-2")
    second = await bureau.tell(again, other)
    assert (first.status_code, first.json()["is_new"]) == (201, True)
    assert (second.status_code, second.json()["is_new"]) == (200, False)
    assert second.json()["notice"]["id"] == first.json()["notice"]["id"]
    assert await totals(window) == before


async def test_the_same_key_gives_the_same_answer(bureau, notice, window):
    key = str(uuid7())
    answers = [await bureau.tell(notice(), key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert await window.value("SELECT count(*) FROM calendar_versions") == 2


async def test_two_administrators_at_once_make_one_version(bureau, notice, window):
    answers = await asyncio.gather(*(bureau.tell(notice()) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert await window.value("SELECT count(*) FROM calendar_versions") == 2


async def test_a_wrong_telling_is_corrected_only_when_it_says_so(bureau, notice, window):
    await bureau.told()
    await bureau.follow()
    other = notice()
    other["holidays"][0]["to_on"] = "2027-01-03"
    other["make_up_days"] = other["make_up_days"][1:]
    before = await totals(window)
    problem(await bureau.tell(other), 409, "casework.holiday-notice.differs", "O4.3c")
    assert await totals(window) == before
    corrected = await bureau.tell(other | {"is_correction": True})
    assert corrected.status_code == 201, corrected.text
    assert corrected.json()["notice"]["corrects"] == (await bureau.read())["items"][0]["id"]
    await bureau.follow()
    assert await window.value("SELECT count(*) FROM calendar_versions") == 3


async def test_a_correction_brings_cases_back(bureau, notice):
    case = await bureau.registered("2026-12-18")
    await bureau.told()
    await bureau.follow()
    other = notice(is_correction=True)
    other["holidays"][0]["to_on"] = "2027-01-03"
    other["make_up_days"] = other["make_up_days"][1:]
    corrected = (await bureau.tell(other)).json()["notice"]
    await bureau.follow()
    assert await bureau.changes(corrected["id"]) == {case["id"]: ("2027-01-05", "2027-01-04")}


async def test_a_correction_of_nothing_is_refused(bureau, notice):
    problem(await bureau.tell(notice(is_correction=True)), 409, "casework.holiday-notice.nothing-to-correct", "O4.3c")


async def test_the_next_notice_waits_until_cases_follow_the_last_one(bureau, notice):
    await bureau.told()
    other = notice(document="国办发明电〔2026〕00号")
    problem(await bureau.tell(other), 409, "casework.holiday-notice.recalculation-running", "O4.3c")
    await bureau.follow()
    assert (await bureau.tell(other)).status_code == 201


# --- who and what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "role", "code"),
    [
        ("440300000000", Role.ADMINISTRATOR, "auth.out-of-scope"),
        ("440000000000", Role.BUREAU_SUPERVISOR, "auth.role-required"),
        ("440000000000", Role.AUDITOR, "auth.role-required"),
        ("440305001000", Role.OFFICE_HEAD, "auth.role-required"),
    ],
)
async def test_only_the_province_tells_holidays(bureau, window, notice, place, role, code):
    before = await totals(window)
    problem(await bureau.tell(notice(), make_actor(place, role)), 403, code)
    assert await totals(window) == before


async def test_the_list_of_the_province_is_not_for_everybody(bureau):
    notice = await bureau.told()
    path = f"/{notice['id']}/changes"
    problem(await bureau.get(path), 401, "auth.token-missing")
    for place, role, code in (
        ("440300000000", Role.BUREAU_SUPERVISOR, "auth.out-of-scope"),
        ("440000000000", Role.STATISTICIAN, "auth.role-required"),
        ("440305001000", Role.WINDOW_CLERK, "auth.role-required"),
    ):
        problem(await bureau.get(path, make_actor(place, role)), 403, code)
    problem(
        await bureau.get(f"/{uuid7()}/changes", make_actor("440000000000", Role.AUDITOR)),
        404,
        "record.not-found",
    )


def span(name: str, first: str, last: str) -> dict[str, str]:
    return {"name": name, "from_on": first, "to_on": last}


def with_span(body: dict[str, Any], number: int, **changes: str) -> dict[str, Any]:
    body["holidays"][number] |= changes
    return body


def with_make_up(body: dict[str, Any], day: str) -> dict[str, Any]:
    body["make_up_days"].append({"day": day, "name": "元旦"})
    return body


REFUSED = {
    "not issued yet": ("issued-in-future", lambda body: body | {"issued_on": "2026-12-02"}),
    "ends before it begins": ("span-reversed", lambda body: with_span(body, 1, to_on="2027-02-04")),
    "of another year": ("day-outside-year", lambda body: with_span(body, 6, to_on="2028-10-07")),
    "long before the year": ("day-outside-year", lambda body: with_span(body, 0, from_on="2026-12-24")),
    "made up for next year": ("day-outside-year", lambda body: with_make_up(body, "2028-01-01")),
    "two holidays on a day": ("days-overlap", lambda body: with_span(body, 2, from_on="2027-02-11")),
    "rest and work on a day": ("days-overlap", lambda body: with_make_up(body, "2027-01-02")),
    "made up for twice": ("days-overlap", lambda body: with_make_up(body, "2027-01-09")),
    "made up for on a weekday": ("make-up-on-weekday", lambda body: with_make_up(body, "2027-01-05")),
    "without a holiday of the law": (
        "statutory-holiday-missing",
        lambda body: body | {"holidays": [one for one in body["holidays"] if one["name"] != "端午节"]},
    ),
    "a holiday on a wrong day": (
        "statutory-holiday-missing",
        lambda body: with_span(body, 5, from_on="2027-09-16", to_on="2027-09-16"),
    ),
    "a make-up day too many": ("rest-days-wrong", lambda body: with_make_up(body, "2027-01-10")),
    "a day of rest too many": ("rest-days-wrong", lambda body: with_span(body, 1, to_on="2027-02-12")),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_a_notice_is_refused_and_nothing_is_written(bureau, window, notice, case):
    """O4.3c: a typing error would move due dates all over the province."""
    code, change = REFUSED[case]
    before = await totals(window)
    problem(await bureau.tell(change(notice())), 422, f"casework.holiday-notice.{code}", "O4.3c")
    assert await totals(window) == before


async def test_a_year_with_more_rest_than_the_law_gives_is_taken_with_its_reason(bureau, notice):
    """As 2015 and 2020 had."""
    body = with_span(notice(), 1, to_on="2027-02-12") | {"note": "增加一天放假，见通知第二项"}
    assert (await bureau.tell(body)).status_code == 201


async def test_a_year_with_less_rest_than_the_law_gives_is_refused_whatever_the_reason(bureau, notice):
    body = with_make_up(notice(), "2027-01-10") | {"note": "少放一天"}
    problem(await bureau.tell(body), 422, "casework.holiday-notice.rest-days-wrong", "O4.3c")


@pytest.mark.parametrize(
    "changes",
    [
        {"year": "2027"},
        {"year": 2009},
        {"document": ""},
        {"document": "440305199001011234"},
        {"issued_on": "25.11.2026"},
        {"holidays": []},
        {"holidays": [span("", "2027-01-01", "2027-01-01")]},
        {"holidays": [{"name": "元旦", "from_on": "2027-01-01"}]},
        {"make_up_days": ["2027-01-09"]},
        {"make_up_days": None},
        {"status": "done"},
    ],
)
async def test_what_has_not_the_form_of_a_notice_is_refused(bureau, notice, changes):
    problem(await bureau.tell(notice() | changes), 422, "request.validation-failed")


async def test_notices_are_read_by_everybody(bureau):
    """O4.3e."""
    notice = await bureau.told()
    assert [one["id"] for one in (await bureau.read())["items"]] == [notice["id"]]
    answer = await bureau.get(f"/{notice['id']}")
    assert answer.json() == notice
    assert answer.headers["ETag"] == '"1"'
    problem(await bureau.get(f"/{uuid7()}"), 404, "record.not-found")


# --- following -----------------------------------------------------------------------------------------------------


async def test_a_recalculation_goes_on_where_it_was_stopped(bureau, window, monkeypatch):
    """O4.3c: cases, list and progress of a batch stand or fall together."""
    cases = [await bureau.registered("2026-12-18", number) for number in range(1, 6)]
    notice = await bureau.told()
    units = window.context.uow
    assert await service.recalculate_batch(units, batch=2, settle_seconds=0)
    real = service.recalculate_due_dates

    async def breaks(*args: Any, **options: Any) -> Any:
        await real(*args, **options)
        raise ConnectionResetError

    monkeypatch.setattr(service, "recalculate_due_dates", breaks)
    with pytest.raises(ConnectionResetError):
        await service.recalculate_batch(units, batch=2, settle_seconds=0)
    assert len(await bureau.changes(notice["id"])) == 2
    assert [(await bureau.case(case["id"]))["due_on"] for case in cases].count("2027-01-05") == 2
    monkeypatch.setattr(service, "recalculate_due_dates", real)
    await bureau.follow()
    assert set(await bureau.changes(notice["id"])) == {case["id"] for case in cases}
    assert (await bureau.read(f"/{notice['id']}"))["changed_cases"] == 5


async def test_a_case_that_could_not_be_counted_is_told_and_tried_again_until_it_is(bureau, window):
    """O4.3c: no case stays on the old calendar in silence."""
    broken, whole, closed = [await bureau.registered("2026-12-18", number) for number in (1, 2, 3)]
    notice = await bureau.told()
    wrong = "UPDATE cases SET file = jsonb_set(file, '{holders}', '\"nobody\"') WHERE id = ANY($1::uuid[])"
    kept = {
        one["id"]: await window.value("SELECT file FROM cases WHERE id = $1", one["id"]) for one in (broken, closed)
    }
    await window.rows(wrong, list(kept))
    await bureau.follow()
    told = await bureau.read(f"/{notice['id']}")
    assert (told["status"], told["changed_cases"], told["failed_cases"]) == ("done", 1, 2)
    assert told["status_label"] == "已完成，尚有2件未能重新计算"
    listed = (await bureau.read(f"/{notice['id']}/uncounted", ADMINISTRATOR))["items"]
    assert [(one["case_id"], one["case_number"]) for one in listed] == [
        (one["id"], one["case_number"]) for one in (broken, closed)
    ]
    problem(await bureau.get(f"/{notice['id']}/uncounted", CLERK), 403, "auth.role-required")
    units = window.context.uow
    assert not await service.retry_uncounted(units), "its hour has not come"
    await window.rows("UPDATE uncounted_cases SET again_at = now() - interval '1 day'")
    due = "UPDATE uncounted_cases SET again_at = '2026-12-01'"
    await window.rows(due)
    assert await service.retry_uncounted(units)
    again = await bureau.read(f"/{notice['id']}")
    assert (again["failed_cases"], again["version"]) == (2, told["version"]), "nothing has changed, so nothing is told"
    await window.rows("UPDATE cases SET file = $2 WHERE id = $1", broken["id"], kept[broken["id"]])
    await window.rows("UPDATE cases SET status = 'withdrawn' WHERE id = $1", closed["id"])
    await window.rows(due)
    assert await service.retry_uncounted(units)
    assert not await service.retry_uncounted(units)
    done = await bureau.read(f"/{notice['id']}")
    assert (done["status"], done["status_label"], done["failed_cases"]) == ("done", "已完成", 0)
    assert done["changed_cases"] == 2
    assert (await bureau.case(broken["id"]))["due_on"] == "2027-01-05"
    assert set(await bureau.changes(notice["id"])) == {broken["id"], whole["id"]}


async def test_several_workers_do_the_work_once(bureau):
    cases = [await bureau.registered("2026-12-18", number) for number in range(1, 6)]
    notice = await bureau.told()
    await asyncio.gather(*(bureau.follow(batch=1) for _ in range(3)))
    await bureau.follow()
    assert set(await bureau.changes(notice["id"])) == {case["id"] for case in cases}
    for case in cases:
        assert (await bureau.case(case["id"]))["version"] == case["version"] + 1


async def test_a_case_that_was_being_accepted_by_the_old_calendar_is_found_by_the_second_round(bureau, window):
    """O4.3c: its transaction was open while the first round went by."""
    case = await bureau.registered("2026-12-18")
    notice = await bureau.told()
    units = window.context.uow
    while await service.recalculate_batch(units, batch=5, settle_seconds=3600):
        pass
    assert (await bureau.read(f"/{notice['id']}"))["status"] == "recalculating"
    assert (await bureau.case(case["id"]))["due_on"] == "2027-01-05"
    await window.rows(
        "UPDATE cases SET due_on = '2027-01-04', statutory_due_on = '2027-01-04' WHERE id = $1", case["id"]
    )
    await bureau.follow()
    assert (await bureau.case(case["id"]))["due_on"] == "2027-01-05"
    assert (await bureau.read(f"/{notice['id']}"))["status"] == "done"
    assert await bureau.changes(notice["id"]) == {case["id"]: ("2027-01-04", "2027-01-05")}


async def test_without_a_notice_there_is_nothing_to_do(bureau, window):
    assert not await service.recalculate_batch(window.context.uow)


async def test_a_paused_case_takes_the_new_calendar_when_it_goes_on(bureau, window):
    """O4.3c: the clock stands still, so no date moves; later the new days count."""
    case = await bureau.registered("2026-12-18", is_accepted=False)
    asked = await window.act(case["id"], "supplement-notice", {"materials": ["户口簿"]}, version=case["version"])
    assert asked.status_code == 200, asked.text
    assert asked.json()["due_on"] is None
    notice = await bureau.told()
    await bureau.follow()
    assert await bureau.changes(notice["id"]) == {}
    bureau.clock.move_to(datetime.fromisoformat("2026-12-30T10:00:00+08:00"))
    supplied = await window.act(case["id"], "supplement", version=asked.json()["version"])
    assert supplied.status_code == 200, supplied.text
    assert supplied.json()["due_on"] == "2027-01-08"
