"""What may be left out of a notice may be null. Source: O4.3c."""

from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import bearer


async def test_a_notice_with_null_words_is_judged_by_its_days(window, world):
    body = {
        "year": 2027, "document": "国办发明电〔2026〕9号", "title": None, "issued_on": "2026-11-20",
        "holidays": [{"from_on": "2027-01-01", "to_on": "2027-01-01", "name": "元旦"}], "make_up_days": [], "note": None,
    }  # fmt: skip
    headers = {**bearer(world.ADMINISTRATOR), "Idempotency-Key": str(uuid7())}
    answer = await window.client.post("/casework/v1/holiday-notices", json=body, headers=headers)
    problem(answer, 422, answer.json()["code"])
    assert answer.json()["code"].startswith("casework.")
