"""Stations see what was refused; nobody sees the receipts of others."""

import pytest

from common.divisions import Level

VILLAGE = "440305001001"
DONGGUAN = "441900003001"
PROVINCE = "440000000000"


@pytest.fixture
async def mixed(site, make_case, submitted):
    """Two records that pass up, one of them delivered twice, and two that a town refuses."""
    good, other = make_case(VILLAGE), make_case(DONGGUAN)
    await site.take_in(good, other)
    await site.climb()
    await site.take_in(good)
    for place in (VILLAGE, DONGGUAN):
        await site.submit(Level.TOWN, submitted(make_case(place), Level.TOWN, digest="0" * 64))
    return site


async def test_a_station_sees_its_refusals_with_the_reason(mixed, api) -> None:
    answer = await api(VILLAGE).get("/receipts?outcome=rejected")
    (receipt,) = answer.json()["items"]
    assert (receipt["outcome_label"], receipt["reason_code"]) == ("退回", "digest-mismatch")
    assert receipt["reason"] == "记录内容与摘要不一致"
    assert (receipt["receiver_level_label"], receipt["receiver_division"]) == ("镇", "440305001000")
    assert (receipt["division"], receipt["version"], receipt["digest"]) == (VILLAGE, 1, "0" * 64)
    assert receipt["issued_at"].endswith("+08:00")


@pytest.mark.parametrize(
    ("place", "outcome", "count"),
    [
        (VILLAGE, "", 7),
        (VILLAGE, "accepted", 5),
        (VILLAGE, "duplicate", 1),
        (VILLAGE, "rejected", 1),
        ("441900000000", "", 5),
        ("441900000000", "duplicate", 0),
        (PROVINCE, "", 12),
        (PROVINCE, "accepted", 9),
        (PROVINCE, "rejected", 2),
        ("440303000000", "", 0),
    ],
)
async def test_lists_by_outcome_inside_the_scope(mixed, api, place: str, outcome: str, count: int) -> None:
    query = f"/receipts?limit=200{outcome and '&outcome=' + outcome}"
    items = (await api(place).get(query)).json()["items"]
    assert len(items) == count
    assert {item["outcome"] for item in items} <= ({outcome} if outcome else {"accepted", "duplicate", "rejected"})


async def test_pages_hold_every_receipt_once_newest_first_in_a_division(mixed, api) -> None:
    bureau, seen, cursor = api(PROVINCE), [], ""
    while cursor is not None:
        page = (await bureau.get(f"/receipts?limit=5{cursor and '&cursor=' + cursor}")).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert len({item["id"] for item in seen}) == len(seen) == 12
    keys = [(item["division"], item["id"]) for item in seen]
    assert keys == sorted(keys, reverse=True)


async def test_can_be_narrowed_to_a_division(mixed, api) -> None:
    items = (await api(PROVINCE).get("/receipts?division=441900003000&limit=200")).json()["items"]
    assert {item["division"] for item in items} == {DONGGUAN}
    assert (await api("440305000000").get("/receipts?division=441900003000")).json()["items"] == []


async def test_refusals_are_found_through_the_small_index(mixed, db) -> None:
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL enable_seqscan = off")
        from sync.receipts.repository import _PAGES

        plan = await conn.fetch(
            "EXPLAIN " + _PAGES["rejected"].replace("$1", "'440000000000'").replace("$2", "'449999999999'")
            .replace("$3", "'a'").replace("$4", "'ffffffff-ffff-ffff-ffff-ffffffffffff'").replace("$5", "51")
        )  # fmt: skip
    assert "ix_receipts_not_accepted" in "\n".join(row[0] for row in plan)
