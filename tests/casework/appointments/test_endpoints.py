"""Appointments and queues over HTTP, with many people at once."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from casework.appointments.service import mark_no_shows
from common.auth import Actor, Role
from common.clock import today
from common.divisions import Level
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

BASE = "/casework/v1/appointments"
DUTIES = ["social_insurance", "employment_services"]


def citizen(subject: str = "anna") -> Actor:
    return Actor(subject, "测试群众", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))


async def post(window, path: str, body: Any = None, *, actor: Actor, version: int | None = None, key: str = ""):
    headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return await window.client.post(f"{BASE}{path}", json=body, headers=headers)


async def good(answer: httpx.Response | Any) -> Any:
    answer = await answer
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


@pytest.fixture
def head(world):
    return make_actor(world.VILLAGE, Role.OFFICE_HEAD)


@pytest.fixture
async def windows(window, world, head) -> list[dict[str, Any]]:
    """Three windows: two for two duties, one for one of them."""
    bodies = [("1", DUTIES), ("2", DUTIES), ("3", DUTIES[:1])]
    return [
        await good(post(window, "/windows", {"division": world.VILLAGE, "number": n, "duties": d}, actor=head))
        for n, d in bodies
    ]


async def slot(window, world, head, *, day: date | None = None, capacity: int = 2, starts: str = "09:00") -> Any:
    """A slot, put straight into the table: working days are the calendar's matter."""
    slot_id = uuid7()
    ends = f"{int(starts[:2]) + 1:02d}:00" if starts < "23" else "23:59"
    await window.rows(
        "INSERT INTO appointment_slots (id, division, office_id, day, starts, ends, capacity, booked) "
        "SELECT $1, division, id, $2, $3::text::time, $4::text::time, $5, 0 FROM directory_offices WHERE division = $6",
        slot_id, day or today() + timedelta(days=3), starts, ends, capacity, world.VILLAGE,
    )  # fmt: skip
    return str(slot_id)


def booking(slot_id: str, number: int = 1, duty: str = DUTIES[0]) -> dict[str, Any]:
    person = synthetic_person(number)
    return {
        "slot_id": slot_id,
        "duty": duty,
        "person": {"name": person.name, "id_number": person.id_number, "phone": person.phone},
    }


async def ticket(window, world, duty: str = DUTIES[0], actor: Actor | None = None) -> dict[str, Any]:
    return await good(post(window, "/tickets", {"division": world.VILLAGE, "duty": duty}, actor=actor or world.AGENT))


# --- what an office offers -----------------------------------------------------------------------------------------


async def test_the_head_sets_up_windows_that_everybody_sees(window, world, windows, head):
    """O2.2b, O4.1c: windows by duty."""
    shown = (await window.client.get(f"{BASE}/windows", params={"division": world.VILLAGE})).json()["items"]
    assert [(one["number"], one["duties"][0]["label"], one["is_open"]) for one in shown] == [
        ("1", "社会保险", True), ("2", "社会保险", True), ("3", "社会保险", True)
    ]  # fmt: skip
    same = {"division": world.VILLAGE, "number": "1", "duties": DUTIES}
    problem(await post(window, "/windows", same, actor=head), 409, "casework.appointment.window-number-taken")
    problem(await post(window, "/windows", same, actor=world.AGENT), 403, "auth.role-required")
    elsewhere = same | {"division": world.NEIGHBOUR}
    problem(await post(window, "/windows", elsewhere, actor=head), 403, "auth.out-of-scope")
    problem(await post(window, "/windows", same | {"duties": []}, actor=head), 422, "request.validation-failed")
    problem(await post(window, "/windows", same | {"duties": ["x"]}, actor=head), 422, "request.validation-failed")


