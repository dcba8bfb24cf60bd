"""Reports over HTTP: who may what, whole answers, bad input, workbooks."""

import io
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from common.auth import Role
from common.testing.tokens import make_actor

PROVINCE, CITY, COUNTY, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
XINAN, DONGCHENG = "440306001000", "441900003000"
OPENER = make_actor(PROVINCE, Role.STATISTICIAN)
REPORTER = make_actor(TOWN, Role.STATISTICIAN)
REVIEWER = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
BODY: dict[str, Any] = {
    "title": "2026年一季度进度",
    "first_on": "2026-01-01",
    "as_of": "2026-03-31",
    "roots": [PROVINCE],
    "down_to": "town",
    "due": [
        {"level": "town", "due_on": "2026-04-05"},
        {"level": "county", "due_on": "2026-04-08"},
        {"level": "city", "due_on": "2026-04-10"},
        {"level": "province", "due_on": "2026-04-15"},
    ],
    "lines": [
        {"code": "staff", "title": "工作人员", "unit": "人", "kind": "int", "rule": "sum"},
        {"code": "area", "title": "场地面积", "unit": "平方米", "kind": "decimal", "rule": "sum", "decimals": 1},
        {"code": "remarks", "title": "说明", "unit": "文字", "kind": "text", "rule": "none", "is_required": False},
    ],
}
LINES = {
    "lines": [
        {"code": "staff", "own": 6},
        {"code": "area", "own": "310.5"},
        {"code": "remarks", "text": "=HYPERLINK(1)"},
    ]
}


@pytest.fixture(autouse=True)
def _clock(clock: Any) -> Any:
    return clock


@pytest.fixture
async def period(filled: Any, send: Any) -> Any:
    made = await send("POST", "/report-periods", OPENER, BODY)
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture
async def report(period: Any, send: Any) -> Any:
    made = await send("POST", "/reports", REPORTER, {"period_id": period["id"]})
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_report_goes_up_over_http(period: Any, report: Any, send: Any, get: Any) -> None:
    """O6.3a, S6: from opening the period to the approved edition, its versions and what differs."""
    assert (period["expected"], period["status_label"], period["due"][0]["level_label"]) == (11, "报送中", "镇")
    where = f"/reports/{report['id']}"
    filled = await send("PUT", f"{where}/lines", REPORTER, LINES, version=1)
    assert filled.status_code == 200, filled.text
    assert filled.headers["ETag"] == '"2"'
    assert [(one["code"], one["total"], one["text"]) for one in filled.json()["lines"]] == [
        ("staff", "6", None), ("area", "310.5", None), ("remarks", None, "=HYPERLINK(1)"),
    ]  # fmt: skip
    assert (await send("POST", f"{where}/submission", REPORTER, version=2)).json()["status_label"] == "已提交"
    approved = (await send("POST", f"{where}/approval", REVIEWER, version=3)).json()
    assert (approved["status_label"], approved["approved_edition"], approved["approved_version"]) == ("已通过", 1, 4)
    again = await send("POST", f"{where}/restatement", REPORTER, {"reason": "漏报一人"}, version=4)
    assert (again.json()["edition"], again.json()["restatement_reason"]) == (2, "漏报一人")
    await send("PUT", f"{where}/lines", REPORTER, {"lines": [{"code": "staff", "own": 7}]}, version=5)
    versions = (await get(f"{where}/versions", REPORTER)).json()["items"]
    assert [one["act_label"] for one in versions] == ["建立", "填报", "提交", "通过", "重报", "填报"]
    old = (await get(f"{where}/versions/4", REPORTER)).json()["report"]
    assert old["lines"][0]["total"] == "6"
    diff = (await get(f"{where}/diff", REPORTER, from_=4, to=6)).json()["changes"]
    assert ("staff", "工作人员", "own", "6", "7") in [tuple(one.values()) for one in diff]
    values = (await get(f"/report-periods/{period['id']}/lines/staff", OPENER, level="town")).json()["items"]
    assert [(one["division_label"], one["edition"], one["total"]) for one in values] == [("南头街道", 1, "6")]


