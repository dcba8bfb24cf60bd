"""Export of pay, of standards for hiring and of changes of divisions: the rows of their lists, never a person.

Source: S3, O1.4f, O3.1a, O4.3e, ADR 0015.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest

from common.auth import Role
from common.contracts.registry.money import PayRateState, PayRecoveryState, PayRunState
from common.contracts.registry.people import QualificationStandardState
from common.divisions import Level
from common.ids import uuid7
from common.testing.tokens import make_actor
from registry.history.service import store_record
from registry.pay.repository import Claim
from registry.pay.service import keep_tasks

TOWN, STATION = "441624101000", "441624101201"
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
STRANGER = make_actor("441625000000", Role.BUREAU_SUPERVISOR)
PSEUDONYM = "ab" * 32
RUN_ID, POST_ID, CASE_ID = (uuid5(UUID(int=9), name) for name in ("run", "post", "case"))
DAY = date(2026, 10, 15)
LINE = {
    "staff_member_id": POST_ID, "pseudonym": PSEUDONYM, "tasks": 3, "quality_permille": 1000, "amount_fen": 0,
    "blocked_by": "O1.4g", "earned_fen": 999,
}  # fmt: skip
STATES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "pay_rates": (TOWN, PayRateState, {
        "station_division": STATION, "item_code": None, "duty": "social_insurance", "fen_per_task": 1234,
        "valid_from": DAY, "valid_to": None, "document": "和府办〔2026〕1号"}),
    "pay_runs": (STATION, PayRunState, {
        "period_from": DAY, "period_to": DAY, "status": "draft", "lines": (LINE,), "total_fen": 0, "settled_at": None}),
    "pay_recoveries": (STATION, PayRecoveryState, {
        "pay_run_id": RUN_ID, "staff_member_id": POST_ID, "pseudonym": PSEUDONYM, "amount_fen": 500, "found_on": DAY,
        "clause": "O1.4g", "status": "open", "found_reason": "public_employee_roster"}),
    "qualification_standards": ("441624000000", QualificationStandardState, {
        "title": "聘用资格标准", "number": 2, "applies_to": ("part_time",), "min_age_years": 18, "max_age_years": None,
        "min_education": "college", "required_certificates": ("甲", "乙"), "in_force_from": DAY, "in_force_to": None,
        "document": "和人社函〔2026〕3号"}),
}  # fmt: skip
SHOWN: dict[str, dict[str, Any]] = {
    "pay_rates": {"服务站区划代码": STATION, "职责": "social_insurance", "每件报酬（元）": 12.34},
    "pay_runs": {"核发状态（名称）": "编制中", "岗位数": 1, "任务数": 3, "不予支付的岗位数": 1, "合计（元）": 0},
    "pay_recoveries": {"应追回（元）": 5, "岗位编号": str(POST_ID), "追回状态（名称）": "待追回", "条款": "O1.4g"},
    "qualification_standards": {"版本号": 2, "最低学历": "college", "所需证书": "甲、乙", "最低年龄": 18},
}


async def store(desk: Any, name: str) -> Any:
    division, model, fields = STATES[name]
    office = await desk.office_of(division)
    place = {"office_id": UUID(office["id"]), "division": division, "level": Level(office["level"])}
    state = model(id=uuid7(), version=1, effective_on=DAY, **place, **fields)
    async with desk.units()() as uow:
        await store_record(uow, state, previous=None, action="registry.test.store")
    return state


@pytest.mark.parametrize("name", STATES)
async def test_a_list_shows_its_records_and_no_person(clerk: Any, small_desk: Any, name: str) -> None:
    """Source: S3."""
    state = await store(small_desk, name)
    sheet = await clerk.download(name, HEAD if "pay" in name else None)
    assert len(sheet.rows) == 1
    assert sheet.get(2, "编号") == str(state.id)
    for header, value in SHOWN[name].items():
        assert sheet.get(2, header) == value, header
    assert PSEUDONYM not in str(sheet.rows)
    assert (await clerk.download(name, STRANGER, division=TOWN)).rows == []
    assert (await clerk.download(name, STRANGER)).rows == ([] if "pay" in name else sheet.rows)


async def test_tasks_are_exported_as_their_list_shows_them(clerk: Any, small_desk: Any) -> None:
    """Source: O1.4f: in the reader's subtree, without the account that closed the case."""
    office = await small_desk.office_of(STATION)
    claim = Claim(
        case_id=CASE_ID,
        case_version=3,
        office_id=UUID(office["id"]),
        division=STATION,
        item_code="E01",
        duty="employment_services",
        closed_at=datetime(2026, 10, 15, 4, tzinfo=UTC),
        closed_on=DAY,
        handler="agent-1",
        status="open",
    )
    async with small_desk.context.db.transaction() as conn:
        await keep_tasks(conn, claims=[claim], reopened=[])
    sheet = await clerk.download("pay_tasks", HEAD, office_id=office["id"])
    shown = {"办件编号": str(CASE_ID), "机构名称": office["name"], "认定状态": "open", "认定状态（名称）": "待认定"}
    assert {header: sheet.get(2, header) for header in shown} == shown
    assert "agent-1" not in str(sheet.rows)
    assert (await clerk.download("pay_tasks", STRANGER)).rows == []
    refused = await small_desk.get("/sheets/pay_tasks.xlsx", make_actor(TOWN, Role.WINDOW_CLERK))
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.role-required")


async def test_changes_of_divisions_are_exported_for_everybody_the_latest_first(clerk: Any, small_desk: Any) -> None:
    """Source: O4.3e."""
    author = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
    for day, name in (("2026-07-01", "新一镇"), ("2026-08-01", "新二镇")):
        body = {"kind": "rename", "sources": [TOWN], "targets": [{"code": TOWN, "name": name}]}
        answer = await small_desk.post(
            "/division-changes", author, effective_on=day, document=f"粤民〔2026〕{day[6]}号", **body
        )
        assert answer.status_code == 201, answer.text
    sheet = await clerk.download("division_changes", division="441624000000")
    listed = (await small_desk.get("/division-changes", division="441624000000")).json()["items"]
    assert [row[sheet.place("编号")] for row in sheet.rows] == [one["id"] for one in listed]
    assert [row[sheet.place("批准文件")] for row in sheet.rows] == ["粤民〔2026〕8号", "粤民〔2026〕7号"]
    assert (sheet.get(2, "调整类别"), sheet.get(2, "废止代码数"), sheet.get(2, "代码不变而更新的区划数")) == (
        "rename",
        0,
        1,
    )
    assert (await clerk.download("division_changes", division="441625000000")).rows == []