async def test_of_two_who_give_the_same_number_one_gets_it(window, world, head):
    body = {"division": world.VILLAGE, "number": "9", "duties": DUTIES}
    answers = await asyncio.gather(*(post(window, "/windows", body, actor=head) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_slots_are_opened_on_working_days_only(window, world, head):
    """O4.3c: the first week of October 2026 has holidays, and 10 October is worked on."""
    times = [{"starts": "09:00", "ends": "10:00"}, {"starts": "10:00", "ends": "11:00"}]
    body = {"division": world.VILLAGE, "first": "2026-10-05", "last": "2026-10-11", "times": times, "capacity": 5}
    made = await good(post(window, "/slots", body, actor=head))
    assert sorted({one["day"] for one in made["items"]}) == ["2026-10-08", "2026-10-09", "2026-10-10"]
    again = await good(post(window, "/slots", body | {"times": [{"starts": "09:30", "ends": "10:30"}]}, actor=head))
    assert again == made, "what overlaps is not opened"
    shown = await window.client.get(
        f"{BASE}/slots", params={"division": world.VILLAGE, "first": "2026-10-10", "last": "2026-10-10"}
    )
    assert [(one["starts"], one["ends"], one["free"]) for one in shown.json()["items"]] == [
        ("09:00", "10:00", 5), ("10:00", "11:00", 5)
    ]  # fmt: skip
    wrong = body | {"times": [{"starts": "10:00", "ends": "09:00"}]}
    problem(await post(window, "/slots", wrong, actor=head), 422, "casework.appointment.slot-times-invalid", "O4.1c")
    problem(await post(window, "/slots", body, actor=world.AGENT), 403, "auth.role-required")


# --- bookings ------------------------------------------------------------------------------------------------------


async def test_a_citizen_books_and_cancels_and_the_place_is_free_again(window, world, windows, head):
    """O4.2b, O4.1c."""
    slot_id = await slot(window, world, head, capacity=1)
    made = await good(post(window, "/bookings", booking(slot_id), actor=citizen()))
    assert (made["status"], made["status_label"], made["starts"], made["duty_label"]) == (
        "booked", "已预约", "09:00", "社会保险",
    )  # fmt: skip
    problem(await post(window, "/bookings", booking(slot_id, 2), actor=citizen("bert")), 409,
            "casework.appointment.slot-full")  # fmt: skip
    path = f"/bookings/{made['id']}/cancellation"
    problem(await post(window, path, actor=citizen("bert"), version=1), 404, "record.not-found")
    ended = await good(post(window, path, actor=citizen(), version=1))
    assert ended["status"] == "cancelled"
    problem(await post(window, path, actor=citizen(), version=2), 409, "casework.appointment.booking-not-open")
    await good(post(window, "/bookings", booking(slot_id, 2), actor=citizen("bert")))
    assert await window.value("SELECT booked FROM appointment_slots") == 1


async def test_of_many_who_want_the_last_places_so_many_get_one_as_there_are(window, world, windows, head):
    slot_id = await slot(window, world, head, capacity=3)
    answers = await asyncio.gather(
        *(post(window, "/bookings", booking(slot_id, n), actor=citizen(f"c{n}")) for n in range(1, 9))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert await window.value("SELECT booked FROM appointment_slots") == 3
    assert await window.value("SELECT count(*) FROM appointment_holds") == 3
    assert await window.value("SELECT count(*) FROM records WHERE record = 'casework.booking'") == 3


async def test_an_account_has_one_open_booking_a_day_and_office_for_a_person(window, world, windows, head):
    """Also when it books at once, at several times of the day; the office has one for the person too."""
    slots = [await slot(window, world, head, starts=starts, capacity=9) for starts in ("09:00", "10:00", "14:00")]
    for actor in (citizen("c0"), world.AGENT):
        answers = await asyncio.gather(*(post(window, "/bookings", booking(one), actor=actor) for one in slots * 2))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
        refused = next(answer for answer in answers if answer.status_code == 409)
        problem(refused, 409, "casework.appointment.booking-exists")
    assert await window.value("SELECT sum(booked) FROM appointment_slots") == 2
    other_day = await slot(window, world, head, day=today() + timedelta(days=4))
    await good(post(window, "/bookings", booking(other_day), actor=citizen("c0")))


async def test_an_account_learns_nothing_of_what_others_have_booked(window, world, windows, head):
    """ADR 0005: of a person who comes that day nothing else is told than of one who does not; full or not."""
    wide, full = (
        await slot(window, world, head, capacity=9),
        await slot(window, world, head, starts="11:00", capacity=1),
    )
    await good(post(window, "/bookings", booking(wide, 1), actor=citizen("anna")))
    await good(post(window, "/bookings", booking(full, 3), actor=world.AGENT))
    for one, status in ((full, 409), (wide, 201)):
        told = []
        for number in (1, 2, 3):
            answer = await post(window, "/bookings", booking(one, number), actor=citizen("bert"))
            body = answer.json()
            told.append((answer.status_code, sorted(answer.headers), sorted(body), body.get("code")))
        assert told[0] == told[1] == told[2]
        assert told[0][0] == status
    again = await post(window, "/bookings", booking(full, 1), actor=citizen("bert"))
    problem(again, 409, "casework.appointment.slot-full")


async def test_an_account_holds_so_many_open_bookings_at_most(window, world, windows, head):
    """Also when they are made at once; what has ended does not count."""
    slots = [await slot(window, world, head, starts=f"{hour:02d}:00", capacity=9) for hour in range(9, 17)]
    answers = await asyncio.gather(
        *(post(window, "/bookings", booking(one, n), actor=citizen()) for n, one in enumerate(slots, 1))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 3
    refused = next(answer for answer in answers if answer.status_code == 409)
    problem(refused, 409, "casework.appointment.too-many-bookings")
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    await good(post(window, f"/bookings/{made['id']}/cancellation", actor=citizen(), version=1))
    await good(post(window, "/bookings", booking(slots[0], 20), actor=citizen()))
    await good(post(window, "/bookings", booking(slots[0], 21), actor=citizen("bert")))


async def test_a_citizen_with_a_place_and_another_role_sees_and_books_as_a_citizen(window, world, windows, head):
    """Roles say who somebody is, not the division of their token."""
    both = make_actor(world.TOWN, Role.CITIZEN, Role.AUDITOR)
    slot_id = await slot(window, world, head)
    made = await good(post(window, "/bookings", booking(slot_id), actor=citizen()))
    address = f"{BASE}/bookings/{made['id']}"
    assert (await window.client.get(address, headers=bearer(both))).status_code == 404
    assert (await window.client.get(f"{BASE}/bookings", headers=bearer(both))).json()["items"] == []
    own = await good(post(window, "/bookings", booking(slot_id, 2), actor=both))
    listed = (await window.client.get(f"{BASE}/bookings", headers=bearer(both))).json()["items"]
    assert [one["id"] for one in listed] == [own["id"]]


@pytest.mark.parametrize(("last", "status"), [("2026-10-31", 200), ("2026-11-01", 400), ("2026-09-30", 400)])
async def test_slots_are_listed_a_month_at_a_time(window, world, last, status):
    """O4.3e: public, so a question costs no more than a month does."""
    params = {"division": world.VILLAGE, "first": "2026-10-01", "last": last}
    answer = await window.client.get(f"{BASE}/slots", params=params)
    assert answer.status_code == status
    if status != 200:
        problem(answer, 400, "casework.appointment.span-too-long")


async def test_who_has_booked_stands_nowhere_in_clear(window, world, windows, head):
    """Standards.md §9."""
    person = synthetic_person(1)
    made = await good(post(window, "/bookings", booking(await slot(window, world, head)), actor=citizen()))
    rows = await window.rows("SELECT state::text AS told FROM records UNION ALL SELECT o.data::text FROM outbox o "
                             "UNION ALL SELECT a::text FROM audit_entries a "
                             "UNION ALL SELECT encode(body, 'escape') FROM idempotency_keys")  # fmt: skip
    told = json.dumps([row["told"] for row in rows], ensure_ascii=False) + json.dumps(made, ensure_ascii=False)
    assert made["id"] in told
    for secret in (person.name, person.id_number, person.phone):
        assert secret not in told


async def test_who_has_booked_is_shown_for_a_reason_and_every_look_is_an_act(window, world, windows, head):
    """Standards.md §9; the clerk must know who comes, the citizen and the agent have no such act."""
    person = synthetic_person(1)
    made = await good(post(window, "/bookings", booking(await slot(window, world, head)), actor=citizen()))
    path, reason = f"/bookings/{made['id']}/person-disclosures", {"reason": "核对到场人员"}
    shown = await good(post(window, path, reason, actor=world.CLERK))
    assert shown == {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    for actor, status in ((world.AGENT, 403), (citizen(), 403), (world.STRANGER, 404)):
        assert (await post(window, path, reason, actor=actor)).status_code == status
    problem(await post(window, path, {"reason": f"电话{person.phone}"}, actor=world.CLERK), 422,
            "request.validation-failed")  # fmt: skip
    acts = await window.rows("SELECT actor, reason FROM audit_entries WHERE action = 'casework.booking.disclose'")
    assert [tuple(row) for row in acts] == [(world.CLERK.subject, "核对到场人员")]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"slot_id": str(uuid7())}, 404, "casework.appointment.slot-not-found"),
        ({"duty": "legal_publicity"}, 422, "casework.queue.duty-not-served"),
        ({"person": {"name": "测试甲", "id_number": "123"}}, 422, "casework.appointment.person-invalid"),
        ({"person": {"name": ""}}, 422, "request.validation-failed"),
    ],
)
async def test_a_booking_that_cannot_be_leaves_nothing(window, world, windows, head, changes, status, code):
    body = booking(await slot(window, world, head)) | changes
    problem(await post(window, "/bookings", body, actor=citizen()), status, code)
    assert await window.value("SELECT sum(booked) FROM appointment_slots") == 0
    assert await window.value("SELECT count(*) FROM appointment_holds") == 0


async def test_a_time_that_is_past_is_booked_no_longer(window, world, windows, head):
    past = await slot(window, world, head, day=today() - timedelta(days=1))
    problem(await post(window, "/bookings", booking(past), actor=citizen()), 422, "casework.appointment.slot-past",
            "O4.1c")  # fmt: skip


async def test_bookings_are_seen_by_their_owner_and_their_office(window, world, windows, head):
    slot_id = await slot(window, world, head)
    made = await good(post(window, "/bookings", booking(slot_id), actor=citizen()))
    for reader, seen in ((citizen(), 1), (citizen("Anna"), 0), (world.AGENT, 1), (world.STRANGER, 0)):
        listed = (await window.client.get(f"{BASE}/bookings", headers=bearer(reader))).json()["items"]
        assert len(listed) == seen
        one = await window.client.get(f"{BASE}/bookings/{made['id']}", headers=bearer(reader))
        assert one.status_code == (200 if seen else 404)


async def test_who_did_not_come_is_marked_and_may_book_again(window, world, windows, head):
    made = await good(post(window, "/bookings", booking(await slot(window, world, head)), actor=citizen()))
    async with window.context.uow() as uow:
        assert await mark_no_shows(uow) == 0
    await window.rows("UPDATE appointment_holds SET day = day - 30")
    async with window.context.uow() as uow:
        assert await mark_no_shows(uow) == 1
    seen = await window.client.get(f"{BASE}/bookings/{made['id']}", headers=bearer(citizen()))
    assert (seen.json()["status"], seen.json()["status_label"]) == ("no_show", "爽约")
    assert await window.value("SELECT count(*) FROM appointment_holds") == 0


async def test_who_came_at_the_last_moment_is_not_marked_as_missing(window, world, windows, head):
    """Between the look at the holds and the lock somebody draws the ticket."""
    made = await good(post(window, "/bookings", booking(await slot(window, world, head)), actor=citizen()))
    await window.rows("UPDATE appointment_holds SET day = day - 30")
    await window.rows(
        'UPDATE records SET state = state || \'{"status": "arrived"}\' WHERE id = $1::text::uuid', made["id"]
    )
    async with window.context.uow() as uow:
        await mark_no_shows(uow)
    seen = await window.client.get(f"{BASE}/bookings/{made['id']}", headers=bearer(citizen()))
    assert (seen.json()["status"], seen.json()["version"]) == ("arrived", 1)


# --- the queue -----------------------------------------------------------------------------------------------------


async def test_a_day_in_the_hall(window, world, windows):
    """O4.1c: number series by duty, first come first served, recall, pass over, serve, finish."""
    first, second = await ticket(window, world), await ticket(window, world)
    third = await ticket(window, world, DUTIES[1])
    assert [one["number"] for one in (first, second, third)] == ["C001", "C002", "A001"]
    assert (first["ahead"], second["ahead"], third["ahead"]) == (0, 1, 0)
    called = await good(post(window, f"/windows/{windows[2]['id']}/calls", actor=world.AGENT))
    assert (called["number"], called["window_number"], called["status_label"]) == ("C001", "3", "已叫号")
    busy = await post(window, f"/windows/{windows[2]['id']}/calls", actor=world.AGENT)
    assert problem(busy, 409, "casework.queue.window-busy")["ticket_id"] == first["id"]
    queue = (await window.client.get(f"{BASE}/queue", params={"division": world.VILLAGE})).json()
    assert {one["duty"]: one["waiting"] for one in queue["waiting"]} == {DUTIES[0]: 1, DUTIES[1]: 1}
    assert [(one["number"], one["window_number"]) for one in queue["shown"]] == [("C001", "3")]
    again = await good(post(window, f"/tickets/{first['id']}/recall", actor=world.AGENT, version=2))
    assert again["calls"] == 2
    problem(await post(window, f"/tickets/{first['id']}/finish", actor=world.AGENT, version=3), 409,
            "casework.queue.ticket-state-forbids")  # fmt: skip
    problem(await post(window, f"/tickets/{first['id']}/skip", actor=world.AGENT, version=2), 412,
            "request.if-match-stale")  # fmt: skip
    await good(post(window, f"/tickets/{first['id']}/skip", actor=world.AGENT, version=3))
    called = await good(post(window, f"/windows/{windows[2]['id']}/calls", actor=world.AGENT))
    assert called["number"] == "C002"
    await good(post(window, f"/tickets/{second['id']}/service", actor=world.AGENT, version=2))
    await good(post(window, f"/tickets/{second['id']}/finish", actor=world.AGENT, version=3))
    problem(await post(window, f"/windows/{windows[2]['id']}/calls", actor=world.AGENT), 409, "casework.queue.empty")
    called = await good(post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT))
    assert called["number"] == "A001", "window 3 does not do this duty, window 1 does"
    seen = await window.client.get(f"{BASE}/tickets/{second['id']}")
    assert (seen.json()["status"], seen.json()["status_label"]) == ("finished", "办理完毕")


