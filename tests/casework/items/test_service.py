"""Seeding: the packaged catalogue reaches the database, again and again, and never takes anything away."""

import asyncio
import copy
import json
from importlib.resources import files

import pytest

from casework.items.catalogue import load_catalogue, read_catalogue
from casework.items.service import seed_catalogue

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
