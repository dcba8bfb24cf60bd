"""Two counties with a registry each: the guard finds one person in both, and no ID number leaves its county.

Source: O1.4g.
"""

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from common.auth import Role
from common.bus import Message
from common.process import Context
from common.testing.persons import synthetic_person
from common.testing.tokens import make_actor
from registry.worker import consumers

PERSON = synthetic_person(44)
LISTED = synthetic_person(45)
TOPICS = "SELECT DISTINCT topic FROM outbox WHERE topic ~ 'staff_member|public_employee|pay_run'"


@asynccontextmanager
async def working(context: Context) -> Any:
    """The consumers of a site's worker, over its own bus."""
    await context.start(with_bus=True)
    stop = asyncio.Event()
    running = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*running)


async def forward(source: Any, target: Any) -> None:
    """What the sync link does: the messages that one site has published arrive on the bus of the other."""
    topics = {str(row["id"]): row["topic"] for row in await source.desk.rows("SELECT id, topic FROM outbox")}
    events = await source.facts()
    named = {event.type.removesuffix(".changed.v1"): event.type for event in events}
    assert topics
    assert named
    producer = target.desk.context.bus.producer()
    await producer.start()
    await producer.send(
        [Message(f"jiceng.{event.type.removesuffix('.changed.v1')}.v1", *event.to_kafka()) for event in events]
    )
    await producer.stop()


async def until(pay: Any, query: str, expected: object) -> None:
    async with asyncio.timeout(30):
        while await pay.desk.value(query) != expected:
            await asyncio.sleep(0.05)


async def readable(pay: Any) -> str:
    """Every table of a database as text; bytes as what they spell, base64 opened."""
    tables = await pay.desk.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = []
    for table in tables:
        for row in await pay.desk.rows(f'SELECT * FROM "{table["relname"]}"'):
            for value in row.values():
                found += _spelled(value)
    return "\n".join(found)


def _spelled(value: Any) -> list[str]:
    if isinstance(value, bytes):
        return [value.decode("utf-8", "replace"), value.hex()]
    text = str(value)
    try:
        return [text, base64.b64decode(text, validate=True).decode("utf-8", "replace")]
    except ValueError:
        return [text]


