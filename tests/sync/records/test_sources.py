"""Which records go up, by which intake, and that none of them holds up another."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from common.bus import TopicPartition
from common.contracts import CONTRACTS
from common.contracts.casework import Duty
from common.contracts.casework.ratings import RatingState
from common.contracts.registry.readiness import ReadinessState
from common.contracts.sync import INTAKES, PAST_THE_HIERARCHY, accepted_topic, inbox_topic
from common.contracts.topics import TOPICS
from common.divisions import LEVELS, Level, level_of
from common.events import Event
from common.ids import uuid7
from common.inbox import StoredPositions, advance
from common.process import Context
from common.testing.databases import OPEN_TRANSACTIONS
from common.testing.events import INSTANT
from sync.records.domain import RECORD_LABELS, RECORD_TYPE_OF, intake_topics, travelling
from sync.records.pace import Pace
from sync.settings import SyncSettings
from sync.worker import consumers

MIGRATIONS = Path(__import__("sync").__path__[0]) / "migrations"
VILLAGE = "440305001001"
UP = ["village", "town", "county", "city", "province"]


def readiness(division: str = VILLAGE, *, version: int = 1) -> Event:
    state = ReadinessState(
        id=uuid7(), version=version, office_id=uuid7(), division=division, level=level_of(division),
        effective_on=date(2026, 3, 2), status="ready", rules_on=date(2026, 3, 2), criteria=(),
    )  # fmt: skip
    return Event(
        id=str(uuid7()), type="registry.readiness.changed.v1", source="/jiceng/registry", subject=str(state.id),
        time=INSTANT, division=division, level=str(state.level), recordversion=version, partitionkey=str(state.id),
        data=state.to_bytes(),
    )  # fmt: skip


def test_each_record_is_taken_in_once_and_has_what_the_intake_asks_for() -> None:
    named = [name for one in INTAKES.values() for name in one.records]
    assert len(named) == len(set(named)) == len(RECORD_LABELS)
    assert set(named) >= PAST_THE_HIERARCHY
    for event_type, name in RECORD_TYPE_OF.items():
        assert {"id", "version", "division", "level"} <= CONTRACTS[event_type].model.model_fields.keys(), name
        assert RECORD_LABELS[name]


def test_every_intake_is_announced_as_a_reader_of_its_topics() -> None:
    groups = {topic.name: topic.groups for topic in TOPICS}
    for group in INTAKES:
        for topic in intake_topics(group):
            assert group in groups[topic]
    read = [topic for group in INTAKES for topic in intake_topics(group)]
    assert len(read) == len(set(read))


async def test_the_standing_of_an_office_goes_up_like_a_case(site: Any) -> None:
    """Its state has a day and no instant: the event's time is when it happened."""
    told = readiness()
    await site.take_in(told)
    await site.climb()
    assert await site.receipts(told.subject) == [(level, 1, "accepted", None) for level in UP]
    (row,) = await site.outbox(accepted_topic(Level.PROVINCE))
    said = json.loads(row["data"])
    assert (said["record_type"], said["payload"]["status"]) == ("registry.readiness", "ready")


def rating(**changes: Any) -> RatingState:
    identity = uuid7()
    values: dict[str, Any] = {
        "id": identity, "version": 1, "division": VILLAGE, "level": level_of(VILLAGE), "changed_at": INSTANT,
        "case_id": uuid7(), "item_code": "E01", "duty": get_args(Duty)[0], "occasion": "matter", "number": 1,
        "rating": "satisfied", "channel": "mobile", "rated_at": INSTANT, "rated_on": date(2026, 3, 2),
        "rated_accounts": ("clerk-1",), "terminal": "terminal-7", "status": "counted",
    }  # fmt: skip
    return RatingState(**{**values, **changes})


async def test_a_rating_goes_up_without_its_case_and_without_who_served(site: Any) -> None:
    """Source: O4.3f: whoever reads the stream of the office that was rated does not learn who rated."""
    state = rating()
    told = Event(
        id=str(uuid7()), type="casework.rating.changed.v1", source="/jiceng/casework", subject=str(state.id),
        time=INSTANT, division=VILLAGE, level="village", recordversion=1, partitionkey=str(state.id),
        data=state.to_bytes(),
    )  # fmt: skip
    await site.take_in(told, told)
    await site.climb()
    written = await site.rows("SELECT data FROM record_payloads UNION ALL SELECT data FROM outbox")
    assert not [
        row for row in written if any(one in row["data"] for one in (str(state.case_id), "clerk-1", "terminal-7"))
    ]
    (row,) = await site.outbox(accepted_topic(Level.TOWN))
    said = RatingState.model_validate(json.loads(row["data"])["payload"], strict=False)
    assert said == state.model_copy(update={"case_id": state.id, "rated_accounts": (), "terminal": None})
    assert set(await site.states(state.id)) == set(UP)


