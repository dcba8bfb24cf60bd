"""What applicants are told, out of the events of cases: once each, whatever is delivered how often."""

import asyncio
import json
from typing import Any

import pytest

from casework.online.consumers import notification_runner, tell
from casework.online.service import Happened, tell_applicants
from casework.worker import consumers, jobs
from common.bus import Received
from common.consumer import Delivered
from common.contracts.casework import CASE_TOPIC, CaseState
from common.contracts.casework.cases import CaseFile, SupplementState
from common.contracts.topics import NOTIFICATIONS_GROUP, TOPICS
from common.ids import uuid7
from common.relay import Relay
from common.testing.events import INSTANT, case_event, case_state
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer

ASKED = SupplementState(asked_at=INSTANT, by="clerk", materials=("户口簿",), due_on=INSTANT.date())


@pytest.fixture
def online_settings(clone_database):
    """The bus has a database of its own."""
    return {"bus_database_url": clone_database(), "bus_partitions": 2}


def versions() -> list[CaseState]:
    """A case from its receipt to its end."""
    begun = case_state(case_number="1" * 47)
    asked = begun.model_copy(update={"version": 2, "status": "supplementing", "file": CaseFile(supplements=(ASKED,))})
    supplied = asked.model_copy(update={"version": 3, "status": "registered"})
    accepted = supplied.model_copy(update={"version": 4, "status": "accepted", "due_on": INSTANT.date()})
    closed = accepted.model_copy(
        update={"version": 5, "status": "closed", "due_on": None, "closing_result": "granted", "is_favourable": True}
    )
    return [begun, asked, supplied, accepted, closed]


async def told(window) -> list[tuple[str, int]]:
    rows = await window.rows(
        "SELECT state FROM records WHERE record = 'casework.notification' ORDER BY (state->>'case_version')::int, id"
    )
    return [(state["kind"], state["case_version"]) for state in (json.loads(row["state"]) for row in rows)]


async def give(window, *cases: CaseState) -> int:
    async with window.context.db.transaction() as conn:
        return await tell_applicants(conn, [Happened(case, INSTANT) for case in cases])


ALL = [("received", 1), ("supplement_needed", 2), ("accepted", 4), ("decided", 5), ("ready", 5)]


@pytest.mark.parametrize("size", [1, 2, 5])
async def test_everything_is_told_once_in_batches_of_any_size(window, size):
    """O4.2b, O4.3c: also when all is delivered again, and when old versions follow new ones."""
    cases = versions()
    for start in range(0, len(cases), size):
        await give(window, *cases[start : start + size])
    assert sorted(await told(window)) == sorted(ALL)
    assert await give(window, *cases) == 0
    assert await give(window, cases[1]) == 0
    assert await window.value("SELECT count(*) FROM outbox") == len(ALL)
    assert await window.value("SELECT count(*) FROM audit_entries") == len(ALL)


async def test_what_is_told_has_what_the_message_needs_and_nobody_in_it(window):
    await give(window, *versions()[:2])
    data = json.loads(await window.value("SELECT data FROM outbox ORDER BY id DESC LIMIT 1"))
    assert (data["kind"], data["materials"], data["due_on"]) == ("supplement_needed", ["户口簿"], str(INSTANT.date()))
    assert not {"name", "phone", "identifier", "applicant"} & set(data)


async def test_a_batch_is_taken_as_it_is_delivered(window):
    def delivered(case: CaseState) -> Delivered:
        event = case_event(case)
        key, value, headers = event.to_kafka()
        return Delivered(event, case, Received(CASE_TOPIC, key, value, headers, offset=case.version))

    async with window.context.db.transaction() as conn:
        await tell(conn, [delivered(case) for case in versions()])
    assert sorted(await told(window)) == sorted(ALL)


async def test_two_workers_with_the_same_events_tell_them_once(window):
    cases = versions()
    await asyncio.gather(*(give(window, *cases) for _ in range(4)), return_exceptions=True)
    assert sorted(await told(window)) == sorted(ALL)


async def test_a_citizen_hears_of_the_own_applications_only(window, world, citizen):
    """From the application through relay, bus and worker to the list of notifications."""
    body = {**world.case_body(1), "channel": "computer"}
    headers = {**bearer(citizen("anna")), "Idempotency-Key": str(uuid7())}
    made = (await window.client.post("/casework/v1/online/applications", json=body, headers=headers)).json()
    await window.register(number=2)
    await window.act(made["id"], "offer/acceptance", version=1)
    accepted = await window.act(made["id"], "acceptance", version=2)
    assert accepted.status_code == 200, accepted.text
    items = await _through_the_bus(window, citizen("anna"), 2)
    assert [(one["kind"], one["kind_label"]) for one in items] == [("received", "已收件"), ("accepted", "已受理")]
    assert {one["case_number"] for one in items} == {made["case_number"]}
    assert items[1]["due_on"] == accepted.json()["due_on"]
    other = await window.client.get("/casework/v1/online/notifications", headers=bearer(citizen("bert")))
    assert other.json()["items"] == []
    everything = json.dumps(items, ensure_ascii=False)
    assert all(secret not in everything for secret in (synthetic_person(1).name, synthetic_person(1).phone))


async def _through_the_bus(window, actor, expected: int) -> list[Any]:
    context = window.context
    await context.start(with_bus=True)
    stop = asyncio.Event()
    relay = Relay(context.db, context.bus, service="casework", wake=context.wake)
    tasks = [asyncio.create_task(notification_runner(context).run(stop)), asyncio.create_task(relay.run(stop))]
    try:
        async with asyncio.timeout(30):
            while True:
                answer = await window.client.get("/casework/v1/online/notifications", headers=bearer(actor))
                if len(answer.json()["items"]) >= expected:
                    return answer.json()["items"]
                await asyncio.sleep(0.1)
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks, return_exceptions=True)


def test_the_worker_has_the_consumer_and_the_topics_know_it(window):
    assert NOTIFICATIONS_GROUP in {runner.group for runner in consumers(window.context)}
    (topic,) = [topic for topic in TOPICS if topic.name == CASE_TOPIC]
    assert NOTIFICATIONS_GROUP in topic.groups
    assert len(jobs(window.context)) > 1
