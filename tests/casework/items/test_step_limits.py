"""A stage may have a limit of its own, beside the whole. Source: O4.1b, O4.3c."""

import pytest

from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import bearer

ITEM = "/casework/v1/items/B01"
BASIS = {"document": "粤人社函〔2026〕1号", "reason": "明确各环节的时限"}
THREE_DAYS = {"value": 3, "unit": "working_days"}


async def change(window, world, **body: object):
    """A change by the province's administrator, of the newest version."""
    newest = (await window.client.get(f"{ITEM}/versions")).json()["newest_version"]
    headers = {**bearer(world.ADMINISTRATOR), "If-Match": f'"{newest}"'}
    return await window.client.patch(ITEM, json={**BASIS, **body}, headers=headers)


async def test_a_stage_with_a_limit_is_due_before_the_whole(window, world):
    """Source: O4.3c; standards.md §6 (step overdue even if the total is not)."""
    changed = await change(window, world, step_limits={"undertaking": THREE_DAYS}, effective_on=today().isoformat())
    assert changed.status_code == 200, changed.text
    assert changed.json()["step_limits"]["undertaking"]["value"] == 3
    made = (await window.register(item_code="B01")).json()
    assert made["step_due_on"] is None
    accepted = (await window.act(made["id"], "acceptance", version=1)).json()
    clock = await window.client.get(
        "/casework/v1/calendar/due-date",
        params={"from": today().isoformat(), "value": 3, "unit": "working_days"},
    )
    assert accepted["step_due_on"] == clock.json()["due_on"]
    assert accepted["step_due_on"] <= accepted["due_on"]


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [
        ({"decided": THREE_DAYS}, 422, "request.validation-failed"),
        ({"undertaking": {"value": 0, "unit": "working_days"}}, 422, "request.validation-failed"),
        (None, 422, "request.validation-failed"),
    ],
)
async def test_what_is_no_limit_of_a_stage_changes_nothing(window, world, limits, status: int, code: str):
    before = await window.value("SELECT count(*) FROM item_versions")
    problem(await change(window, world, step_limits=limits), status, code)
    assert await window.value("SELECT count(*) FROM item_versions") == before


async def test_a_stage_that_the_item_does_not_have_has_no_limit(window, world):
    """Source: O4.1b."""
    refused = await change(window, world, steps=["undertaking"], step_limits={"approving": THREE_DAYS})
    assert problem(refused, 422, refused.json()["code"])["part"] == "step_limits"