async def test_numbers_have_no_gaps_however_many_draw_at_once(window, world, windows):
    drawn = await asyncio.gather(*(ticket(window, world, DUTIES[n % 2]) for n in range(24)))
    assert sorted(one["number"] for one in drawn) == sorted(
        [f"C{n:03d}" for n in range(1, 13)] + [f"A{n:03d}" for n in range(1, 13)]
    )


async def test_windows_that_call_at_once_never_call_the_same_ticket(window, world, head):
    """Real concurrency: eight windows, thirty tickets, every ticket called once and in its order at each window."""
    made = [
        await good(
            post(window, "/windows", {"division": world.VILLAGE, "number": str(n), "duties": DUTIES}, actor=head)
        )
        for n in range(8)
    ]
    drawn = [await ticket(window, world, DUTIES[n % 2]) for n in range(30)]
    called: list[str] = []

    async def work(window_id: str) -> None:
        while True:
            answer = await post(window, f"/windows/{window_id}/calls", actor=world.AGENT)
            if answer.status_code == 409:
                assert answer.json()["code"] == "casework.queue.empty"
                return
            one = answer.json()
            called.append(one["id"])
            await good(post(window, f"/tickets/{one['id']}/service", actor=world.AGENT, version=one["version"]))
            await good(post(window, f"/tickets/{one['id']}/finish", actor=world.AGENT, version=one["version"] + 1))

    await asyncio.gather(*(work(one["id"]) for one in made))
    assert sorted(called) == sorted(one["id"] for one in drawn)
    assert len(set(called)) == 30


