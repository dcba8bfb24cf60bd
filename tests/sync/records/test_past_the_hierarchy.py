"""The problem channel: from any origin straight to the province, whoever in between is down. Source: G2."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.consumer import PoisonMessage
from common.contracts.reporting.problems import ProblemState
from common.contracts.sync import SubmittedRecord, accepted_topic
from common.divisions import LEVELS, Level, level_of, node_at, path_levels
from common.events import Event
from common.ids import uuid7
from common.testing.events import INSTANT
from sync.records.domain import hop_on, way_of

VILLAGE, TOWN, PROVINCE = "440305001001", "440305001000", "440000000000"
DONGGUAN = "441900003001"
ORIGINS = (VILLAGE, TOWN, "440305000000", "440300000000", PROVINCE, DONGGUAN, "441900003000")
TYPE = "reporting.problem.changed.v1"


def problem(division: str = VILLAGE, *, version: int = 1, of: UUID | None = None) -> Event:
    """The event of a problem that an office reports."""
    state = ProblemState(
        id=of or uuid7(), version=version, division=division, level=level_of(division), changed_at=INSTANT,
        number="WT20260302ABCDEFGH", title="窗口人员不足", text="窗口人员不足，排队时间长。", urgency="normal",
        status="reported", reported_by="subject-1", reported_at=INSTANT, addressed_to=PROVINCE,
    )  # fmt: skip
    return Event(
        id=str(uuid7()), type=TYPE, source="/jiceng/reporting", subject=str(state.id), time=INSTANT,
        division=division, level=str(state.level), recordversion=version, partitionkey=str(state.id),
        data=state.to_bytes(),
    )  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_problem_of_any_level_is_accepted_at_its_origin_and_at_the_province(site: Any, origin: str) -> None:
    """Source: G2."""
    told = problem(origin)
    await site.take_in(told)
    for level in LEVELS[1:-1]:
        assert await site.inbox(level) == [], "nobody in between is asked"
    await site.climb()
    ends = list(dict.fromkeys((level_of(origin).value, "province")))
    assert await site.receipts(told.subject) == [(level, 1, "accepted", None) for level in ends]


async def test_a_problem_arrives_while_the_tiers_of_town_county_and_city_are_down(site: Any, make_case: Any) -> None:
    """Source: G2: a case of the same village waits below the tiers that are down; the problem does not."""
    told, case = problem(), make_case(VILLAGE)
    await site.take_in(told, case)
    await site.climb(Level.PROVINCE)
    assert await site.states(told.subject) == {"village": 1, "province": 1}
    assert await site.states(case.subject) == {"village": 1}
    await site.climb()
    assert await site.states(told.subject) == {"village": 1, "province": 1}
    assert set(await site.states(case.subject)) == set(path_levels(VILLAGE))


async def test_the_city_of_a_federated_network_sends_it_to_the_provincial_site(site: Any, db: Any) -> None:
    """Source: G2: the city's site has no tier of the province; the problem leaves by the province's inbox."""
    told = problem()
    await site.take_in(told, tiers=LEVELS[1:])
    (sent,) = await site.inbox(Level.PROVINCE)
    said = SubmittedRecord.model_validate_json(sent.data)
    assert (said.from_level, said.from_division) == (Level.VILLAGE, VILLAGE)
    assert (said.to_level, said.to_division) == (Level.PROVINCE, PROVINCE)
    async with db.transaction() as conn:
        for table in ("record_payloads", "level_states", "receipts"):
            await conn.execute(f"DELETE FROM {table}")
    await site.submit(Level.PROVINCE, sent)
    assert await site.states(told.subject) == {"province": 1}
    (row,) = await site.outbox(accepted_topic(Level.PROVINCE))
    assert json.loads(row["data"])["payload"] == json.loads(told.data)


async def test_later_versions_and_disorder_end_at_the_newest(site: Any) -> None:
    first = problem()
    second = problem(version=2, of=UUID(first.subject))
    await site.take_in(second)
    await site.take_in(first, second)
    await site.climb()
    assert await site.states(first.subject) == {"village": 2, "province": 2}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_level": Level.TOWN, "from_division": TOWN}, "level-skipped"),
        ({"from_division": "440305001002"}, "node-off-path"),
        ({"to_division": "450000000000"}, "node-off-path"),
    ],
)
async def test_the_province_takes_it_from_its_origin_alone(
    site: Any, submitted: Any, changes: dict[str, Any], code: str
) -> None:
    wrong = submitted(problem(), Level.PROVINCE, **changes)
    await site.submit(Level.PROVINCE, wrong)
    assert await site.receipts(wrong.subject) == [("province", 1, "rejected", code)]


async def test_a_level_in_between_refuses_what_is_not_for_it(site: Any, submitted: Any) -> None:
    wrong = submitted(
        problem(), Level.COUNTY, from_level=Level.TOWN, from_division=TOWN, to_division=node_at(VILLAGE, Level.COUNTY)
    )
    await site.submit(Level.COUNTY, wrong)
    assert await site.receipts(wrong.subject) == [("county", 1, "rejected", "node-off-path")]


async def test_a_case_may_not_go_the_straight_way(site: Any, submitted: Any, make_case: Any) -> None:
    wrong = submitted(make_case(VILLAGE), Level.PROVINCE, from_level=Level.VILLAGE, from_division=VILLAGE)
    await site.submit(Level.PROVINCE, wrong)
    assert await site.receipts(wrong.subject) == [("province", 1, "rejected", "level-skipped")]


async def test_an_origin_that_another_site_hosts_is_poison_here(site: Any) -> None:
    with pytest.raises(PoisonMessage, match="tier-not-hosted"):
        await site.take_in(problem(), tiers=(Level.PROVINCE,))


async def test_those_in_between_may_read_where_it_is(site: Any, api: Any) -> None:
    """Source: G2, ADR 0018: visible to the levels between, never held by them."""
    told = problem()
    await site.take_in(told)
    await site.climb()
    for reader in ("440305001000", "440305000000", "440300000000", PROVINCE):
        answer = (await api(reader).get(f"/records/reporting.problem/{told.subject}")).json()
        assert [(stop["level"], stop["outcome"]) for stop in answer["levels"]] == [
            ("village", "accepted"),
            ("province", "accepted"),
        ]
    assert (await api("440304000000").get(f"/records/reporting.problem/{told.subject}")).status_code == 404


async def test_a_village_that_moved_still_tells_the_province(site: Any) -> None:
    """Source: G2, ADR 0014."""
    new = "440304009001"
    told = problem()
    await site.take_in(told)
    await site.register(new, "440304009000", "440304000000", since=date(2026, 1, 1))
    async with site.db.transaction() as conn:
        await conn.execute("UPDATE directory_divisions SET valid_to = '2026-04-01' WHERE code = $1", VILLAGE)
        await conn.execute("INSERT INTO directory_heirs VALUES ($1, $2)", VILLAGE, new)
    await site.climb()
    await site.take_in(problem(version=2, of=UUID(told.subject)))
    await site.climb()
    assert await site.states(told.subject) == {"village": 2, "province": 2}


_SEGMENT = st.sampled_from(("00", "05", "19"))


@given(
    st.builds(
        lambda city, county, town, village: f"44{city}{county}{town}{village}",
        st.sampled_from(("03", "19")), _SEGMENT, st.sampled_from(("000", "001")), st.sampled_from(("000", "007")),
    ).filter(lambda code: not (code[6:9] == "000" and code[9:] != "000"))
)  # fmt: skip
def test_a_straight_way_has_its_two_ends_and_they_know_each_other(division: str) -> None:
    """Source: G2."""
    way = way_of(division, None, straight=True)
    assert [hop.level for hop in way] == list(dict.fromkeys((level_of(division), Level.PROVINCE)))
    assert way[0].below is None
    assert way[-1].above is None
    if len(way) == 2:
        assert (way[0].above_node, way[1].below_node) == (PROVINCE, division)
    for level in LEVELS:
        assert (hop_on(division, None, level, straight=True) is not None) == (level in {hop.level for hop in way})
