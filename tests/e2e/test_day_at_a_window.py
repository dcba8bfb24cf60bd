"""From the first question to the rectification of a bad rating: one matter of three items at a window, over 国庆.

Each day is a day of autumn 2026: 20 September and 10 October are Sundays and Saturdays that are worked, 25 September
is 中秋, 1 to 7 October are 国庆. Every receipt and every due date is checked; the end arrives at the province.
Source: O4.1c, O4.3b, O4.3c, O4.3f, O4.2a; standards.md §6, §10.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import time_machine

from casework.__main__ import DEFINITION as CASEWORK
from common.auth import Actor, Role
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.platform import RunningPlatform, eventually, run_platform
from common.testing.tokens import bearer, make_actor
from registry.__main__ import DEFINITION as REGISTRY
from registry.data.reader import read_divisions
from registry.seeding.service import seed
from reporting.__main__ import DEFINITION as REPORTING
from sync.__main__ import DEFINITION as SYNC

pytestmark = pytest.mark.timeout(180)

DEFINITIONS = (REGISTRY, CASEWORK, SYNC, REPORTING)
PROVINCE, CITY, COUNTY, TOWN = "440000000000", "441600000000", "441624000000", "441624101000"
WORLD = (PROVINCE, CITY, COUNTY, "441624101*")
CLERK = make_actor(TOWN, Role.WINDOW_CLERK, subject="town-clerk")
HANDLER = make_actor(COUNTY, Role.WINDOW_CLERK, subject="county-handler")
REVIEWER = make_actor(COUNTY, Role.WINDOW_CLERK, subject="county-reviewer")
HEAD = make_actor(COUNTY, Role.OFFICE_HEAD, subject="county-head")
SUPERVISOR = make_actor(COUNTY, Role.BUREAU_SUPERVISOR, subject="county-supervisor")
PERSON = synthetic_person(7_001)


def at(month: int, day: int, hour: int = 10) -> datetime:
    """An hour in Beijing in 2026."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


