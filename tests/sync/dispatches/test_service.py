"""Following the tree and reminding: newcomers get what is in force, nobody is asked twice or for nothing."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from common.bus import Received
from common.consumer import decode
from common.contracts import contracts_of
from common.contracts.registry import DIVISION_CHANGED, OFFICE_CHANGED, DivisionState, OfficeState
from common.contracts.sync import DISPATCH_LEVELS, DISPATCH_REMINDERS_TOPIC, RemindedDispatch
from common.divisions import LEVELS, Level, level_of, parent_of
from common.events import Event
from common.ids import uuid7
from common.testing.events import INSTANT
from sync.dispatches.consumers import keep_directory
from sync.dispatches.service import Move, Site, follow_moves, note_moves, remind

PROVINCE, SHENZHEN, NANSHAN, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
VILLAGES = ("440305001001", "440305001002")
DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE = "441900000000", "441900003000", "441900003001"
NEW_TOWN, NEW_VILLAGE = "440305009000", "440305009001"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


async def follow(tree: Any, *, limit: int = 100, part: Site | None = None) -> bool:
    async with tree.db.transaction() as conn:
        return await follow_moves(conn, part or tree.part, limit=limit)


async def moved(tree: Any, *moves: Move) -> None:
    async with tree.db.transaction() as conn:
        await note_moves(conn, moves)


async def appear(tree: Any, *codes: str) -> None:
    await tree.open(*codes)
    await moved(tree, *(Move(code, TODAY) for code in codes))


async def test_a_new_town_gets_what_is_in_force_and_hands_it_on(tree: Any, document: Callable[..., Event]) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    await appear(tree, NEW_TOWN, NEW_VILLAGE)
    assert await follow(tree) is False
    nodes = await tree.nodes(told, "sent_at IS NOT NULL")
    assert NEW_TOWN in nodes
    assert NEW_VILLAGE not in nodes, "its town has it first"
    await tree.descend()
    assert {NEW_TOWN, NEW_VILLAGE} <= (await tree.nodes(told)).keys()


async def test_who_appears_while_the_level_above_waits_gets_it_with_the_others(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await appear(tree, NEW_TOWN)
    await follow(tree)
    assert await tree.sent(Level.TOWN) == []
    await tree.descend()
    assert [event.division for event in await tree.sent(Level.TOWN)].count(NEW_TOWN) == 1


async def test_a_new_city_is_sent_to_by_the_sender(tree: Any, document: Any) -> None:
    told = document(down_to=Level.CITY)
    await tree.send(told)
    await appear(tree, "440400000000", "440402000000")
    await follow(tree)
    assert [event.division for event in await tree.sent(Level.CITY)][-1] == "440400000000"
    assert "440402000000" not in await tree.nodes(told, "true"), "the county is not addressed"


async def test_only_the_newest_version_and_nothing_that_has_ended_is_for_newcomers(tree: Any, document: Any) -> None:
    first, ended = document(), document()
    await tree.send(first, ended)
    second = document(version=2, of=first.subject)
    withdrawn = document(version=2, of=ended.subject, status="withdrawn")
    await tree.send(second, withdrawn)
    await tree.descend()
    await appear(tree, NEW_TOWN)
    await follow(tree)
    await tree.descend()
    has = [NEW_TOWN in await tree.nodes(one, "true") for one in (first, second, ended, withdrawn)]
    assert has == [False, True, False, False]


async def test_a_record_that_ends_without_being_sent_again_is_not_for_newcomers(tree: Any, document: Any) -> None:
    """An order is closed, a document is withdrawn inside the office: whoever comes later gets nothing of it."""
    told = document()
    await tree.send(told, document(version=2, of=told.subject, is_sent=False))
    await appear(tree, NEW_TOWN)
    await follow(tree)
    assert NEW_TOWN in await tree.nodes(told, "true")
    await tree.send(document(version=3, of=told.subject, is_sent=False, status="withdrawn"))
    await appear(tree, "440305008000")
    await follow(tree)
    assert "440305008000" not in await tree.nodes(told, "true")
    await tree.descend()
    assert NEW_TOWN in await tree.nodes(told), "what was on its way arrives"


async def test_a_newcomer_is_not_overdue_on_its_first_day(tree: Any, document: Any, clock: Any) -> None:
    """The day of a document may have passed long before the office was opened: nobody could have kept it."""
    told = document(sign_by=TODAY + timedelta(days=5))
    await tree.send(told)
    await tree.descend()
    clock.shift(timedelta(days=5))
    await appear(tree, NEW_TOWN)
    await tree.open(NEW_VILLAGE)
    await follow(tree)
    clock.shift(timedelta(days=20))
    later = "440305008000"
    await tree.open(later)
    await moved(tree, Move(later, TODAY + timedelta(days=25)), Move(NEW_VILLAGE, TODAY + timedelta(days=25)))
    await follow(tree)
    await tree.descend()
    rows = await tree.rows("SELECT node, sign_by FROM dispatch_nodes")
    days = {row["node"]: row["sign_by"] for row in rows}
    assert (days[TOWN], days[NEW_TOWN]) == (TODAY + timedelta(days=5),) * 2, "who could keep the day has it"
    assert (days[NEW_VILLAGE], days[later]) == (None, None)


async def test_changes_are_compared_with_what_is_in_force_page_by_page(tree: Any, document: Any) -> None:
    """Nobody who sends waits for all of it; what is sent meanwhile finds the newcomer in the tree."""
    told = [document() for _ in range(5)]
    await tree.send(*told)
    await tree.descend()
    await appear(tree, NEW_TOWN)
    reached: list[int] = []
    for _ in range(3):
        async with tree.db.transaction() as conn:
            more = await follow_moves(conn, tree.part, limit=100, dispatches=2)
        reached.append(sum([NEW_TOWN in await tree.nodes(one, "true") for one in told]))
        assert more is (len(reached) < 3)
    assert reached == [2, 4, 5]
    assert await tree.rows("SELECT 1 FROM dispatch_moves") == []


async def test_what_changes_again_while_it_is_followed_begins_anew(tree: Any, document: Any) -> None:
    told = [document() for _ in range(3)]
    await tree.send(*told)
    await tree.open(NEW_TOWN)
    async with tree.db.transaction() as conn:
        await conn.execute("UPDATE directory_offices SET status = 'closed' WHERE division = $1", NEW_TOWN)
    await moved(tree, Move(NEW_TOWN, TODAY), Move(TOWN, TODAY))
    async with tree.db.transaction() as conn:
        assert await follow_moves(conn, tree.part, limit=100, dispatches=2)
        await conn.execute("UPDATE directory_offices SET status = 'operating' WHERE division = $1", NEW_TOWN)
    await moved(tree, Move(NEW_TOWN, TODAY))
    for _ in range(4):
        async with tree.db.transaction() as conn:
            await follow_moves(conn, tree.part, limit=100, dispatches=2)
    assert all([NEW_TOWN in await tree.nodes(one, "true") for one in told])


async def test_nobody_is_kept_from_sending_while_nothing_changes(tree: Any) -> None:
    async with tree.db.transaction() as conn:
        assert await follow_moves(conn, tree.part, limit=100) is False
        assert (
            await conn.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            == 0
        )


async def test_following_twice_sends_once(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    await appear(tree, NEW_TOWN)
    await follow(tree)
    before = len(await tree.sent(Level.TOWN))
    await moved(tree, Move(NEW_TOWN, TODAY), Move(TOWN, TODAY))
    await follow(tree)
    assert len(await tree.sent(Level.TOWN)) == before


async def test_a_division_that_begins_tomorrow_is_followed_tomorrow(tree: Any, document: Any, clock: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    tomorrow = TODAY + timedelta(days=1)
    await tree.open(NEW_TOWN, since=tomorrow)
    await moved(tree, Move(NEW_TOWN, tomorrow))
    await follow(tree)
    assert NEW_TOWN not in await tree.nodes(told, "true")
    clock.shift(timedelta(days=1))
    await follow(tree)
    assert NEW_TOWN in await tree.nodes(told, "sent_at IS NOT NULL")


async def test_nobody_waits_for_a_division_that_is_no_more(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    async with tree.db.transaction() as conn:
        await conn.execute("UPDATE directory_divisions SET valid_to = $2 WHERE code = $1", VILLAGES[0], TODAY)
    await moved(tree, Move(VILLAGES[0], date(2012, 1, 1), TODAY))
    await follow(tree)
    rows = await tree.rows("SELECT node FROM dispatch_nodes WHERE retired_on = $1", TODAY)
    assert [row["node"] for row in rows] == [VILLAGES[0]]


async def test_an_office_that_closes_only_hands_on_and_signs_again_when_it_opens(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    for status, is_addressed in (("closed", False), ("operating", True)):
        async with tree.db.transaction() as conn:
            await conn.execute("UPDATE directory_offices SET status = $2 WHERE division = $1", TOWN, status)
        await moved(tree, Move(TOWN, TODAY))
        await follow(tree)
        assert (await tree.nodes(told, "true"))[TOWN] is is_addressed
    await tree.descend()
    assert set(VILLAGES) <= (await tree.nodes(told)).keys()


async def test_changes_are_followed_page_by_page_and_by_one_worker_at_a_time(tree: Any, document: Any) -> None:
    told = document()
    await tree.send(told)
    await tree.descend()
    codes = [f"440305{number:03}000" for number in range(10, 17)]
    await appear(tree, *codes)
    assert await follow(tree, limit=3) is True
    await asyncio.gather(*(follow(tree, limit=3) for _ in range(3)))
    sent = [event.division for event in await tree.sent(Level.TOWN)]
    assert [sent.count(code) for code in codes] == [1] * 7
    assert await tree.rows("SELECT 1 FROM dispatch_moves") == []


async def test_nobody_is_overlooked_between_sending_and_following(tree: Any, document: Any) -> None:
    """A town appears while its county is just being given the dispatch, in a transaction that is not over yet."""
    from sync.dispatches.consumers import dispatch_tier

    told = document()
    await tree.send(told)
    await tree.descend(Level.CITY)
    batch = [tree._delivered(event, contracts_of([event.type])) for event in await tree.sent(Level.COUNTY)]
    async with tree.db.transaction() as sending:
        await dispatch_tier(Level.COUNTY, tree.part)(sending, batch)
        await appear(tree, NEW_TOWN)
        following = asyncio.create_task(follow(tree))
        await asyncio.sleep(0.2)
        assert not following.done(), "following waits for whoever sends"
    await following
    assert [event.division for event in await tree.sent(Level.TOWN)].count(NEW_TOWN) == 1


async def test_nobody_is_overlooked_while_a_dispatch_starts(tree: Any, document: Any) -> None:
    """A city appears after the receivers were noted and before anybody else sees the dispatch."""
    from sync.dispatches.consumers import dispatching

    told, new = document(), "440400000000"
    batch = [tree._delivered(told, contracts_of([told.type]))]
    async with tree.db.transaction() as sending:
        await dispatching(tree.part)(sending, batch)
        await appear(tree, new)
        following = asyncio.create_task(follow(tree))
        await asyncio.sleep(0.2)
        assert not following.done(), "following waits for whoever sends"
    await following
    assert [event.division for event in await tree.sent(Level.CITY)].count(new) == 1


async def test_a_site_sends_only_for_nodes_of_its_own(tree: Any, document: Any) -> None:
    """The provincial site knows the whole tree; what is below a city is that city's site's to send."""
    told = document()
    await tree.send(told)
    await tree.descend()
    await appear(tree, NEW_TOWN)
    await follow(tree, part=Site((Level.PROVINCE,)))
    assert NEW_TOWN in await tree.nodes(told, "true"), "it is expected to sign"
    assert NEW_TOWN not in await tree.nodes(told, "sent_at IS NOT NULL")


async def test_the_copy_of_the_register_tells_where_the_tree_changes(tree: Any) -> None:
    state = DivisionState(
        id=uuid7(), code=NEW_TOWN, level=level_of(NEW_TOWN), name="新设镇", kind="standard",
        parent_code=parent_of(NEW_TOWN), valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), version=1,
    )  # fmt: skip
    event = Event(
        id=str(uuid7()), type=DIVISION_CHANGED, source="/jiceng/registry", subject=str(state.id), time=INSTANT,
        division=NEW_TOWN, level="town", recordversion=1, partitionkey=str(state.id), data=state.to_bytes(),
    )  # fmt: skip
    key, value, headers = event.to_kafka()
    delivered = decode(Received("unused", key, value, headers), contracts_of([DIVISION_CHANGED]))
    for _ in range(2):
        await tree.apply(keep_directory, [delivered])
    rows = await tree.rows("SELECT code, due_on FROM dispatch_moves ORDER BY due_on")
    assert [tuple(row.values()) for row in rows] == [(NEW_TOWN, TODAY), (NEW_TOWN, date(2027, 1, 1))]


async def test_an_office_that_is_only_told_anew_moves_nothing(tree: Any) -> None:
    """A telephone number, a name, opening hours: nobody's dispatches change by them."""
    identity, seen = uuid7(), []
    for version, changes in enumerate(
        ({}, {"phone": "0755-83000002"}, {"name": "另一名称"}, {"status": "closed"}, {"status": "operating"}), start=1
    ):
        values = {
            "id": identity, "division": TOWN, "name": "某镇服务所", "level": Level.TOWN, "address": "某路一号",
            "phone": "0755-83000001", "status": "operating", "kind": "service_office", "leadership_division": TOWN, "guidance_division": parent_of(TOWN),
                "version": version,
        }  # fmt: skip
        known = OfficeState.model_fields
        state = OfficeState(**{name: value for name, value in {**values, **changes}.items() if name in known})
        event = Event(
            id=str(uuid7()), type=OFFICE_CHANGED, source="/jiceng/registry", subject=str(identity), time=INSTANT,
            division=TOWN, level="town", recordversion=version, partitionkey=str(identity), data=state.to_bytes(),
        )  # fmt: skip
        key, value, headers = event.to_kafka()
        await tree.apply(
            keep_directory, [decode(Received("unused", key, value, headers), contracts_of([OFFICE_CHANGED]))]
        )
        async with tree.db.transaction() as conn:
            seen.append(
                await conn.fetchval("WITH gone AS (DELETE FROM dispatch_moves RETURNING 1) SELECT count(*) FROM gone")
            )
    assert seen == [1, 0, 0, 1, 1]


