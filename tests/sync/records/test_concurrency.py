"""Two consumers at once: nobody deadlocks, nobody overtakes, contents of one version cannot both stand."""

import asyncio
import random
from uuid import UUID

import pytest

from common.bus import Received
from common.consumer import decode
from common.contracts.casework import CASE_TOPIC
from common.divisions import LEVELS, Level
from sync.records.consumers import intake
from sync.records.domain import intake_contracts

VILLAGE = "440305001001"


def delivered(event):
    key, value, headers = event.to_kafka()
    return decode(Received(CASE_TOPIC, key, value, headers), intake_contracts("sync-intake"))


async def test_batches_of_the_same_records_in_any_order_do_not_deadlock(site, make_case) -> None:
    cases = [make_case(VILLAGE) for _ in range(60)]
    nexts = [make_case(VILLAGE, id=UUID(case.subject), version=2) for case in cases]
    dice = random.Random(7)
    batches = []
    for events in (cases, nexts, cases, nexts):
        shuffled = list(events)
        dice.shuffle(shuffled)
        batches.append(shuffled)
    async with asyncio.timeout(30):
        await asyncio.gather(*(site.take_in(*batch) for batch in batches))
    assert await site.value("SELECT count(*) FROM level_states WHERE version = 2") == 60
    assert await site.value("SELECT count(*) FROM receipts") == 240
    up = [(event.subject, event.recordversion) for event in await site.inbox(Level.TOWN)]
    assert len(up) == len(set(up))
    for case in cases:
        versions = [version for subject, version in up if subject == case.subject]
        assert versions == sorted(versions)
        assert versions[-1] == 2


async def test_of_two_contents_that_arrive_at_once_one_is_refused(site, make_case) -> None:
    case = make_case(VILLAGE)
    other = make_case(VILLAGE, id=UUID(case.subject), item_code="E02")
    handler = intake(LEVELS, site.check)
    async with site.db.transaction() as first:
        await handler(first, [delivered(case)])
        second = asyncio.create_task(site.take_in(other))
        await asyncio.sleep(0.2)
        assert not second.done()
    await second
    assert sorted(code or "" for *_, code in await site.receipts(case.subject)) == ["", "version-conflict"]


async def test_outbox_ids_follow_the_order_of_versions_even_when_transactions_overlap(site, make_case) -> None:
    first_case = make_case(VILLAGE)
    second_case = make_case(VILLAGE, id=UUID(first_case.subject), version=2)
    handler = intake(LEVELS, site.check)
    async with site.db.transaction() as first:
        await handler(first, [delivered(first_case)])
        second = asyncio.create_task(site.take_in(second_case))
        await asyncio.sleep(0.2)
        assert not second.done(), "the second must wait for the state row of the first"
    await second
    assert [event.recordversion for event in await site.inbox(Level.TOWN)] == [1, 2]


async def test_state_rows_are_locked_in_key_order_not_in_the_order_of_delivery(site, make_case) -> None:
    low, high = sorted((make_case(VILLAGE) for _ in range(2)), key=lambda event: event.subject)
    await site.take_in(low, high)
    nexts = [make_case(VILLAGE, id=UUID(event.subject), version=2) for event in (high, low)]
    lock = "SELECT 1 FROM level_states WHERE record_id = $1 FOR UPDATE"
    async with site.db.transaction() as other:
        await other.execute(lock, UUID(low.subject))
        waiting = asyncio.create_task(site.take_in(*nexts))
        await asyncio.sleep(0.3)
        async with site.db.transaction() as third:
            await third.execute(lock + " NOWAIT", UUID(high.subject))
    await waiting
    assert await site.value("SELECT count(*) FROM level_states WHERE version = 2") == 2


async def test_contents_are_written_in_key_order_not_in_the_order_of_delivery(site, make_case) -> None:
    low, high = sorted((make_case(VILLAGE) for _ in range(2)), key=lambda event: event.subject)
    handler = intake(LEVELS, site.check)
    async with site.db.transaction() as other:
        await handler(other, [delivered(low)])
        waiting = asyncio.create_task(site.take_in(high, low))
        await asyncio.sleep(0.3)
        async with site.db.transaction() as third:
            await third.execute("SET LOCAL lock_timeout = 300")
            await handler(third, [delivered(high)])
    await waiting
    assert await site.value("SELECT count(*) FROM record_payloads") == 2


async def test_a_batch_that_is_rolled_back_leaves_nothing(site, make_case) -> None:
    handler = intake(LEVELS, site.check)
    with pytest.raises(ZeroDivisionError):
        async with site.db.transaction() as conn:
            await handler(conn, [delivered(make_case(VILLAGE)) for _ in range(3)])
            raise ZeroDivisionError
    for table in ("record_payloads", "level_states", "receipts", "outbox"):
        assert await site.value(f"SELECT count(*) FROM {table}") == 0