async def test_one_window_at_which_two_call_at_once_gets_one(window, world, windows):
    for _ in range(4):
        await ticket(window, world)
    answers = await asyncio.gather(
        *(post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_call_that_is_sent_again_calls_nobody_else(window, world, windows):
    await ticket(window, world)
    await ticket(window, world)
    first = await post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT, key="call")
    again = await post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT, key="call")
    assert (again.status_code, again.content) == (201, first.content)


async def test_a_booking_comes_first_once_its_time_has_come(window, world, windows, head):
    """Who has booked and comes early waits like everybody; at the booked time they are next."""
    people = [await ticket(window, world) for _ in range(3)]
    day = today()
    made = await good(post(window, "/bookings", booking(await slot(window, world, head)), actor=citizen()))
    await window.rows(
        "UPDATE records SET state = state || jsonb_build_object('day', $1::text, 'starts', '00:00', 'ends', '23:59') "
        "WHERE id = $2::text::uuid",
        day.isoformat(), made["id"],
    )  # fmt: skip
    problem(await post(window, f"/bookings/{made['id']}/arrival", actor=citizen("bert"), version=1), 404,
            "record.not-found")  # fmt: skip
    arrived = await good(post(window, f"/bookings/{made['id']}/arrival", actor=citizen(), version=1))
    assert (arrived["status"], arrived["ticket"]) == ("arrived", "C004")
    later = "UPDATE queue_tickets SET booked_for = now() + interval '1 hour' WHERE number = 4"
    await window.rows(later)
    called = await good(post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT))
    assert called["number"] == people[0]["number"]
    await window.rows("UPDATE queue_tickets SET booked_for = now() - interval '1 minute' WHERE number = 4")
    called = await good(post(window, f"/windows/{windows[1]['id']}/calls", actor=world.AGENT))
    assert (called["number"], called["is_booked"]) == ("C004", True)
    again = await post(window, f"/bookings/{made['id']}/arrival", actor=citizen(), version=2)
    problem(again, 409, "casework.appointment.booking-not-open")