async def test_progress_is_told_down_to_who_is_missing(period: Any, report: Any, send: Any, get: Any) -> None:
    """O6.3a: rates with drill-down, keyset pages of who is missing."""
    where = f"/report-periods/{period['id']}"
    await send("PUT", f"/reports/{report['id']}/lines", REPORTER, LINES, version=1)
    before = (await get(f"{where}/progress", OPENER)).json()["at"]
    await send("POST", f"/reports/{report['id']}/submission", REPORTER, version=2)
    now = (await get(f"{where}/progress", OPENER)).json()["progress"]
    assert (now["expected"], now["reported"], now["on_time"], now["completeness"]) == (11, 1, 1, 0.0909)
    assert (await get(f"{where}/progress", OPENER, at=before)).json()["progress"]["reported"] == 0
    children = (await get(f"{where}/progress/children", OPENER, limit=1)).json()
    assert (children["items"][0]["division_label"], children["items"][0]["progress"]["reported"]) == ("深圳市", 1)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await get(f"{where}/missing", OPENER, limit=4, **({"cursor": cursor} if cursor else {}))).json()
        found += [one["division"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert len(found) == len(set(found)) == 10
    assert TOWN not in found
    seen = (await get("/report-periods", make_actor(XINAN, Role.STATION_AGENT))).json()["items"]
    assert [one["id"] for one in seen] == [period["id"]]


async def test_a_workbook_takes_no_text_for_a_formula(period: Any, report: Any, send: Any, get: Any) -> None:
    """O6.3a; ADR 0015: codes are texts, what begins like a formula is a text too."""
    await send("PUT", f"/reports/{report['id']}/lines", REPORTER, LINES, version=1)
    await send("POST", f"/reports/{report['id']}/submission", REPORTER, version=2)
    answer = await get(f"/report-periods/{period['id']}/sheet", make_actor(CITY, Role.STATISTICIAN))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="reports-2026-03-31-{CITY}.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["说明", "报表", "各行", "未报"]
    rows = {row[0]: row for row in book.get_sheet_by_name("报表").to_python()}
    assert rows[TOWN][1:5] == ["南头街道", "镇", "已提交", 1.0]
    assert rows[TOWN][-3:] == [6.0, 310.5, "=HYPERLINK(1)"]
    assert rows[XINAN][3] == "待报"
    assert len(rows) == 1 + 5
    missing = [row[0] for row in book.get_sheet_by_name("未报").to_python()]
    assert TOWN not in missing
    assert len(missing) == 1 + 4


def changed(*path: Any, to: Any) -> Any:
    body: Any = deepcopy(BODY)
    here = body
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = to
    return body


BAD_PERIODS: list[tuple[Any, int, str]] = [
    ({}, 422, "request.validation-failed"),
    (changed("more", to=1), 422, "request.validation-failed"),
    (changed("title", to="联系13800138000"), 422, "request.validation-failed"),
    (changed("roots", to=["4400"]), 422, "request.validation-failed"),
    (changed("roots", to=[]), 422, "request.validation-failed"),
    (changed("lines", 0, "kind", to="money"), 422, "request.validation-failed"),
    (changed("lines", 0, "code", to="Staff"), 422, "request.validation-failed"),
    (changed("lines", 0, "tolerance", to="-1"), 422, "request.validation-failed"),
    (changed("as_of", to="2026-02-30"), 422, "request.validation-failed"),
    (changed("lines", 0, "rule", to="count"), 422, "reporting.period.template-invalid"),
    (changed("lines", 1, "code", to="staff"), 422, "reporting.period.template-invalid"),
    (changed("lines", 0, "indicator", to="nobody-knows"), 422, "reporting.period.template-invalid"),
    (changed("due", 0, "due_on", to="2026-03-01"), 422, "reporting.period.dates-invalid"),
    (changed("due", 0, "due_on", to="2026-04-09"), 422, "reporting.period.dates-invalid"),
    (changed("roots", to=["110000000000"]), 403, "auth.out-of-scope"),
    (changed("roots", to=["440399000000"]), 422, "directory.division-unknown"),
    (changed("programme_id", to=str(uuid4())), 404, "reporting.programme.not-found"),
]


async def test_bad_periods_are_refused_and_nothing_is_written(filled: Any, send: Any) -> None:
    for body, status, code in BAD_PERIODS:
        answer = await send("POST", "/report-periods", OPENER, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (body, answer.text)
    clerk = make_actor(PROVINCE, Role.WINDOW_CLERK)
    assert (await send("POST", "/report-periods", clerk, BODY)).json()["code"] == "auth.role-required"
    for table in ("records", "report_periods", "report_places", "outbox", "audit_entries"):
        rows = await filled.rows(f"SELECT * FROM {table}")
        assert [row for row in rows if "report-" in str(row) or table.startswith("report_")] == [], table


BAD_LINES: list[tuple[Any, int, str]] = [
    ({"lines": [{"code": "staff", "own": 1.5}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "staff", "own": True}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "staff", "own": "NaN"}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "staff", "own": "1E+400"}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "remarks", "text": "身份证44010619800101001X"}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "staff", "own": 1, "below": 2}]}, 422, "request.validation-failed"),
    ({"lines": [{"code": "staff", "own": "1.5"}, {"code": "area", "own": "1.55"}]}, 422,
     "reporting.report.entry-refused"),
    ({"lines": [{"code": "staff", "own": "1000000000000000"}]}, 422, "reporting.report.entry-refused"),
]  # fmt: skip


