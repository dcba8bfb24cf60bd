"""Seeding: the packaged catalogue reaches the database, again and again, and never takes anything away."""

import asyncio
import copy
import json
from datetime import date
from importlib.resources import files

import asyncpg
import pytest

from casework.items.catalogue import load_catalogue, read_catalogue
from casework.items.errors import BundleUnknown
from casework.items.service import find_item, get_bundle, seed_catalogue
from common.clock import today
from common.contracts.casework.cases import Limit

DOCUMENT = json.loads(files("casework.items").joinpath("catalogue.json").read_text("utf-8"))
STAMPS = (
    "SELECT 'i' || code AS what, xmin::text FROM items UNION ALL SELECT 'd' || code || effective_from, xmin::text "
    "FROM duties UNION ALL SELECT 'v' || code || version, xmin::text FROM item_versions"
)


async def test_seeding_again_touches_no_row(window):
    before = await window.rows(STAMPS)
    await seed_catalogue(window.context.db)
    assert await window.rows(STAMPS) == before
    assert len(before) == 2 * len(DOCUMENT["items"]) + sum(len(duty["versions"]) for duty in DOCUMENT["duties"])


async def test_seeding_corrects_what_differs_and_keeps_what_the_file_no_longer_has(window):
    await window.rows("UPDATE items SET name = '旧名' WHERE code = 'E01'")
    await window.rows(
        "INSERT INTO items (code, name, duty, handling, applicants, town, village, effective_from, effective_to, guide) SELECT 'OLD', name, duty, handling, applicants, town, village, effective_from, effective_to, guide FROM items WHERE code = 'E02'"
    )
    await asyncio.gather(*(seed_catalogue(window.context.db) for _ in range(3)))
    assert await window.value("SELECT name FROM items WHERE code = 'E01'") == "失业登记"
    assert await window.value("SELECT count(*) FROM items WHERE code = 'OLD'") == 1


def test_the_packaged_catalogue_is_readable():
    catalogue = load_catalogue()
    assert len(catalogue.items) == len(DOCUMENT["items"])


@pytest.mark.parametrize(
    ("member", "value"),
    [("duty", "astrology"), ("handling", "never"), ("applicants", ["ghost"]), ("special_procedures", ["seance"])],
)
def test_a_catalogue_that_names_what_it_does_not_have_is_refused(member, value):
    document = copy.deepcopy(DOCUMENT)
    document["items"][0][member] = value
    with pytest.raises(ValueError, match=r"astrology|E01|never|ghost|seance"):
        read_catalogue(document)


NEWEST = (
    "SELECT version, name, effective_from, effective_to, origin FROM item_versions WHERE code = 'E01' ORDER BY version"
)


async def test_a_release_with_another_definition_makes_a_new_version_and_rewrites_none(window):
    """O4.1b: what was in force once stays as it was, whatever a release brings."""
    await window.rows("UPDATE item_versions SET name = '旧名' WHERE code = 'E01'")
    await asyncio.gather(*(seed_catalogue(window.context.db) for _ in range(3)))
    before, after = await window.rows(NEWEST)
    assert (before["name"], before["effective_to"]) == ("旧名", today())
    assert (after["version"], after["name"], after["effective_from"]) == (2, "失业登记", today())
    assert await window.value("SELECT count(*) FROM item_versions WHERE code <> 'E01' AND version > 1") == 0


async def test_what_the_province_laid_down_stays_whatever_the_package_says(window):
    """O4.1b: one definition, that of the province."""
    await window.rows("UPDATE item_versions SET name = '本省名称', origin = 'province' WHERE code = 'E01'")
    await seed_catalogue(window.context.db)
    assert [row["name"] for row in await window.rows(NEWEST)] == ["本省名称"]


async def test_other_features_get_an_item_as_of_a_day_at_a_place_and_as_of_a_version(window):
    """O4.1b: the promise in force where a case is registered; a case keeps the terms of its version."""
    conn = await asyncpg.connect(window.url)
    await conn.execute(
        "INSERT INTO item_promises VALUES ('B01', '440305000000', 1, '2026-01-01', 4, 'working_days', '深人社〔2026〕1号'), "
        "('B01', '440305001000', 1, '2999-01-01', 1, 'working_days', '尚未生效')"
    )
    await conn.execute(
        "INSERT INTO item_versions SELECT code, 2, name, duty, handling, applicants, town, village, '2030-01-01', NULL, "
        "guide, terms || '{\"steps\": [\"undertaking\"]}', 'province', '文', '因' FROM item_versions WHERE code = 'B01'"
    )
    day, later = date(2026, 11, 23), date(2030, 1, 1)
    here = await find_item(conn, "B01", on=day, division="440305001001")
    assert here.terms.promised == Limit(value=4, unit="working_days", clause="深人社〔2026〕1号")
    assert (here.version, len(here.terms.steps)) == (1, 3)
    assert (await find_item(conn, "B01", on=day, division="440306001001")).terms.promised is None
    assert (await find_item(conn, "B01", on=day, division=None)).terms.promised is None
    newer = await find_item(conn, "B01", on=later, division=None)
    assert (newer.version, newer.terms.steps) == (2, ("undertaking",))
    kept = await find_item(conn, "B01", on=later, division=None, version=1)
    assert (kept.version, len(kept.terms.steps)) == (1, 3)
    assert await find_item(conn, "Z99", on=day, division=None) is None
    await conn.close()


async def test_a_bundle_is_found_by_its_code_or_not_at_all(window):
    """O4.1c."""
    async with window.context.db.transaction() as conn:
        assert (await get_bundle(conn, "UNEMPLOYMENT")).items == ("E01", "B13", "E06")
        with pytest.raises(BundleUnknown):
            await get_bundle(conn, "HOLIDAY")


async def test_a_promise_of_dongguan_reaches_its_towns_without_a_county(window):
    """O4.1b; a city without counties: the chain is town, city, province."""
    conn = await asyncpg.connect(window.url)
    await conn.execute(
        "INSERT INTO item_promises VALUES ('B01', '441900000000', 1, '2026-01-01', 3, 'working_days', '东人社〔2026〕1号')"
    )
    found = await find_item(conn, "B01", on=date(2026, 11, 23), division="441900003001")
    assert found.terms.promised == Limit(value=3, unit="working_days", clause="东人社〔2026〕1号")
    await conn.close()