def test_a_complaint_goes_up_without_the_accused_account_and_all_else_as_it_is() -> None:
    """Source: O4.3f."""
    assert travelling("casework.complaint", {"id": "1", "accused_account": "a", "status": "closed"}) == {
        "id": "1", "accused_account": None, "status": "closed",
    }  # fmt: skip
    assert travelling("casework.assist-task", {"id": "1", "case_id": "2"}) == {"id": "1", "case_id": "2"}


@pytest.mark.parametrize("group", sorted(INTAKES))
async def test_a_release_that_adds_a_source_reads_its_topic_from_the_beginning(site: Any, group: str) -> None:
    """The group goes on where it was on the topics that it knows; a topic without a position begins at the beginning."""
    known, *_ = intake_topics(group)
    async with site.db.transaction() as conn:
        await advance(conn, group, {TopicPartition(known, 0): (None, 41)})
    new = TopicPartition("jiceng.casework.added-by-a-release.v1", 0)
    positions = StoredPositions(site.db, group)
    assert await positions.load([TopicPartition(known, 0), new]) == {TopicPartition(known, 0): 41}
    assert positions.expected[new] is None


class Inboxes:
    """What lies in front of the tiers, as the bus would tell."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.asked = 0

    async def ends(self, topics: Any) -> Mapping[TopicPartition, int]:
        self.asked += 1
        assert set(topics) == {inbox_topic(level) for level in LEVELS[:-1]}
        return {TopicPartition(inbox_topic(Level.TOWN), 0): self.waiting}


async def test_bulk_waits_while_much_lies_in_front_of_a_tier_and_goes_in_when_it_has_drained(site: Any) -> None:
    inboxes = Inboxes(2_001)
    work = asyncio.create_task(Pace(LEVELS, inboxes.ends, patience_seconds=30).wait(site.db))
    while inboxes.asked < 2:
        await asyncio.sleep(0)
    assert not work.done()
    inboxes.waiting = 2_000
    async with asyncio.timeout(10):
        await work


async def test_a_poison_message_among_bulk_does_not_make_its_batch_wait_again_for_each_of_them(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the relay that would wait: its window stays before the oldest transaction that has written."""
    waits: list[int] = []

    async def note(_: Pace, db: Any) -> None:
        waits.append(await site.value(OPEN_TRANSACTIONS))

    monkeypatch.setattr(Pace, "wait", note)
    context = Context("sync", SyncSettings.offline(), MIGRATIONS)
    runner = next(one for one in consumers(context) if one.group == "sync-intake-registry")
    monkeypatch.setattr(runner, "_db", site.db)
    torn = readiness()
    torn = replace(torn, partitionkey=str(uuid7()))
    told = [readiness(), torn, readiness(), readiness()]
    messages = [site.received("jiceng.registry.readiness.v1", event) for event in told]
    messages = [replace(one, offset=place) for place, one in enumerate(messages)]
    await runner._take(StoredPositions(site.db, runner.group), messages)
    await context.stop()
    assert waits == [0]
    assert await site.value("SELECT count(*) FROM level_states") == 3
    assert await site.value("SELECT count(*) FROM dead_letters") == 1


async def test_what_a_tier_has_taken_does_not_count_as_waiting(site: Any) -> None:
    async with site.db.transaction() as conn:
        await advance(conn, "sync-tier-town", {TopicPartition(inbox_topic(Level.TOWN), 0): (None, 9_000)})
    inboxes = Inboxes(10_000)
    async with asyncio.timeout(10):
        await Pace(LEVELS, inboxes.ends, patience_seconds=30).wait(site.db)
    assert inboxes.asked == 1


async def test_a_tier_that_is_down_delays_bulk_and_does_not_stop_it(site: Any) -> None:
    inboxes = Inboxes(1_000_000)
    async with asyncio.timeout(10):
        await Pace(LEVELS, inboxes.ends, patience_seconds=0.15).wait(site.db)
    assert inboxes.asked > 1


async def test_a_site_without_tiers_that_receive_has_nothing_to_wait_for(site: Any) -> None:
    async def never(_: Any) -> Mapping[TopicPartition, int]:
        raise AssertionError

    await Pace([Level.VILLAGE], never).wait(site.db)