async def test_bad_lines_are_refused_whole(report: Any, send: Any, get: Any) -> None:
    """O6.3a: one PUT, whole or nothing, every error named with its line."""
    where = f"/reports/{report['id']}"
    for body, status, code in BAD_LINES:
        answer = await send("PUT", f"{where}/lines", REPORTER, body, version=1)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (body, answer.text)
    named = (await send("PUT", f"{where}/lines", REPORTER, BAD_LINES[-2][0], version=1)).json()
    assert [(one["line"], one["title"]) for one in named["errors"]] == [
        ("staff", "应为整数"), ("area", "小数位数过多"),
    ]  # fmt: skip
    assert named["clause"] == "O6.3a"
    assert (await get(where, REPORTER)).json()["version"] == 1


async def test_who_has_not_seen_the_newest_version_overwrites_nothing(report: Any, send: Any) -> None:
    where = f"/reports/{report['id']}/lines"
    assert (await send("PUT", where, REPORTER, LINES)).status_code == 428
    assert (await send("PUT", where, REPORTER, LINES, version=1)).status_code == 200
    assert (await send("PUT", where, REPORTER, LINES, version=1)).status_code == 412


async def test_a_key_sent_twice_begins_one_report(period: Any, send: Any) -> None:
    first = await send("POST", "/reports", REPORTER, {"period_id": period["id"]}, key="once")
    again = await send("POST", "/reports", REPORTER, {"period_id": period["id"]}, key="once")
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")


async def test_nobody_sees_what_lies_outside_their_own(period: Any, report: Any, get: Any, send: Any) -> None:
    stranger = make_actor(DONGCHENG, Role.STATISTICIAN)
    for where, query in (("", {}), ("/versions", {}), ("/versions/1", {}), ("/diff", {"from_": 1, "to": 2})):
        assert (await get(f"/reports/{report['id']}{where}", stranger, **query)).status_code == 404
    assert (await get("/reports", stranger)).json()["items"] == []
    progress = await get(f"/report-periods/{period['id']}/progress", stranger, division=TOWN)
    assert progress.json()["code"] == "auth.out-of-scope"
    assert (await get(f"/reports/{report['id']}", make_actor(TOWN, Role.ADMINISTRATOR))).status_code == 403
    assert (await get(f"/reports/{report['id']}")).status_code == 401
    away = make_actor("110000000000", Role.STATISTICIAN)
    assert (await get(f"/report-periods/{period['id']}", away)).json()["code"] == "record.not-found"


