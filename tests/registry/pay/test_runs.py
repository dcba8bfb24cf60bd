"""Pay runs: what is paid, once, to whom, and traced to the case. Source: O1.4e, O1.4f, O1.4g."""

import asyncio
from typing import Any

import pytest

from common.auth import Role
from common.testing.tokens import make_actor


async def test_pay_is_accepted_tasks_times_rate_times_quality_and_traced_to_the_case(pay: Any) -> None:
    """O1.4f: 按照其完成任务的数量、质量给予经费和报酬."""
    member = await pay.hire(1)
    rate = await pay.rate(333)
    cases = [await pay.case(1) for _ in range(3)]
    for case, quality in zip(cases, (1000, 900, 1250), strict=True):
        await pay.accept(case, quality)
    run = await pay.pay()
    (line,) = run["lines"]
    assert (line["tasks"], line["quality_permille"]) == (3, 1050)
    assert line["amount_fen"] == line["earned_fen"] == run["total_fen"] == 1049  # 333 × 3.15 = 1048.95
    assert (run["status"], run["status_label"], line["blocked_by"]) == ("settled", "已核定", None)
    assert line["staff_member_id"] == str(member.id)
    assert set(line["case_ids"]) == {str(case.id) for case in cases}
    paid = (await pay.desk.get("/pay-tasks", pay.head, pay_run_id=run["id"])).json()["items"]
    assert {(one["case_id"], one["rate_fen"]) for one in paid} == {(str(case.id), 333) for case in cases}
    rows = await pay.desk.rows("SELECT * FROM paid_tasks")
    assert {str(row["rate_id"]) for row in rows} == {rate["id"]}
