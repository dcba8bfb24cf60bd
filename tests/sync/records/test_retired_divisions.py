"""Records of divisions that are no more: their own division stays, their way is that of today. Source: S0, O4.2a."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from common.contracts.sync import AcceptedRecord, SubmittedRecord, accepted_topic, inbox_topic
from common.divisions import LEVELS, Level, ancestors_of, node_at
from common.testing.events import INSTANT
from sync.receipts.domain import Verdict
from sync.records.domain import Known, Validity, examine_division, hop_on, route

OLD, NEW, NEWER = "440305001001", "440304009001", "440303008001"
LAST_DAY = date(2026, 1, 1)
UP = list(reversed(LEVELS))


async def move(site: Any, old: str = OLD, new: str = NEW, on: date = LAST_DAY) -> None:
    """What the directory's consumer writes of a village that goes to another county with its town."""
    known = {row["code"] for row in await site.rows("SELECT code FROM directory_divisions")}
    await site.register(*(code for code in (new, *ancestors_of(new)) if code not in known), since=on)
    async with site.db.transaction() as conn:
        for before, after in ((old, new), (ancestors_of(old)[0], ancestors_of(new)[0])):
            await conn.execute("UPDATE directory_divisions SET valid_to = $2 WHERE code = $1", before, on)
            await conn.execute("UPDATE directory_heirs SET heir = $2 WHERE heir = $1", before, after)
            await conn.execute("INSERT INTO directory_heirs VALUES ($1, $2)", before, after)


async def nodes(site: Any, case: Any) -> dict[str, str]:
    rows = await site.rows("SELECT level, node, division FROM level_states WHERE record_id = $1::uuid", case.subject)
    assert {row["division"] for row in rows} == {OLD}, "a record keeps the division of its time"
    return {row["level"]: row["node"] for row in rows}


def way(code: str) -> dict[str, str | None]:
    return {level.value: node_at(code, level) for level in LEVELS}


async def test_a_record_that_is_closed_after_the_move_goes_up_the_tree_of_today(site: Any, make_case: Any) -> None:
    begun = make_case(OLD, time=INSTANT)
    await site.take_in(begun)
    await site.climb()
    assert await nodes(site, begun) == way(OLD)
    await move(site, on=date(2026, 7, 1))
    await site.take_in(make_case(OLD, id=UUID(begun.subject), version=2, time=INSTANT + timedelta(days=300)))
    await site.climb()
    assert await nodes(site, begun) == way(NEW)
    assert await site.receipts(begun.subject) == [
        (level.value, version, "accepted", None) for version in (1, 2) for level in UP
    ]
    for level in LEVELS:
        was, now = (json.loads(row["data"]) for row in await site.outbox(accepted_topic(level)))
        assert "routed_division" not in was
        assert (now["division"], now["routed_division"], now["accepted_division"]) == (OLD, NEW, node_at(NEW, level))
        AcceptedRecord.model_validate_json(json.dumps(now))


async def test_a_record_that_is_on_its_way_when_its_town_moves_arrives_once_at_every_level(
    site: Any, make_case: Any
) -> None:
    case = make_case(OLD, time=INSTANT)
    await site.take_in(case)
    await site.climb(Level.TOWN)
    (waiting,) = [
        SubmittedRecord.model_validate_json(row["data"]) for row in await site.outbox(inbox_topic(Level.COUNTY))
    ]
    assert waiting.to_division == node_at(OLD, Level.COUNTY)
    await move(site, on=LAST_DAY)
    await site.climb(Level.COUNTY, Level.CITY, Level.PROVINCE)
    assert await nodes(site, case) == way(OLD) | {
        level: node for level, node in way(NEW).items() if level in {"county", "city", "province"}
    }
    assert await site.receipts(case.subject) == [(level.value, 1, "accepted", None) for level in UP]


async def test_two_moves_while_a_record_waits(site: Any, make_case: Any) -> None:
    case = make_case(OLD, time=INSTANT)
    await site.take_in(case)
    await move(site, on=LAST_DAY)
    await site.climb(Level.TOWN)
    await move(site, NEW, NEWER, on=LAST_DAY + timedelta(days=30))
    await site.climb(Level.COUNTY, Level.CITY, Level.PROVINCE)
    assert (await nodes(site, case))["county"] == node_at(NEWER, Level.COUNTY)
    assert await site.receipts(case.subject) == [(level.value, 1, "accepted", None) for level in UP]