async def test_periods_close_open_and_unlock_over_http(period: Any, report: Any, send: Any, get: Any) -> None:
    """O6.3a: closing, closed, unlocked by the level above, open again with a reason."""
    where = f"/report-periods/{period['id']}"
    assert (await send("POST", f"{where}/closing", OPENER, version=1)).json()["status_label"] == "收口中"
    assert (await send("POST", f"{where}/closure", OPENER, version=2)).json()["status"] == "closed"
    shut = await send("PUT", f"/reports/{report['id']}/lines", REPORTER, LINES, version=1)
    assert (shut.status_code, shut.json()["code"]) == (409, "reporting.period.shut")
    unlocking = {"version": 1, "reason": "同意补报"}
    unlocked = await send("POST", f"{where}/reports/{TOWN}/unlocking", REVIEWER, unlocking)
    assert (unlocked.status_code, unlocked.json()["is_unlocked"]) == (200, True)
    assert (await send("PUT", f"/reports/{report['id']}/lines", REPORTER, LINES, version=2)).status_code == 200
    reopened = (await send("POST", f"{where}/reopening", OPENER, {"reason": "多地补报"}, version=3)).json()
    assert [one["status_label"] for one in reopened["acts"]] == ["报送中", "收口中", "已关闭", "报送中"]
    wrong = await send("POST", f"{where}/reopening", OPENER, {"reason": "多地补报"}, version=4)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "reporting.period.not-in-state")


async def test_what_the_indicators_compute_stands_beside(filled: Any, send: Any, get: Any) -> None:
    """O6.3a, S2: the figure of the indicator as of the period's day, with how many it knows of; unknown is not zero."""
    body = changed("lines", 0, "indicator", to="staff-total")
    period = (await send("POST", "/report-periods", OPENER, body)).json()
    begun = await send("POST", "/reports", REPORTER, {"period_id": period["id"]})
    assert begun.status_code == 201, begun.text
    staff, area, _ = begun.json()["lines"]
    assert (staff["computed"]["on"], staff["computed"]["known"], area["computed"]) == ("2026-03-31", 0, None)
    assert (staff["own"], staff["difference"]) == (staff["computed"]["value"], None if staff["own"] is None else "0")


async def test_a_schedule_is_set_up_and_ended(filled: Any, send: Any, get: Any) -> None:
    """O6.3a: a regular report is data."""
    body = {name: BODY[name] for name in ("title", "roots", "down_to", "lines")}
    body |= {
        "cycle": "quarterly",
        "starts_on": "2026-01-01",
        "due_days": [{"level": one["level"], "days": 5 + place} for place, one in enumerate(BODY["due"])],
    }
    made = await send("POST", "/report-schedules", OPENER, body)
    assert (made.status_code, made.json()["cycle_label"]) == (201, "季报"), made.text
    where = f"/report-schedules/{made.json()['id']}"
    assert (await send("POST", f"{where}/end", OPENER, {"reason": "改为月报"}, version=1)).json()["status"] == "ended"
    twice = await send("POST", f"{where}/end", OPENER, {"reason": "改为月报"}, version=2)
    assert twice.json()["code"] == "reporting.report-schedule.ended"
    early = await send("POST", "/report-schedules", OPENER, {**body, "starts_on": "2011-01-01"})
    assert early.json()["code"] == "reporting.period.dates-invalid"
    assert len((await get("/report-schedules", OPENER)).json()["items"]) == 1
    assert (await get("/report-reminders", OPENER)).json()["items"] == []
