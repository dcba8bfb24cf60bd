"""Import: all rows or none, by the rules of the API, in the uploader's scope. Source: S3, O4.3e, ADR 0015."""

import asyncio

import pytest

from common.auth import Role
from common.testing.tokens import make_actor


async def test_an_unchanged_export_changes_nothing(clerk, world):
    """Source: ADR 0015."""
    sheet = await clerk.download("offices", division=world.HEPING)
    before = await clerk.counts()
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert (job["state"], job["error_count"], job["rows_written"]) == ("applied", 0, 0)
    assert job["rows_total"] == job["rows_read"] == job["rows_checked"] == len(sheet.rows) > 30
    assert await clerk.counts() == before


async def test_changed_cells_are_written_with_one_event_each(clerk, small_desk, world):
    """Source: S3."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    for row in (2, 3, 4):
        sheet.put(row, "办公电话", f"0762-55501{row}")
    outbox = await small_desk.value("SELECT count(*) FROM outbox")
    job = await clerk.bring_in(world.supervisor, "offices", sheet, reason="电话普查")
    assert (job["state"], job["rows_written"], job["errors"]) == ("applied", 3, [])
    assert await small_desk.value("SELECT count(*) FROM outbox") == outbox + 3
    office = await small_desk.rows("SELECT * FROM offices WHERE id::text = $1", sheet.get(3, "编号"))
    assert (office[0]["phone"], office[0]["version"]) == ("0762-555013", 2)
    again = await clerk.download("offices", division=world.HEPING_TOWN)
    assert again.get(3, "办公电话") == "0762-555013"
    assert again.get(3, "版本") == 2


async def test_one_wrong_row_keeps_everything_out(clerk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "0762-555012")
    sheet.put(3, "办公电话", "打听一下")
    before = await clerk.counts()
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert (job["state"], job["error_count"], job["rows_written"]) == ("refused", 1, 0)
    assert (job["errors"][0]["row"], job["errors"][0]["column"]) == (3, "办公电话")
    assert await clerk.counts() == before