async def test_a_way_over_a_stranger_is_refused(site: Any, make_case: Any, submitted: Any) -> None:
    """Whoever claims that somebody took over must be right."""
    await site.register(NEW, *[one for one in ancestors_of(NEW) if one[:4] != "4403" or one[4:6] == "04"][:2])
    case = make_case(OLD, time=INSTANT)
    lie = submitted(
        case, Level.COUNTY, routed_division=NEW, to_division=node_at(NEW, Level.COUNTY),
        from_division=node_at(NEW, Level.TOWN),
    )  # fmt: skip
    await site.submit(Level.COUNTY, lie)
    assert await site.receipts(case.subject) == [("county", 1, "rejected", "node-off-path")]
    assert await site.rows("SELECT 1 FROM level_states") == []


async def test_where_is_it_tells_the_nodes_that_have_it(site: Any, make_case: Any, api: Any) -> None:
    case = make_case(OLD, time=INSTANT)
    await site.take_in(case)
    await site.climb(Level.TOWN)
    await move(site)
    await site.climb(Level.COUNTY, Level.CITY, Level.PROVINCE)
    async with api("440000000000") as client:
        answer = (await client.get(f"/records/casework.case/{case.subject}")).json()
    assert [(stop["level"], stop["node"]) for stop in answer["levels"]] == [
        ("village", OLD),
        ("town", node_at(OLD, Level.TOWN)),
        ("county", node_at(NEW, Level.COUNTY)),
        ("city", node_at(NEW, Level.CITY)),
        ("province", node_at(NEW, Level.PROVINCE)),
    ]


ENDED = [Validity(date(2012, 1, 1), LAST_DAY)]


@pytest.mark.parametrize(
    ("periods", "day", "version", "heir", "expected"),
    [
        (ENDED, LAST_DAY - timedelta(days=1), 1, None, None),
        (ENDED, LAST_DAY, 1, None, Verdict.DIVISION_RETIRED),
        (ENDED, LAST_DAY, 2, None, None),
        (ENDED, LAST_DAY, 1, NEW, None),
        (ENDED, date(2011, 1, 1), 2, NEW, Verdict.DIVISION_RETIRED),
        ([Validity(LAST_DAY, None)], date(2025, 1, 1), 2, None, Verdict.DIVISION_RETIRED),
        ([], LAST_DAY, 2, NEW, Verdict.DIVISION_UNKNOWN),
    ],
)
def test_what_has_begun_goes_on_after_the_end_of_its_division(
    periods: Any, day: date, version: int, heir: str | None, expected: Verdict | None
) -> None:
    """Source: S0; standards.md §1 (Order 79)."""
    assert examine_division(periods, day, version=version, heir=heir) is expected


def test_a_level_that_todays_way_does_not_pass_hands_on_to_the_next_that_it_does() -> None:
    """A town that went to 东莞, which has no counties, while its record lay in front of its old county."""
    hop = hop_on(OLD, "441900004001", Level.COUNTY)
    assert hop is not None
    assert (hop.node, hop.above, hop.above_node) == (node_at(OLD, Level.COUNTY), Level.CITY, "441900000000")
    assert hop_on("441900003001", NEW, Level.COUNTY) == hop_on(NEW, None, Level.COUNTY)
    assert hop_on("440305000000", "440304000000", Level.TOWN) is None


def test_a_claim_may_be_older_than_what_this_site_knows(submission_of: Any) -> None:
    known = {OLD: Known((Validity(date(2012, 1, 1), LAST_DAY),), NEWER), NEW: Known((), NEWER)}
    routed = route(submission_of(OLD, Level.COUNTY, routed=NEW), known)
    assert (routed.flaw, routed.routed, routed.receiver_division) == (None, NEWER, node_at(NEWER, Level.COUNTY))
    lie = route(submission_of(OLD, Level.COUNTY, routed="441900004001"), known)
    assert lie.flaw is Verdict.NODE_OFF_PATH


@pytest.fixture
def submission_of(make_case: Any) -> Any:
    """`submission_of(division, level, routed=…)`: a record in front of a level."""
    from sync.records.domain import Submission

    def make(division: str, level: Level, *, routed: str | None = None) -> Submission:
        case = make_case(division, time=INSTANT)
        return Submission(
            "casework.case", case.subject, case.subject, 1, division, Level.VILLAGE, case.type, INSTANT, b"", "{}", level,
            node_at(division, level) or division, None, None, routed,
        )  # fmt: skip

    return make