async def test_who_may_draw_and_call(window, world, windows):
    body = {"division": world.VILLAGE, "duty": DUTIES[0]}
    machine = make_actor(world.VILLAGE, Role.SYSTEM_CLIENT)
    await ticket(window, world, actor=machine)
    problem(await post(window, "/tickets", body, actor=citizen()), 403, "auth.role-required")
    problem(await post(window, "/tickets", body, actor=world.STRANGER), 403, "auth.out-of-scope")
    problem(await post(window, "/tickets", body | {"duty": "legal_publicity"}, actor=machine), 422,
            "casework.queue.duty-not-served", "O2.2b")  # fmt: skip
    calls = f"/windows/{windows[0]['id']}/calls"
    problem(await post(window, calls, actor=machine), 403, "auth.role-required")
    problem(await post(window, calls, actor=world.STRANGER), 404, "record.not-found")
    one = await good(post(window, calls, actor=world.CLERK))
    problem(await post(window, f"/tickets/{one['id']}/service", actor=world.STRANGER, version=2), 404,
            "casework.queue.ticket-not-found")  # fmt: skip


async def test_a_closed_window_calls_nobody_and_serves_no_duty(window, world, windows, head):
    for one in windows:
        answer = await window.client.patch(
            f"{BASE}/windows/{one['id']}", json={"is_open": False}, headers={**bearer(head), "If-Match": '"1"'}
        )
        assert answer.json()["is_open"] is False
    problem(await post(window, f"/windows/{windows[0]['id']}/calls", actor=world.AGENT), 409,
            "casework.queue.window-closed")  # fmt: skip
    problem(await post(window, "/tickets", {"division": world.VILLAGE, "duty": DUTIES[0]}, actor=world.AGENT), 422,
            "casework.queue.duty-not-served")  # fmt: skip


async def test_tickets_know_nobody(window, world, windows):
    columns = await window.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'queue_tickets'")
    assert {row["column_name"] for row in columns}.isdisjoint({"name", "id_number", "phone", "subject_index"})
