"""What a level refuses gets its receipt with a reason, changes no state, and does not go on."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from common.bus import TopicPartition
from common.clock import today
from common.contracts.registry import DIVISION_TOPIC
from common.contracts.sync import RECEIPTS_TOPIC, Receipt, accepted_topic
from common.db import Database
from common.divisions import Level
from common.inbox import advance
from sync.receipts.domain import REASONS
from sync.records.directory import DIRECTORY_GROUP, DirectoryCheck
from sync.records.domain import content_of
from sync.records.errors import DirectoryBehind

VILLAGE = "440305001001"
TOWN = "440305001000"
COUNTY = "440305000000"
OTHER_COUNTY = "440303000000"
DONGGUAN = "441900003001"


async def assert_refused(site, event, level: Level, code: str, version: int = 1) -> None:
    assert await site.receipts(event.subject) == [(level, version, "rejected", code)]
    assert await site.states(event.subject) == {}
    assert await site.outbox(accepted_topic(level)) == []
    assert await site.value("SELECT count(*) FROM outbox WHERE topic LIKE '%.inbox.%'") == 0
    assert await site.value("SELECT count(*) FROM record_payloads") == 0
    (row,) = await site.outbox(RECEIPTS_TOPIC)
    receipt = Receipt.model_validate_json(row["data"])
    assert (receipt.outcome, receipt.reason_code, receipt.reason) == ("rejected", code, REASONS[code])
    assert (receipt.receiver_level, row["division"]) == (level, event.division)


WRONG: dict[str, tuple[Level, dict[str, Any], str]] = {
    "content that is not what was digested": (Level.COUNTY, {"payload": {"id": "other"}}, "digest-mismatch"),
    "a digest of something else": (Level.COUNTY, {"digest": "0" * 64}, "digest-mismatch"),
    "another county as receiver": (Level.COUNTY, {"to_division": OTHER_COUNTY}, "node-off-path"),
    "another town as sender": (Level.COUNTY, {"from_division": "440305002000"}, "node-off-path"),
    "a sender that is no town": (Level.COUNTY, {"from_division": VILLAGE}, "node-off-path"),
    "meant for the city": (Level.COUNTY, {"to_level": Level.CITY, "to_division": "440300000000"}, "node-off-path"),
    "meant for another level": (Level.COUNTY, {"to_level": Level.CITY}, "node-off-path"),
    "straight from the village": (Level.COUNTY, {"from_level": Level.VILLAGE, "from_division": VILLAGE}, "level-skipped"),
    "from above": (Level.COUNTY, {"from_level": Level.CITY, "from_division": "440300000000"}, "level-skipped"),
    "town left out on the way to the city": (
        Level.CITY, {"from_level": Level.TOWN, "from_division": TOWN}, "level-skipped",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
async def test_refuses(site, make_case, submitted, name: str) -> None:
    level, changes, code = WRONG[name]
    event = submitted(make_case(VILLAGE), level, **changes)
    await site.submit(level, event)
    await assert_refused(site, event, level, code)


@pytest.mark.parametrize(
    ("name", "value"),
    [("id", "01900000-0000-7000-8000-00000000ffff"), ("version", 2), ("version", True), ("division", OTHER_COUNTY)],
)
async def test_refuses_content_that_speaks_of_another_record(site, make_case, submitted, name: str, value: Any) -> None:
    """The digest fits: nothing was altered on the way, but the sender told two different things."""
    case = make_case(VILLAGE)
    payload = {**json.loads(case.data), name: value}
    event = submitted(case, Level.COUNTY, payload=payload, digest=content_of(payload).digest.hex())
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "content-mismatch")


async def test_refuses_at_a_county_what_has_no_county(site, make_case, submitted) -> None:
    event = submitted(make_case(DONGGUAN), Level.COUNTY, to_division=COUNTY)
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "node-off-path")


async def test_refuses_a_record_that_its_own_level_is_sent_from_below(site, make_case, submitted) -> None:
    event = submitted(make_case(COUNTY), Level.COUNTY, from_level=Level.TOWN, from_division=TOWN)
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "level-skipped")


async def test_refuses_an_origin_level_that_its_division_does_not_have(site, make_case, submitted) -> None:
    event = submitted(make_case(VILLAGE), Level.COUNTY, level=Level.TOWN)
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "origin-level-mismatch")


async def test_refuses_a_payload_without_one_json_form(site, make_case, submitted) -> None:
    event = submitted(make_case(VILLAGE), Level.COUNTY)
    data = event.data.replace(b'"payload":{', b'"payload":{"odd":1e999,')
    await site.submit(Level.COUNTY, replace(event, data=data))
    await assert_refused(site, event, Level.COUNTY, "digest-mismatch")


async def test_refuses_a_division_that_the_directory_does_not_know(site, make_case, submitted) -> None:
    event = submitted(make_case("440399001001"), Level.COUNTY)
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "division-unknown")


async def test_a_filler_is_no_division(site, make_case, submitted) -> None:
    await site.register("440398001001", kind="filler")
    event = submitted(make_case("440398001001"), Level.COUNTY)
    await site.submit(Level.COUNTY, event)
    await assert_refused(site, event, Level.COUNTY, "division-unknown")


async def test_refuses_what_was_made_after_the_division_was_retired(site, make_case, submitted) -> None:
    await site.register("440305009001", until=date(2026, 3, 2))
    late = submitted(make_case("440305009001", time=datetime(2026, 3, 1, 16, tzinfo=UTC)), Level.COUNTY)
    await site.submit(Level.COUNTY, late)
    await assert_refused(site, late, Level.COUNTY, "division-retired")


async def test_the_day_is_beijings_wherever_the_clock_was_read(site, make_case) -> None:
    """16:00 in Greenwich is midnight in Beijing: the division's last day is over."""
    await site.register("440305009001", until=date(2026, 3, 2))
    late = make_case("440305009001", time=datetime(2026, 3, 1, 16, tzinfo=UTC))
    await site.take_in(late)
    await assert_refused(site, late, Level.VILLAGE, "division-retired")