async def reminded(tree: Any) -> list[tuple[str, int]]:
    told = [RemindedDispatch.model_validate_json(event.data) for event in await tree.outbox(DISPATCH_REMINDERS_TOPIC)]
    return [(one.division, one.days_before) for one in told]


async def run_reminders(tree: Any, *days: int, limit: int = 100, part: Site | None = None) -> bool:
    async with tree.db.transaction() as conn:
        return await remind(conn, part or tree.part, days_before=days, limit=limit)


async def sign(tree: Any, node: str) -> None:
    async with tree.db.transaction() as conn:
        await conn.execute("UPDATE dispatch_nodes SET signed_at = now(), signed_by = 'a' WHERE node = $1", node)


async def test_nodes_are_reminded_before_the_day_and_on_it_once_each(tree: Any, document: Any, clock: Any) -> None:
    told = document(DONGGUAN, sign_by=TODAY + timedelta(days=5))
    await tree.send(told)
    await tree.descend()
    seen: list[list[tuple[str, int]]] = []
    for day in range(9):
        before = await reminded(tree)
        await run_reminders(tree, 3)
        await run_reminders(tree, 3)
        seen.append((await reminded(tree))[len(before) :])
        if day == 3:
            await sign(tree, DONGGUAN_TOWN)
        clock.shift(timedelta(days=1))
    every = [DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE]
    assert seen[2] == [(node, 3) for node in every]
    assert seen[5] == [(DONGGUAN, 0), (DONGGUAN_VILLAGE, 0)]
    assert [day for day, found in enumerate(seen) if found] == [2, 5]


