"""The way up against a real database: every level its own state, one receipt for every record, nothing skipped."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from common.consumer import PoisonMessage
from common.contracts.casework import CASE_ACCEPTED, CASE_CLOSED
from common.contracts.sync import (
    RECEIPTS_TOPIC,
    AcceptedRecord,
    Receipt,
    SubmittedRecord,
    accepted_topic,
    inbox_topic,
)
from common.divisions import LEVELS, Level, path_levels
from common.testing.events import INSTANT
from sync.records.domain import content_of

VILLAGE = "440305001001"
DONGGUAN = "441900003001"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UP = ["village", "town", "county", "city", "province"]


async def test_a_village_record_reaches_every_level_with_a_receipt_of_each(site, make_case) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    assert await site.states(case.subject) == {"village": 1}
    await site.climb()
    assert await site.states(case.subject) == dict.fromkeys(UP, 1)
    assert await site.receipts(case.subject) == [(level, 1, "accepted", None) for level in UP]


async def test_each_level_knows_only_what_it_has_accepted(site, make_case) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.climb(Level.TOWN)
    assert await site.states(case.subject) == {"village": 1, "town": 1}
    rows = await site.rows("SELECT level, node, division FROM level_states WHERE record_id = $1", UUID(case.subject))
    assert {row["level"]: row["node"] for row in rows} == {"village": VILLAGE, "town": "440305001000"}
    assert {row["division"] for row in rows} == {VILLAGE}


async def test_a_missing_county_is_skipped_and_nothing_else(site, make_case) -> None:
    case = make_case(DONGGUAN)
    await site.take_in(case)
    await site.climb()
    assert set(await site.states(case.subject)) == {"village", "town", "city", "province"}
    assert await site.inbox(Level.COUNTY) == []


@pytest.mark.parametrize("origin", ["440305001000", "440305000000", "440300000000", "440000000000", "441900003000"])
async def test_a_record_of_any_level_starts_there(site, make_case, origin: str) -> None:
    case = make_case(origin)
    await site.take_in(case)
    await site.climb()
    assert set(await site.states(case.subject)) == set(path_levels(origin))
    assert [level for level, *_ in await site.receipts(case.subject)] == list(path_levels(origin))


async def test_every_event_keeps_its_contract_and_says_the_same_as_the_record(site, make_case) -> None:
    case = make_case(VILLAGE, traceparent=TRACE)
    await site.take_in(case)
    await site.climb()
    payload = json.loads(case.data)
    digest = content_of(payload).digest.hex()
    for level in LEVELS:
        (row,) = await site.outbox(accepted_topic(level))
        record = AcceptedRecord.model_validate_json(row["data"])
        assert record.model_dump(mode="json", exclude={"routed_division"}) == json.loads(row["data"])
        assert (record.payload, record.digest, record.accepted_level) == (payload, digest, level)
        assert (record.occurred_at, record.event_type) == (INSTANT, case.type)
        assert (row["division"], row["level"], row["recordversion"]) == (VILLAGE, "village", 1)
        assert (row["subject"], row["partitionkey"], row["traceparent"]) == (case.subject, case.subject, TRACE)
        assert record.accepted_at == row["time"]
    for level in LEVELS[:-1]:
        (row,) = await site.outbox(inbox_topic(level))
        passed = SubmittedRecord.model_validate_json(row["data"])
        assert passed.model_dump(mode="json", exclude={"routed_division"}) == json.loads(row["data"])
        assert (passed.to_level, row["traceparent"]) == (level, TRACE)
    receipts = [Receipt.model_validate_json(row["data"]) for row in await site.outbox(RECEIPTS_TOPIC)]
    assert [receipt.receiver_level for receipt in receipts] == UP
    stored = {row["id"] for row in await site.rows("SELECT id FROM receipts")}
    assert {receipt.id for receipt in receipts} == stored
    assert len({row["event_id"] for row in await site.rows("SELECT event_id FROM outbox")}) == 5 + 4 + 5


async def test_a_payload_is_stored_once_per_site_and_byte_for_byte_what_its_digest_says(site, make_case) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.climb()
    (row,) = await site.rows("SELECT *, sha256(convert_to(data, 'UTF8')) AS computed FROM record_payloads")
    assert row["digest"] == row["computed"]
    assert json.loads(row["data"]) == json.loads(case.data)


async def test_fields_that_this_release_does_not_know_travel_on(site, make_case) -> None:
    case = make_case(VILLAGE)
    with_more = json.loads(case.data) | {"added_later": {"zeta": [1, 2.5], "alpha": "新"}}
    case = replace(case, data=json.dumps(with_more).encode())
    await site.take_in(case)
    await site.climb()
    (row,) = await site.outbox(accepted_topic(Level.PROVINCE))
    assert json.loads(row["data"])["payload"] == with_more


async def test_several_versions_in_one_batch_all_get_receipts_and_go_on_in_order(site, make_case) -> None:
    first = make_case(VILLAGE)
    identity = {"id": UUID(first.subject)}
    await site.take_in(first, make_case(VILLAGE, version=2, **identity), make_case(VILLAGE, version=3, **identity))
    await site.climb()
    assert await site.states(first.subject) == dict.fromkeys(UP, 3)
    assert await site.receipts(first.subject) == [
        (level, version, "accepted", None) for level in UP for version in (1, 2, 3)
    ]
    for level in LEVELS[:-1]:
        assert [event.recordversion for event in await site.inbox(level)] == [1, 2, 3]
    for level in LEVELS:
        assert [row["recordversion"] for row in await site.outbox(accepted_topic(level))] == [1, 2, 3]


async def test_redelivery_adds_receipts_and_nothing_else(site, make_case) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.climb()
    before = await site.rows("SELECT * FROM level_states ORDER BY level")
    await site.take_in(case, case)
    await site.submit(Level.COUNTY, *(await site.inbox(Level.COUNTY)))
    assert await site.rows("SELECT * FROM level_states ORDER BY level") == before
    assert (await site.receipts(case.subject))[5:] == [
        ("village", 1, "duplicate", "already-accepted"),
        ("village", 1, "duplicate", "already-accepted"),
        ("county", 1, "duplicate", "already-accepted"),
    ]
    assert len(await site.inbox(Level.TOWN)) == 1
    assert len(await site.inbox(Level.CITY)) == 1


async def test_an_older_version_that_comes_late_changes_nothing(site, make_case) -> None:
    first = make_case(VILLAGE)
    second = make_case(VILLAGE, version=2, id=UUID(first.subject))
    await site.take_in(second)
    await site.take_in(first)
    await site.climb()
    assert await site.states(first.subject) == dict.fromkeys(UP, 2)
    assert ("village", 1, "duplicate", "superseded") in await site.receipts(first.subject)
    assert [event.recordversion for event in await site.inbox(Level.TOWN)] == [2]


async def test_a_batch_of_old_new_and_repeated_versions_is_answered_one_by_one(site, make_case) -> None:
    first = make_case(VILLAGE)
    versions = {number: make_case(VILLAGE, version=number, id=UUID(first.subject)) for number in range(1, 6)}
    await site.take_in(versions[2])
    await site.take_in(versions[1], versions[2], versions[4], versions[3], versions[4], versions[5], versions[3])
    assert [(version, code) for _, version, _, code in await site.receipts(first.subject)] == [
        (2, None),
        (1, "superseded"),
        (2, "already-accepted"),
        (4, None),
        (3, "superseded"),
        (4, "already-accepted"),
        (5, None),
        (3, "superseded"),
    ]
    assert [event.recordversion for event in await site.inbox(Level.TOWN)] == [2, 4, 5]
    assert await site.states(first.subject) == {"village": 5}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_repetition_and_batching_ends_at_the_highest_version_everywhere(site, make_case, seed) -> None:
    """The pure rule holds on the tables too: random deliveries, cut at random, of which some come again at each tier."""
    dice = random.Random(seed)
    firsts = [make_case(place) for place in (VILLAGE, DONGGUAN, "440305000000")]
    made = [
        make_case(first.division, id=UUID(first.subject), version=version)
        for first in firsts
        for version in dice.sample(range(1, 8), 4)
    ]
    stream = made + dice.choices(made, k=8)
    dice.shuffle(stream)
    while stream:
        size = dice.randint(1, 6)
        await site.take_in(*stream[:size])
        stream = stream[size:]
    for level in reversed(LEVELS[:-1]):
        waiting = await site.inbox(level)
        again = waiting + dice.choices(waiting, k=3)
        while again:
            size = dice.randint(1, 6)
            await site.submit(level, *again[:size])
            again = again[size:]
    for first in firsts:
        highest = max(event.recordversion for event in made if event.subject == first.subject)
        assert await site.states(first.subject) == {str(hop): highest for hop in path_levels(first.division)}
    for level in LEVELS:
        passed = [(row["subject"], row["recordversion"]) for row in await site.outbox(accepted_topic(level))]
        assert len(passed) == len(set(passed))
        for first in firsts:
            versions = [version for subject, version in passed if subject == first.subject]
            assert versions == sorted(versions)


async def test_records_of_many_places_and_levels_share_one_batch(site, make_case) -> None:
    cases = [make_case(place) for place in (VILLAGE, DONGGUAN, "440300000000", "440000000000", VILLAGE)]
    await site.take_in(*cases)
    await site.climb()
    assert await site.value("SELECT count(*) FROM level_states WHERE level = 'province'") == 5
    assert await site.value("SELECT count(*) FROM level_states WHERE level = 'county'") == 2
    assert await site.value("SELECT count(*) FROM receipts WHERE outcome = 'accepted'") == 5 + 4 + 2 + 1 + 5


async def test_later_events_of_a_case_carry_their_own_type(site, make_case) -> None:
    first = make_case(VILLAGE)
    accepted = make_case(VILLAGE, version=2, id=UUID(first.subject), status="accepted", accepted_at=INSTANT)
    closed = make_case(VILLAGE, version=3, id=UUID(first.subject), status="closed", closed_at=INSTANT)
    accepted, closed = (replace(event, type=kind) for event, kind in ((accepted, CASE_ACCEPTED), (closed, CASE_CLOSED)))
    await site.take_in(first, accepted, closed)
    rows = await site.rows("SELECT event_type FROM record_payloads ORDER BY version")
    assert [row["event_type"] for row in rows] == [first.type, CASE_ACCEPTED, CASE_CLOSED]


async def test_an_origin_whose_tier_is_elsewhere_is_poison_here(site, make_case) -> None:
    with pytest.raises(PoisonMessage, match="tier-not-hosted"):
        await site.take_in(make_case(VILLAGE), tiers=(Level.PROVINCE,))
    assert await site.value("SELECT count(*) FROM receipts") == 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_data_without_one_json_form_is_poison(site, make_case, number: str) -> None:
    case = make_case(VILLAGE)
    data = case.data[:-1] + f',"odd":{number}}}'.encode()
    case = replace(case, data=data)
    with pytest.raises(PoisonMessage, match="schema-violation"):
        await site.take_in(case)


@pytest.mark.parametrize("time", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
async def test_times_that_have_no_day_in_beijing_are_poison(site, make_case, submitted, time: datetime) -> None:
    with pytest.raises(PoisonMessage, match="schema-violation"):
        await site.take_in(make_case(VILLAGE, time=time))
    passed = submitted(make_case(VILLAGE), Level.TOWN)
    written = json.dumps(time.isoformat()).encode()
    wrong = replace(passed, data=passed.data.replace(b'"2026-03-02T09:00:00+08:00"', written, 1))
    with pytest.raises(PoisonMessage, match="schema-violation"):
        await site.submit(Level.TOWN, wrong)


async def test_a_subject_that_is_not_the_record_is_poison(site, make_case) -> None:
    case, other = make_case(VILLAGE), make_case(VILLAGE)
    case = replace(case, subject=other.subject)
    with pytest.raises(PoisonMessage, match="attribute-mismatch"):
        await site.take_in(case)