async def hire(site: Any, hire_body: Any, person: int, division: str, **changes: Any) -> dict[str, Any]:
    """Somebody is hired over HTTP, with name and number."""
    actor = make_actor(division if division.endswith("000") else f"{division[:9]}000", Role.OFFICE_HEAD)
    body = hire_body(await site.office(division), person, **changes)
    made = await site.desk.post("/staff-members", actor, **body)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def test_the_guard_finds_one_person_in_two_counties_and_no_id_number_leaves_its_county(
    pay: Any, other: Any, hire_body: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """O1.4g: established in 和平县 (or in its roster), part-time in the county beside; two databases, events between."""
    bureau = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    quota = await pay.desk.post(
        "/establishments",
        pay.head,
        office_id=(await pay.office(pay.town))["id"],
        quota=3,
        document="和编〔2012〕5号",
        effective_on="2020-01-01",
    )
    assert quota.status_code == 201, quota.text
    await hire(pay, hire_body, 44, pay.town, staff_type="establishment")
    roster = await pay.desk.post(
        "/public-employee-rosters",
        bureau,
        office_id=(await pay.office("441624000000"))["id"],
        document="和人社函〔2026〕3号",
        entries=[{"id_number": LISTED.id_number, "employed_from": "2015-07-01"}],
    )
    assert roster.status_code == 201, roster.text
    capfd.readouterr()

    async with working(other.desk.context):
        await forward(pay, other)
        await forward(pay, other)
        await until(other, "SELECT count(*)::int FROM province_posts", 1)
        await until(other, "SELECT count(*)::int FROM province_public_employees", 1)
    known = await readable(other)
    for secret in (PERSON.id_number, PERSON.name, PERSON.phone, LISTED.id_number):
        assert secret not in known, "B knows pseudonyms alone, before it has met the person itself"
        assert secret.encode().hex() not in known
    assert not [line for line in "".join(capfd.readouterr()).splitlines() if PERSON.id_number in line]

    members = [await hire(other, hire_body, number, other.station) for number in (44, 45, 46)]
    await other.rate(700)
    for member in members:
        case = await other.case(None)
        assigned = await other.act("pay-tasks", case.id, "assignment", 1, staff_member_id=member["id"])
        assert assigned.status_code == 200, assigned.text
        await other.accept(case, version=2)
    run = await other.pay()
    lines = {line["staff_member_id"]: line for line in run["lines"]}
    barred, listed, helper = (lines[member["id"]] for member in members)
    assert (barred["amount_fen"], barred["blocked_by"]) == (0, "O1.4g")
    assert (barred["blocked_reason"], pay.town in barred["blocked_detail"]) == ("public_employee_post", True)
    assert (listed["amount_fen"], listed["blocked_reason"]) == (0, "public_employee_roster")
    assert (helper["amount_fen"], run["total_fen"]) == (700, 700)

    told, logged = await readable(other), "".join(capfd.readouterr())
    for person in (PERSON, LISTED, synthetic_person(46)):
        for secret in (person.id_number, person.name, person.phone):
            assert secret not in told, "not even the own persons' numbers are readable"
            assert secret.encode().hex() not in told
            assert secret not in logged
            assert secret not in str([event.data.decode() for event in await other.facts()])


async def test_the_dump_would_find_a_number_if_there_were_one(pay: Any, places: Any) -> None:
    """The search of the test above is able to fail: in text, in JSON, in bytes."""
    member = await pay.hire(1, post_title=f"负责人{PERSON.id_number}")
    assert PERSON.id_number in await readable(pay)
    await pay.desk.rows("DELETE FROM records")
    await pay.desk.rows("DELETE FROM record_versions")
    assert PERSON.id_number in await readable(pay), "in the outbox"
    assert places.pseudonym(1) == member.pseudonym


async def test_one_person_is_not_paid_in_two_counties_for_the_same_days(pay: Any, other: Any) -> None:
    """O1.4f, O1.4g: the second settlement is blocked; where both were settled, the later one comes back."""
    for site in (pay, other):
        await site.hire(1)
        await site.hire(2)
        await site.rate(500)
        for number in (1, 2):
            await site.accept(await site.case(number))
    first = await pay.pay(only_staff=None)
    async with working(other.desk.context):
        await forward(pay, other)
        await until(other, "SELECT count(*)::int FROM province_pay", 2)
    drafted = await other.draft()
    settled = (await other.settle(drafted.json())).json()
    assert settled["total_fen"] == 0
    assert {line["blocked_by"] for line in settled["lines"]} == {"O1.4f"}
    assert {line["blocked_reason_label"] for line in settled["lines"]} == {"同期已在其他县（市、区）领取报酬"}
    assert "441624000000" in settled["lines"][0]["blocked_detail"]
    await pay.tell(await other.facts())
    await pay.check()
    assert (await pay.desk.get("/pay-recoveries", pay.head)).json()["items"] == [], "the first one stands"
    assert first["total_fen"] == 1000


async def test_both_settled_before_they_heard_of_each_other_the_later_one_comes_back(pay: Any, other: Any) -> None:
    """O1.4f, O1.4g: the sites agree on which is the later one, without asking each other."""
    for site in (pay, other):
        await site.hire(1)
        await site.rate(500)
        await site.accept(await site.case(1))
    assert [(await site.pay())["total_fen"] for site in (other, pay)] == [500, 500]
    told = [await site.facts() for site in (pay, other)]
    for site, news in ((other, told[0]), (pay, told[1])):
        await site.tell([*news, *await site.facts()])
        await site.check()
    (late,) = (await pay.desk.get("/pay-recoveries", pay.head)).json()["items"]
    assert (late["amount_fen"], late["clause"], late["found_reason"]) == (500, "O1.4f", "paid_elsewhere")
    assert (await other.desk.get("/pay-recoveries", other.head)).json()["items"] == []


@pytest.mark.parametrize("ending", ["recovered", "waived"])
async def test_a_county_whose_money_is_back_bars_the_other_no_longer(pay: Any, other: Any, ending: str) -> None:
    """O1.4f, O1.4g: open, it still does; waived, the person has it still."""
    member = await pay.hire(1)
    await pay.rate(500)
    case = await pay.case(1)
    await pay.accept(case)
    await pay.pay()
    await pay.change(member, is_public_employee=True, effective_on=date(2026, 10, 1))
    await pay.tell(await pay.facts())
    await pay.check()
    (recovery,) = (await pay.desk.get("/pay-recoveries", pay.head)).json()["items"]
    assert (recovery["amount_fen"], recovery["clause"]) == (500, "O1.4g")
    await other.hire(1)
    await other.rate(300)
    await other.accept(await other.case(1))
    paid_and_open = [one for one in await pay.facts() if "staff-member" not in one.type]
    await other.tell(paid_and_open)
    (line,) = (await other.draft()).json()["lines"]
    assert (line["amount_fen"], line["blocked_by"]) == (0, "O1.4f")
    closed = await pay.act(
        "pay-recoveries", recovery["id"], "closing", 1, status=ending, reason="已退回", document="和人社〔2026〕9号"
    )
    assert closed.status_code == 200, closed.text
    news = [one for one in await pay.facts() if "staff-member" not in one.type]
    await other.tell([*reversed(news), *news])
    await other.check()
    (line,) = (await other.draft()).json()["lines"]
    expected = (300, None) if ending == "recovered" else (0, "O1.4f")
    assert (line["amount_fen"], line["blocked_by"]) == expected
    assert (await other.desk.get("/pay-recoveries", other.head)).json()["items"] == []
    counts = await other.desk.value("SELECT count(*)::int FROM province_returns")
    assert counts == (1 if ending == "recovered" else 0)


async def test_redelivered_and_reordered_news_give_the_same_guard(pay: Any, other: Any) -> None:
    """O1.4g."""
    member = await pay.hire(1, division=pay.town, staff_type="other", account=None)
    member = await pay.change(member, is_public_employee=True, effective_on=date(2026, 2, 1))
    await pay.change(member, is_public_employee=False, effective_on=date(2026, 10, 5))
    news = await pay.facts()
    assert len(news) == 3
    await other.hire(1)
    await other.rate(500)
    await other.accept(await other.case(1))
    for order in ([2], [0, 2], [1], [0, 1, 2], [2, 1, 0]):
        await other.tell([news[at] for at in order])
    rows = await other.desk.rows("SELECT version FROM province_posts ORDER BY version")
    assert [row["version"] for row in rows] == [1, 2, 3]
    (line,) = (await other.draft()).json()["lines"]
    assert (line["blocked_by"], "2026-10-01" in line["blocked_detail"]) == ("O1.4g", True)