async def test_days_on_which_nothing_ran_are_made_up_for_by_one_reminder(tree: Any, document: Any, clock: Any) -> None:
    await tree.send(document(SHENZHEN, down_to=Level.CITY, sign_by=TODAY + timedelta(days=5)))
    await tree.descend()
    clock.shift(timedelta(days=20))
    await run_reminders(tree, 3, 1)
    assert await reminded(tree) == [(SHENZHEN, 0)]


async def test_nobody_is_reminded_of_what_they_do_not_have_or_need_not_sign(tree: Any, document: Any) -> None:
    told = document(TOWN, sign_by=TODAY)
    await tree.send(told)
    await tree.descend(Level.CITY, Level.COUNTY)
    await run_reminders(tree)
    assert await reminded(tree) == [], "the city and the county only hand it on, the town does not have it"
    await tree.send(document(TOWN, version=2, of=told.subject))
    await tree.descend()
    await tree.send(document(NANSHAN, down_to=Level.COUNTY))
    await tree.descend()
    await run_reminders(tree)
    assert await reminded(tree) == [], "a newer version has come that no day is set for"


async def test_reminders_come_in_pages_and_two_workers_share_them(tree: Any, document: Any) -> None:
    await tree.send(document(sign_by=TODAY))
    await tree.descend()
    assert await run_reminders(tree, limit=3) is True
    await asyncio.gather(*(run_reminders(tree, limit=2) for _ in range(4)))
    nodes = [node for node, _ in await reminded(tree)]
    assert sorted(nodes) == sorted({SHENZHEN, NANSHAN, TOWN, *VILLAGES, DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE})


async def test_a_site_reminds_its_own_nodes(tree: Any, document: Any) -> None:
    """The provincial site counts the receipts of all nodes and reminds none of those of the cities."""
    await tree.send(document(sign_by=TODAY))
    await tree.descend()
    await run_reminders(tree, part=Site((Level.PROVINCE,)))
    assert await reminded(tree) == []
    await run_reminders(tree, part=Site(DISPATCH_LEVELS, DONGGUAN))
    assert [node for node, _ in await reminded(tree)] == [DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE]
    assert Site(LEVELS).bounds == ("0" * 12, "9" * 12)