@dataclass
class Window:
    """The services, and the clock of the story."""

    platform: RunningPlatform
    clock: Any

    async def send(self, actor: Actor | None, method: str, path: str, body: Any = None, etag: str | None = None) -> Any:
        """One request that must succeed; gives the answer and its ETag."""
        headers = {} if actor is None else bearer(actor)
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid7())
        if etag is not None:
            headers["If-Match"] = etag
        answer = await self.platform.apps["casework"].client.request(
            method, f"/casework/v1/{path}", json=body, headers=headers
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    async def act(self, actor: Actor, case: str, what: str, body: Any = None) -> dict[str, Any]:
        """One act on a case as it stands."""
        seen = await self.send(actor, "GET", f"cases/{case}")
        return dict((await self.send(actor, "POST", f"cases/{case}/{what}", body, seen.headers["ETag"])).json())

    def on(self, month: int, day: int, hour: int = 10) -> None:
        """It becomes this day."""
        self.clock.move_to(at(month, day, hour))


@pytest.fixture
async def window(service_database: Callable[..., str], database_url: str, tmp_path: Path) -> AsyncIterator[Window]:
    async with run_platform(DEFINITIONS, service_database, database_url, tmp_path) as running:
        rows = [row for row in read_divisions() if any(fnmatch(row.code, pattern) for pattern in WORLD)]
        await seed(running.apps["registry"].context.uow, rows=rows)
        offices = "SELECT count(*) FROM directory_offices WHERE status = 'operating'"
        known = await running.value("registry", "SELECT count(*) FROM offices")
        for service in ("casework", "sync", "reporting"):
            await eventually(lambda service=service: running.value(service, offices), known)  # type: ignore[misc]
        with time_machine.travel(at(9, 24), tick=True) as clock:
            yield Window(running, clock)


async def test_a_day_at_a_window(window: Window) -> None:
    """Source: O4.1c, O4.3b, O4.3c, O4.3f."""
    contact = await _asks_first(window)
    application = await _applies_once_for_three(window, contact)
    cases = {one["item_code"]: one for one in application["cases"]}
    await _two_are_settled_at_once(window, cases)
    benefit = cases["B13"]["id"]
    await _is_told_everything_that_is_missing(window, benefit)
    await _is_accepted_after_the_holidays_and_handed_to_the_county(window, benefit)
    await _is_decided_by_three_people(window, benefit)
    await _is_closed_in_time_and_collected(window, benefit)
    whole = (await window.send(CLERK, "GET", f"applications/{application['id']}")).json()
    assert (whole["status"], whole["ended"], whole["total"]) == ("ended", 3, 3)
    await _is_rated_badly_and_put_right(window, benefit)
    await _arrives_at_the_province(window, cases)


async def _asks_first(window: Window) -> str:
    """The receipt names who was asked first, until when they answer, and where to complain. Source: O4.3b."""
    made = await window.send(
        CLERK, "POST", "contacts",
        {
            "channel": "window", "matter": "失业后如何登记并领取失业保险金", "is_ours": True,
            "asker": {"name": PERSON.name, "phone": PERSON.phone},
        },
    )  # fmt: skip
    contact = made.json()
    assert (contact["holder"], contact["first_asked"]) == ("town-clerk", "town-clerk")
    receipt = (await window.send(CLERK, "GET", f"contacts/{contact['id']}/receipt")).json()
    assert receipt["number"] == contact["number"]
    assert CLERK.name in receipt.values()
    assert PERSON.name not in made.text
    return str(contact["id"])


async def _applies_once_for_three(window: Window, contact: str) -> dict[str, Any]:
    """One application, three cases, one receipt, the latest due date. Source: O4.1c."""
    applicant = {"kind": "natural_person", "name": PERSON.name, "id_number": PERSON.id_number, "phone": PERSON.phone}
    body = {"division": TOWN, "bundle_code": "UNEMPLOYMENT", "applicant": applicant, "contact_id": contact}
    application: dict[str, Any] = (await window.send(CLERK, "POST", "applications", body)).json()
    assert {one["item_code"] for one in application["cases"]} == {"E01", "B13", "E06"}
    # 28, 29, 30 September, 8 and 9 October: five working days in which the office has to answer.
    assert {one["due_on"] for one in application["cases"]} == {"2026-10-09"}
    ended = (await window.send(CLERK, "GET", f"contacts/{contact}")).json()
    assert len(ended["case_ids"]) == 3
    return application


async def _two_are_settled_at_once(window: Window, cases: dict[str, Any]) -> None:
    # The one is promised within a working day (25 September is 中秋), the other is settled on the spot.
    for code, due_on in (("E01", "2026-09-28"), ("E06", "2026-09-24")):
        accepted = await window.act(CLERK, cases[code]["id"], "acceptance")
        assert (accepted["handling"], accepted["due_on"]) == ("immediate", due_on)
        closed = await window.act(CLERK, cases[code]["id"], "closure", {"result": "other"})
        assert (closed["status"], closed["is_on_time"]) == ("closed", True)


async def _is_told_everything_that_is_missing(window: Window, case: str) -> None:
    """On the second day of the five the clock stops. Source: O4.3c; standards.md §6 (行政许可法32条)."""
    window.on(9, 28)
    asked = await window.act(CLERK, case, "supplement-notice", {"materials": ["银行账户", "解除劳动合同证明"]})
    assert (asked["status"], asked["due_on"]) == ("supplementing", None)
    whole = (await window.send(CLERK, "GET", f"cases/{case}/file")).json()
    notice = whole["supplements"][0]
    # Fifteen working days after 28 September, 国庆 left out and the worked Saturday counted.
    assert (notice["materials"], notice["due_on"]) == (["银行账户", "解除劳动合同证明"], "2026-10-23")
    assert [one["kind"] for one in whole["documents"]] == ["receipt", "supplement_notice"]


async def _is_accepted_after_the_holidays_and_handed_to_the_county(window: Window, case: str) -> None:
    """The pause over 国庆 moves the due date by its four working days, neither more nor less. Source: O4.3c."""
    window.on(10, 9)
    supplied = await window.act(CLERK, case, "supplement")
    # One of the five days had passed: 10 October (a worked Saturday), 12, 13 and 14 October remain.
    assert supplied["due_on"] == "2026-10-14"
    accepted = await window.act(CLERK, case, "acceptance")
    # Ten working days from the application of 24 September would end on 15 October; 29, 30, 8 and 9 stood still.
    assert (accepted["stage"], accepted["due_on"], accepted["is_due_provisional"]) == (
        "undertaking", "2026-10-21", False,
    )  # fmt: skip
    clocks = (await window.send(CLERK, "GET", f"cases/{case}/clock")).json()["clocks"]
    told = " ".join(line["text"] for line in clocks[-1]["lines"])
    assert "国庆" in told
    assert "10月10日" in told
    offered = await window.act(
        CLERK, case, "offer", {"purpose": "referral", "division": COUNTY, "reason": "由县级经办机构审核"}
    )
    assert offered["holder"]["account"] == "town-clerk", "who offers stays responsible"
    window.on(10, 12)
    taken = await window.act(HANDLER, case, "offer/acceptance")
    assert (taken["holder"]["account"], taken["holder"]["division"]) == ("county-handler", COUNTY)
    assert taken["due_on"] == "2026-10-21", "the law's clock does not begin again"


async def _is_decided_by_three_people(window: Window, case: str) -> None:
    """承办, 审核 and 批准 are three people's. Source: O4.1b."""
    done = await window.act(HANDLER, case, "step-completion", {"opinion": "参保缴费满一年，材料齐全"})
    assert (done["stage"], done["offer"]["purpose"]) == ("reviewing", "step")
    window.on(10, 13)
    await window.act(REVIEWER, case, "offer/acceptance")
    await window.act(REVIEWER, case, "step-completion", {"opinion": "符合领取条件"})
    window.on(10, 14)
    await window.act(HEAD, case, "offer/acceptance")
    decided = await window.act(HEAD, case, "step-completion", {"opinion": "同意", "is_favourable": True})
    assert (decided["stage"], decided["is_favourable"]) == ("decided", True)


async def _is_closed_in_time_and_collected(window: Window, case: str) -> None:
    closed = await window.act(HEAD, case, "closure", {"result": "granted"})
    assert (closed["status"], closed["closing_result"], closed["is_on_time"]) == ("closed", "granted", True)
    assert closed["due_on"] is None
    window.on(10, 15)
    collected = await window.act(CLERK, case, "collection")
    assert collected["collected_at"].startswith("2026-10-15")
    whole = (await window.send(HEAD, "GET", f"cases/{case}/file")).json()
    assert [one["kind"] for one in whole["documents"]] == [
        "receipt", "supplement_notice", "acceptance_notice", "referral_notice", "decision", "closing_notice",
    ]  # fmt: skip
    assert [one["account"] for one in whole["holders"]] == [
        "town-clerk", "county-handler", "county-reviewer", "county-head",
    ]  # fmt: skip


async def _is_rated_badly_and_put_right(window: Window, case: str) -> None:
    """A bad rating opens a rectification of its own clock, which somebody else than the rated one handles. Source: O4.3f."""
    window.on(10, 16)
    number = (await window.send(HEAD, "GET", f"cases/{case}")).json()["case_number"]
    proof = {"case_number": number, "identifier": PERSON.id_number}
    rated = (
        await window.send(
            None, "POST", "ratings", {**proof, "rating": "dissatisfied", "channel": "mobile", "text": "等待时间太长"}
        )
    ).json()
    assert (rated["rating_label"], rated["number"]) == ("不满意", 1)
    assert rated["rectification_due_on"] is not None
    listed = (await window.send(SUPERVISOR, "GET", "ratings/rectifications")).json()["items"]
    (rectification,) = listed
    assert rectification["due_on"] == rated["rectification_due_on"]
    path, etag = f"ratings/rectifications/{rectification['id']}", f'"{rectification["version"]}"'
    for what, told in (
        ("acceptance", None),
        ("verification", {"contact": "reached", "note": "已向评价人核实"}),
        ("measures", {"measures": "增开窗口，缩短等候"}),
        ("closure", {"finding": "substantiated", "reply": "已增开窗口，感谢您的监督"}),
    ):
        answer = await window.send(SUPERVISOR, "POST", f"{path}/{what}", told, etag)
        etag = answer.headers["ETag"]
    outcome = (await window.send(None, "POST", "ratings/outcomes", proof)).json()
    assert [one["reply"] for one in outcome] == ["已增开窗口，感谢您的监督"]


async def _arrives_at_the_province(window: Window, cases: dict[str, Any]) -> None:
    """Every level has the newest version of every case, and counts it once. Source: O4.2a."""
    last = {
        one["id"]: await window.platform.value("casework", "SELECT version FROM cases WHERE id = $1::uuid", one["id"])
        for one in cases.values()
    }
    sql = "SELECT version FROM level_states WHERE level = $1 AND record_id = $2::uuid"
    for level in ("town", "county", "city", "province"):
        for case, version in last.items():
            await eventually(
                lambda level=level, case=case: window.platform.value("sync", sql, level, case),
                version,  # type: ignore[misc]
            )
    closed = "SELECT coalesce(sum(value), 0)::int FROM figures WHERE level = 'province' AND division = $1 AND measure = 'closed'"
    await eventually(lambda: window.platform.value("reporting", closed, PROVINCE), 3)
    sealed = await window.platform.rows("casework", "SELECT data::text AS data FROM outbox")
    assert not any(PERSON.id_number in row["data"] or PERSON.name in row["data"] for row in sealed)
