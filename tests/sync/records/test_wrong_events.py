"""Wrong events in a tier's inbox: poison with its own code; what can be read but not believed is test_rejections'."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from common.bus import Received
from common.consumer import PoisonMessage, decode
from common.contracts import contracts_of
from common.contracts.sync import RECORD_SUBMITTED, inbox_topic
from common.divisions import Level
from common.events import Event
from common.ids import uuid7

VILLAGE, TOWN = "440305001001", "440305001000"
ACCEPTS = contracts_of([RECORD_SUBMITTED])
SCHEMA, TYPE, ATTRIBUTE = "event.schema-violation", "event.type-unknown", "event.attribute-mismatch"


def data(**changes: Any) -> Callable[[Event], Event]:
    """Other data; `...` leaves a member out."""

    def change(event: Event) -> Event:
        said = {**json.loads(event.data), **changes}
        return replace(event, data=json.dumps({name: part for name, part in said.items() if part is not ...}).encode())

    return change


def envelope(**changes: Any) -> Callable[[Event], Event]:
    return lambda event: replace(event, **changes)


WRONG: dict[str, tuple[Callable[[Event], Event], str]] = {
    "a domain event": (envelope(type="casework.case.registered.v1"), TYPE),
    "an accepted record": (envelope(type="sync.record.accepted.v1"), TYPE),
    "a receipt": (envelope(type="sync.receipt.issued.v1"), TYPE),
    "a future version": (envelope(type="sync.record.submitted.v2"), TYPE),
    "a digest too short": (data(digest="0" * 63), SCHEMA),
    "a digest in capitals": (data(digest="A" * 64), SCHEMA),
    "no digest": (data(digest=...), SCHEMA),
    "a record type in capitals": (data(record_type="CASE"), SCHEMA),
    "a record type that is SQL": (data(record_type="casework.case'; --"), SCHEMA),
    "a record id that is none": (data(record_id="1"), SCHEMA),
    "version zero": (data(version=0), SCHEMA),
    "version true": (data(version=True), SCHEMA),
    "version as a text": (data(version="1"), SCHEMA),
    "version as a fraction": (data(version=1.5), SCHEMA),
    "a level that is none": (data(to_level="street"), SCHEMA),
    "a sender that is no division": (data(from_division="440305"), SCHEMA),
    "a village of no town": (data(division="440305000001"), SCHEMA),
    "a time without an offset": (data(occurred_at="2026-03-02T09:00:00"), SCHEMA),
    "a time as a number": (data(occurred_at=1), SCHEMA),
    "no payload": (data(payload=...), SCHEMA),
    "a payload that is a list": (data(payload=[]), SCHEMA),
    "a payload that is a text": (data(payload="{}"), SCHEMA),
    "another division in the envelope": (envelope(division="440305001002"), ATTRIBUTE),
    "another level in the envelope": (envelope(level="county"), ATTRIBUTE),
    "another version in the envelope": (envelope(recordversion=2), ATTRIBUTE),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_cannot_be_a_submitted_record_is_poison(make_case, submitted, name: str) -> None:
    change, code = WRONG[name]
    event = change(submitted(make_case(VILLAGE), Level.TOWN))
    with pytest.raises(PoisonMessage) as poison:
        decode(Received(inbox_topic(Level.TOWN), *event.to_kafka()), ACCEPTS)
    assert poison.value.code == code
    assert poison.value.reason


@pytest.mark.parametrize("attribute", ["subject", "partitionkey"])
async def test_an_envelope_of_another_record_is_poison_and_writes_nothing(
    site, make_case, submitted, attribute: str
) -> None:
    event = replace(submitted(make_case(VILLAGE), Level.TOWN), **{attribute: str(uuid7())})
    with pytest.raises(PoisonMessage, match="attribute-mismatch"):
        await site.submit(Level.TOWN, event)
    for table in ("receipts", "level_states", "record_payloads", "outbox"):
        assert await site.value(f"SELECT count(*) FROM {table}") == 0


async def test_a_record_type_that_this_release_does_not_know_travels_on(site, make_case, submitted) -> None:
    """Sites are not upgraded on one day: a level passes on what it cannot name, and answers it like everything else."""
    event = submitted(make_case(VILLAGE), Level.TOWN, record_type="future.thing", event_type="future.thing.made.v1")
    await site.submit(Level.TOWN, event)
    await site.climb(Level.COUNTY, Level.CITY, Level.PROVINCE)
    assert await site.states(event.subject) == dict.fromkeys(("town", "county", "city", "province"), 1)
    assert {outcome for _, _, outcome, _ in await site.receipts(event.subject)} == {"accepted"}
