"""The way down against a real database: every addressed node once, level by level, whatever happens on the way."""

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from common.consumer import PoisonMessage
from common.contracts import CONTRACTS
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.sync import DISPATCH_LEVELS, DeliveredDispatch, SentDispatch
from common.contracts.topics import DISPATCHING_GROUP, TOPICS
from common.divisions import Level, ancestors_of, parent_of
from common.events import Event
from sync.records.domain import content_of

PROVINCE, SHENZHEN, NANSHAN, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
VILLAGES = {"440305001001", "440305001002"}
DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE = "441900000000", "441900003000", "441900003001"
EVERYBODY = {SHENZHEN, NANSHAN, TOWN, *VILLAGES, DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE}


def addressed(nodes: dict[str, bool]) -> set[str]:
    return {node for node, is_addressed in nodes.items() if is_addressed}


async def test_a_circular_to_all_reaches_every_office_level_by_level(tree: Any, document: Any) -> None:
    """Each level has it before the one below it is sent it; 东莞 has no county and is not held up by one."""
    told = document()
    await tree.send(told)
    assert await tree.nodes(told) == {}
    reached: set[str] = set()
    for level, now in [
        (Level.CITY, {SHENZHEN, DONGGUAN}),
        (Level.COUNTY, {NANSHAN}),
        (Level.TOWN, {TOWN, DONGGUAN_TOWN}),
        (Level.VILLAGE, {*VILLAGES, DONGGUAN_VILLAGE}),
    ]:
        assert {event.division for event in await tree.sent(level)} >= now - {TOWN}
        await tree.descend(level)
        reached |= now
        assert set(await tree.nodes(told)) == reached
    assert addressed(await tree.nodes(told)) == EVERYBODY
    assert sorted(event.division for event in await tree.receipts()) == sorted(EVERYBODY)


async def test_every_message_keeps_its_contract_and_carries_the_whole_version(
    tree: Any, document: Any, id_of: Any
) -> None:
    told = document(NANSHAN, DONGGUAN_VILLAGE, down_to=Level.TOWN, sign_by=date(2026, 3, 20))
    await tree.send(told)
    await tree.descend()
    payload = json.loads(told.data)
    seen = [event for level in DISPATCH_LEVELS for event in await tree.sent(level)]
    for event in seen:
        said = SentDispatch.model_validate_json(event.data)
        assert (said.payload, said.digest) == (payload, content_of(payload).digest.hex())
        assert (said.dispatch_id, said.sender, said.to_division) == (id_of(told), PROVINCE, event.division)
        assert (event.subject, event.partitionkey, event.recordversion) == (told.subject, event.division, 1)
        assert said.from_division == parent_of(said.to_division)
        assert json.loads(event.data)["payload"]["dispatch"]["sign_by"] == "2026-03-20"
    assert {(event.division, SentDispatch.model_validate_json(event.data).is_addressed) for event in seen} == {
        (SHENZHEN, False), (NANSHAN, True), (TOWN, True), (DONGGUAN, False), (DONGGUAN_TOWN, False),
        (DONGGUAN_VILLAGE, True),
    }  # fmt: skip
    told_back = [DeliveredDispatch.model_validate_json(event.data) for event in await tree.receipts()]
    assert {one.division for one in told_back} == {NANSHAN, TOWN, DONGGUAN_VILLAGE}, (
        "who only hands it on tells nothing"
    )


@pytest.mark.parametrize(
    ("sender", "to", "down_to", "expected"),
    [
        (PROVINCE, [PROVINCE], Level.CITY, {SHENZHEN, DONGGUAN}),
        (PROVINCE, [DONGGUAN], Level.VILLAGE, {DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE}),
        (SHENZHEN, [SHENZHEN], Level.COUNTY, {NANSHAN}),
        (NANSHAN, ["440305001001"], Level.VILLAGE, {"440305001001"}),
        (DONGGUAN, [DONGGUAN], Level.COUNTY, set()),
        (PROVINCE, [TOWN], Level.COUNTY, {TOWN}),
        (PROVINCE, [SHENZHEN, NANSHAN], Level.TOWN, {SHENZHEN, NANSHAN, TOWN}),
    ],
)
async def test_the_addressed_and_nobody_else(
    tree: Any, document: Any, sender: str, to: list[str], down_to: Level, expected: set[str]
) -> None:
    told = document(*to, sender=sender, down_to=down_to)
    await tree.send(told)
    await tree.descend()
    nodes = await tree.nodes(told)
    assert addressed(nodes) == expected
    between = {code for node in expected for code in ancestors_of(node)}
    assert set(nodes) - expected <= between, "only who stands between hands it on"