async def test_takes_what_was_made_while_the_division_stood_however_late_it_comes(site, make_case) -> None:
    await site.register("440305009001", until=date(2026, 3, 2))
    in_time = make_case("440305009001", time=datetime(2026, 3, 1, 15, 59, tzinfo=UTC))
    assert today() > date(2026, 3, 2)
    await site.take_in(in_time)
    await site.climb()
    assert len(await site.states(in_time.subject)) == 5


async def test_the_intake_refuses_an_unknown_division_too(site, make_case) -> None:
    case = make_case("440399001001")
    await site.take_in(case)
    await assert_refused(site, case, Level.VILLAGE, "division-unknown")


async def test_refuses_a_version_that_is_here_with_other_content(site, make_case, submitted) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    other = make_case(VILLAGE, id=UUID(case.subject), item_code="E02")
    await site.submit(Level.TOWN, submitted(other, Level.TOWN))
    assert (await site.receipts(case.subject))[1:] == [("town", 1, "rejected", "version-conflict")]
    assert await site.states(case.subject) == {"village": 1}
    assert len(await site.inbox(Level.COUNTY)) == 0
    await site.climb()
    assert set((await site.states(case.subject)).values()) == {1}


async def test_of_two_contents_of_one_version_in_one_batch_the_first_stands(site, make_case) -> None:
    case = make_case(VILLAGE)
    other = make_case(VILLAGE, id=UUID(case.subject), item_code="E02")
    await site.take_in(case, other)
    assert [code for *_, code in await site.receipts(case.subject)] == [None, "version-conflict"]
    stored = json.loads(await site.value("SELECT data FROM record_payloads"))
    assert stored == json.loads(case.data)
    assert len(await site.inbox(Level.TOWN)) == 1


async def test_a_refused_version_does_not_stop_the_next_one(site, make_case, submitted) -> None:
    case = make_case(VILLAGE)
    second = make_case(VILLAGE, id=UUID(case.subject), version=2)
    await site.take_in(case, second)
    first_up, second_up = await site.inbox(Level.TOWN)
    broken = replace(first_up, data=first_up.data.replace(b'"E01"', b'"E09"'))
    await site.submit(Level.TOWN, broken, second_up)
    assert [code for *_, code in (await site.receipts(case.subject))[2:]] == ["digest-mismatch", None]
    assert (await site.states(case.subject))["town"] == 2


