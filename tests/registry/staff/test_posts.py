"""Hiring, changing and ending posts over HTTP. Source: O1.4d, O1.4e."""

from datetime import timedelta
from typing import Any

import pytest

from common.auth import Role
from common.clock import today
from common.testing.persons import id_number_of, synthetic_person
from common.testing.tokens import make_actor

POSTS = "/staff-members"
STATION = "441624101201"


async def test_a_hire_is_a_post_with_a_masked_person_an_event_and_an_audit_entry(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    body = hire_body(office, duties=["employment_services", "social_insurance"], post_title="综合窗口")
    made = await small_desk.post(POSTS, world.head, **body)
    assert made.status_code == 201, made.text
    shown = made.json()
    somebody = synthetic_person(7_000)
    assert shown["person"]["id_number"] == f"990***********{somebody.id_number[-4:]}"
    assert shown["person"]["name"] == "测**"
    assert (shown["staff_type_label"], shown["is_public_employee"]) == ("政府购买服务", False)
    assert (shown["started_on"], shown["effective_on"], shown["ended_on"]) == ("2024-03-01", "2024-03-01", None)
    assert "pseudonym" not in shown
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", shown["id"])
    assert event["type"] == "registry.staff_member.changed.v1"
    (entry,) = await small_desk.rows("SELECT * FROM audit_entries WHERE object_id = $1", shown["id"])
    assert entry["action"] == "registry.staff_member.hire"
    again = await small_desk.get(f"{POSTS}/{shown['id']}", world.head)
    assert (again.json(), again.headers["ETag"]) == (shown, '"1"')
    assert made.headers["Location"] == f"/registry/v1/staff-members/{shown['id']}"