async def test_a_version_without_an_order_goes_nowhere(tree: Any, document: Any) -> None:
    await tree.send(document(is_sent=False))
    assert await tree.rows("SELECT 1 FROM dispatches") == []
    assert await tree.rows("SELECT 1 FROM outbox") == []


async def test_a_level_that_is_down_delays_its_subtree_and_nothing_else(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend(Level.CITY, Level.TOWN, Level.VILLAGE)
    assert set(await tree.nodes(told)) == {SHENZHEN, DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE}
    await tree.descend()
    assert addressed(await tree.nodes(told)) == EVERYBODY


async def test_redelivery_changes_nothing_and_sends_nothing_again(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    before, rows = await tree.picture(), await tree.rows("SELECT count(*) AS n FROM outbox")
    await tree.send(told, told)
    for level in reversed(DISPATCH_LEVELS):
        await tree.deliver(level, *(await tree.sent(level)), *(await tree.sent(level)))
    assert await tree.picture() == before
    assert await tree.rows("SELECT count(*) AS n FROM outbox") == rows


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_any_order_repetition_and_batching_ends_the_same(tree: Any, document: Any, seed: int) -> None:
    """Three versions with other addressees, shuffled, cut and repeated at every level."""
    dice = random.Random(seed)
    first = document()
    second = document(SHENZHEN, version=2, of=first.subject)
    third = document(version=3, of=first.subject, down_to=Level.TOWN)
    other = document(NANSHAN, sender=SHENZHEN)
    versions = [first, second, third, other]

    async def shuffled(deliver: Any, events: list[Event]) -> None:
        stream = events + dice.choices(events, k=3)
        dice.shuffle(stream)
        while stream:
            size = dice.randint(1, 4)
            await deliver(*stream[:size])
            stream = stream[size:]

    await shuffled(tree.send, versions)
    for level in DISPATCH_LEVELS:
        await shuffled(lambda *events, at=level: tree.deliver(at, *events), await tree.sent(level))
    assert addressed(await tree.nodes(first)) == EVERYBODY
    assert addressed(await tree.nodes(second)) == {SHENZHEN, NANSHAN, TOWN, *VILLAGES}
    assert addressed(await tree.nodes(third)) == EVERYBODY - VILLAGES - {DONGGUAN_VILLAGE}
    rows = await tree.rows(
        "SELECT version, node, superseded_by FROM dispatch_nodes JOIN dispatches d ON d.id = dispatch_id WHERE d.record_id = $1",
        UUID(first.subject),
    )
    newest = dict.fromkeys(EVERYBODY, 3) | dict.fromkeys(VILLAGES, 2) | {DONGGUAN_VILLAGE: 1}
    for row in rows:
        assert row["superseded_by"] == (newest[row["node"]] if row["version"] < newest[row["node"]] else None), row
    for level in DISPATCH_LEVELS:
        sent = [(event.subject, event.recordversion, event.division) for event in await tree.sent(level)]
        assert len(sent) == len(set(sent))
    receipts = [(event.subject, event.recordversion, event.division) for event in await tree.receipts()]
    assert len(receipts) == len(set(receipts))


async def test_a_newer_version_supersedes_and_the_old_one_stays(tree: Any, document: Any) -> None:
    first = document()
    await tree.send(first)
    await tree.descend(Level.CITY)
    second = document(version=2, of=first.subject, title="更正：关于加强基层服务平台建设的通知")
    await tree.send(second)
    await tree.descend()
    assert set(await tree.nodes(first)) == EVERYBODY
    rows = await tree.rows(
        "SELECT DISTINCT d.version, n.superseded_by FROM dispatch_nodes n JOIN dispatches d ON d.id = n.dispatch_id ORDER BY 1"
    )
    assert [tuple(row.values()) for row in rows] == [(1, 2), (2, None)]
    assert len(await tree.rows("SELECT data FROM dispatches")) == 2


async def test_a_newer_version_counts_where_it_has_arrived(tree: Any, document: Any) -> None:
    """A city that has the first version and not yet the second signs for the first."""
    first = document()
    second = document(version=2, of=first.subject)
    await tree.send(first, second)
    both = await tree.sent(Level.CITY)
    superseded = "SELECT count(*) AS n FROM dispatch_nodes WHERE superseded_by IS NOT NULL"
    await tree.deliver(Level.CITY, *(event for event in both if event.recordversion == 1))
    assert await tree.rows(superseded) == [{"n": 0}]
    await tree.deliver(Level.CITY, *(event for event in both if event.recordversion == 2))
    assert await tree.rows(superseded) == [{"n": 2}]


async def test_a_batch_that_is_taken_back_is_delivered_whole_the_next_time(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)

    async def killed(conn: Any, batch: Any) -> None:
        from sync.dispatches.consumers import dispatch_tier

        await dispatch_tier(Level.CITY, tree.part)(conn, batch)
        raise ZeroDivisionError

    batch = [
        tree._delivered(event, {"sync.dispatch.sent.v1": CONTRACTS["sync.dispatch.sent.v1"]})
        for event in await tree.sent(Level.CITY)
    ]
    with pytest.raises(ZeroDivisionError):
        await tree.apply(killed, batch)
    assert await tree.nodes(told) == {}
    assert await tree.sent(Level.COUNTY) == []
    await tree.descend()
    assert addressed(await tree.nodes(told)) == EVERYBODY


async def test_offices_that_are_closed_and_places_without_one_are_not_addressed(ladder: Any, document: Any) -> None:
    """A division without an office has nobody who signs; what is for those below it passes all the same."""
    await ladder.open(PROVINCE, SHENZHEN, NANSHAN, *VILLAGES)
    await ladder.open(TOWN, status="closed")
    told = document()
    await ladder.send(told)
    await ladder.descend()
    assert await ladder.nodes(told) == {
        SHENZHEN: True, NANSHAN: True, TOWN: False, **dict.fromkeys(VILLAGES, True),
    }  # fmt: skip


async def test_a_root_that_is_no_more_means_the_one_that_took_over(tree: Any, document: Any) -> None:
    """Source: standards.md §1 (Order 79): routes follow the tree of today."""
    async with tree.db.transaction() as conn:
        await conn.execute("INSERT INTO directory_heirs VALUES ('440306001000', $1)", TOWN)
    told = document("440306001000")
    await tree.send(told)
    await tree.descend()
    assert addressed(await tree.nodes(told)) == {TOWN, *VILLAGES}


async def test_a_federated_city_notes_its_part_and_leaves_the_others_alone(
    tree: Any, document: Any, site_of: Any
) -> None:
    """The provincial site sends to the cities; the city's site knows at once whom it has to reach."""
    provincial = site_of([Level.PROVINCE])
    told = document()
    await provincial.send(told)
    to_cities = await provincial.sent(Level.CITY)
    async with tree.db.transaction() as conn:
        for table in ("dispatch_nodes", "dispatches"):
            await conn.execute(f"DELETE FROM {table}")
    city = site_of(DISPATCH_LEVELS, SHENZHEN)
    await city.deliver(Level.CITY, *to_cities)
    assert set(await city.nodes(told, "true")) == {SHENZHEN, NANSHAN, TOWN, *VILLAGES}
    assert [event.division for event in await city.sent(Level.COUNTY)] == [NANSHAN]
    await city.descend(Level.COUNTY, Level.TOWN, Level.VILLAGE)
    assert addressed(await city.nodes(told)) == {SHENZHEN, NANSHAN, TOWN, *VILLAGES}


async def test_receipts_of_other_sites_are_counted_where_it_came_from(tree: Any, document: Any, site_of: Any) -> None:
    provincial = site_of([Level.PROVINCE])
    told = document()
    await provincial.send(told)
    await tree.descend()
    receipts = await tree.receipts()
    async with tree.db.transaction() as conn:
        await conn.execute("UPDATE dispatch_nodes SET delivered_at = NULL, sent_at = NULL")
    dice = random.Random(5)
    dice.shuffle(receipts)
    await provincial.learn(*receipts, *receipts[:3])
    assert addressed(await provincial.nodes(told)) == EVERYBODY
    before = await provincial.picture()
    await provincial.learn(*receipts)
    assert await provincial.picture() == before


async def test_a_receipt_of_a_node_that_this_site_did_not_expect_is_kept(tree: Any, document: Any) -> None:
    told = document(SHENZHEN)
    await tree.send(told)
    await tree.descend(Level.CITY)
    (receipt,) = await tree.receipts()
    newcomer = "440305001009"
    said = json.loads(receipt.data) | {"division": newcomer, "level": "village"}
    await tree.learn(
        replace(receipt, division=newcomer, level="village", partitionkey=newcomer, data=json.dumps(said).encode())
    )
    assert (await tree.nodes(told))[newcomer] is True
    unknown = said | {"dispatch_id": told.subject}
    await tree.learn(
        replace(receipt, division=newcomer, level="village", partitionkey=newcomer, data=json.dumps(unknown).encode())
    )
    assert await tree.rows("SELECT 1 FROM dispatch_nodes WHERE dispatch_id = $1", UUID(told.subject)) == []


def said(event: Event, **changes: Any) -> Event:
    data = json.loads(event.data)
    data.update(changes)
    return replace(event, data=json.dumps(data).encode())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"digest": "0" * 64}, "sync.dispatch.digest-mismatch"),
        ({"to_level": "county"}, "sync.dispatch.node-off-path"),
        ({"from_division": NANSHAN, "from_level": "county"}, "sync.dispatch.node-off-path"),
        ({"from_division": "440400000000", "from_level": "city"}, "sync.dispatch.node-off-path"),
        ({"to_division": DONGGUAN}, "sync.dispatch.node-off-path"),
        ({"dispatch_id": "00000000-0000-4000-8000-000000000001"}, "sync.dispatch.content-mismatch"),
        ({"record_type": "reporting.circular"}, "sync.dispatch.content-mismatch"),
        ({"sender": SHENZHEN}, "sync.dispatch.content-mismatch"),
    ],
)
async def test_what_cannot_be_believed_is_set_aside(
    tree: Any, document: Any, changes: dict[str, Any], code: str
) -> None:
    await tree.send(document(SHENZHEN))
    (sent,) = await tree.sent(Level.CITY)
    with pytest.raises(PoisonMessage) as caught:
        await tree.deliver(Level.CITY, said(sent, **changes))
    assert caught.value.code == code
    assert await tree.rows("SELECT 1 FROM dispatch_nodes WHERE delivered_at IS NOT NULL") == []