async def test_good_and_bad_in_one_batch_do_not_touch_one_another(site, make_case, submitted) -> None:
    good = [make_case(VILLAGE) for _ in range(3)]
    bad = [submitted(make_case(VILLAGE), Level.TOWN, digest="0" * 64) for _ in range(2)]
    await site.take_in(*good)
    up = await site.inbox(Level.TOWN)
    await site.submit(Level.TOWN, up[0], bad[0], up[1], bad[1], up[2])
    for event in good:
        assert (await site.states(event.subject))["town"] == 1
    for event in bad:
        assert [code for *_, code in await site.receipts(event.subject)] == ["digest-mismatch"]
    assert len(await site.inbox(Level.COUNTY)) == 3


async def test_an_unknown_division_waits_until_the_copy_has_read_what_the_registry_published(
    empty_site, make_case
) -> None:
    partition = TopicPartition(DIVISION_TOPIC, 0)
    asked: list[int] = []

    async def published() -> Mapping[TopicPartition, int]:
        asked.append(1)
        if len(asked) == 2:
            await empty_site.register(VILLAGE)
            async with empty_site.db.transaction() as conn:
                await advance(conn, DIRECTORY_GROUP, {partition: (None, 5)})
        return {partition: 5}

    empty_site.check = DirectoryCheck(published, patience_seconds=0.1)
    case = make_case(VILLAGE)
    with pytest.raises(DirectoryBehind):
        await empty_site.take_in(case)
    assert await empty_site.receipts(case.subject) == []
    await empty_site.take_in(case)
    assert await empty_site.states(case.subject) == {"village": 1}


async def test_the_copy_may_catch_up_with_the_only_connection_that_the_pool_has(empty_site, make_case) -> None:
    """The directory's consumer shares the pool of whoever waits for it."""
    partition = TopicPartition(DIVISION_TOPIC, 0)

    async def published() -> Mapping[TopicPartition, int]:
        return {partition: 1}

    whole, narrow = empty_site.db, Database(empty_site.db.url, pool_size=1, pool_timeout_seconds=2)
    empty_site.db, empty_site.check = narrow, DirectoryCheck(published, patience_seconds=10)
    case = make_case(VILLAGE)
    try:
        waiting = asyncio.create_task(empty_site.take_in(case))
        await asyncio.sleep(0.1)
        await empty_site.register(VILLAGE)
        async with narrow.transaction() as conn:
            await advance(conn, DIRECTORY_GROUP, {partition: (None, 1)})
        async with asyncio.timeout(10):
            await waiting
    finally:
        await narrow.dispose()
        empty_site.db = whole
    assert await empty_site.states(case.subject) == {"village": 1}


async def test_what_is_unknown_here_and_there_is_asked_about_once(empty_site, make_case) -> None:
    asked: list[int] = []

    async def published() -> Mapping[TopicPartition, int]:
        asked.append(1)
        return {}

    empty_site.check = DirectoryCheck(published)
    first, second = make_case(VILLAGE), make_case(VILLAGE)
    for case in (first, second):
        await empty_site.take_in(case)
        assert [code for *_, code in await empty_site.receipts(case.subject)] == ["division-unknown"]
    assert len(asked) == 2


async def test_the_copy_may_catch_up_while_the_batch_waits(empty_site, make_case) -> None:
    partition = TopicPartition(DIVISION_TOPIC, 0)

    async def published() -> Mapping[TopicPartition, int]:
        return {partition: 1}

    empty_site.check = DirectoryCheck(published, patience_seconds=10)
    case = make_case(VILLAGE)

    async def feed() -> None:
        await empty_site.register(VILLAGE)
        async with empty_site.db.transaction() as conn:
            await advance(conn, DIRECTORY_GROUP, {partition: (None, 1)})

    waiting = asyncio.create_task(empty_site.take_in(case))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    await feed()
    await waiting
    assert await empty_site.states(case.subject) == {"village": 1}