async def test_an_altered_order_is_found_by_the_digest(tree: Any, document: Any) -> None:
    """Nobody on the way widens or narrows who is addressed."""
    await tree.send(document(SHENZHEN))
    (sent,) = await tree.sent(Level.CITY)
    payload = json.loads(sent.data)["payload"]
    payload["dispatch"]["to"] = [PROVINCE]
    with pytest.raises(PoisonMessage, match="digest-mismatch"):
        await tree.deliver(Level.CITY, said(sent, payload=payload))


async def test_an_order_that_is_not_readable_is_set_aside(tree: Any, document: Any) -> None:
    await tree.send(document(SHENZHEN))
    (sent,) = await tree.sent(Level.CITY)
    payload = json.loads(sent.data)["payload"]
    for wrong in (None, {"title": "x"}):
        payload["dispatch"] = wrong
        with pytest.raises(PoisonMessage, match="order-unreadable"):
            await tree.deliver(Level.CITY, said(sent, payload=payload, digest=content_of(payload).digest.hex()))


async def test_a_sender_addresses_nobody_beside_or_above(tree: Any, document: Any) -> None:
    with pytest.raises(PoisonMessage, match="addressee-outside"):
        await tree.send(document(DONGGUAN, sender=SHENZHEN))


async def test_one_version_with_two_contents_is_refused_and_the_first_stands(tree: Any, document: Any) -> None:
    first = document(SHENZHEN)
    await tree.send(first)
    with pytest.raises(PoisonMessage, match="version-conflict"):
        await tree.send(document(PROVINCE, of=first.subject))
    with pytest.raises(PoisonMessage, match="version-conflict"):
        two = [document(SHENZHEN), document(SHENZHEN)]
        await tree.send(two[0], document(PROVINCE, of=two[0].subject))
    assert addressed(await tree.nodes(first, "true")) == {SHENZHEN, NANSHAN, TOWN, *VILLAGES}


async def test_a_sender_that_another_site_hosts_is_poison_here(tree: Any, document: Any, site_of: Any) -> None:
    with pytest.raises(PoisonMessage, match="tier-not-hosted"):
        await site_of(DISPATCH_LEVELS, SHENZHEN).send(document())


def test_every_kind_that_may_go_down_is_read() -> None:
    """A state that gets the member later is a source by that alone."""
    groups = {topic.name: topic.groups for topic in TOPICS}
    assert {"reporting.circular", "reporting.order", "reporting.programme", "reporting.document"} <= {
        record.name for record in DISPATCHABLE
    }
    for record in DISPATCHABLE:
        assert DISPATCHING_GROUP in groups[record.topic]
        assert not record.model.model_fields["dispatch"].is_required()
