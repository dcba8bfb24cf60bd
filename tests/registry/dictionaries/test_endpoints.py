"""All dictionaries in one public answer."""

import pytest

from common.policy import BOOK, CLAUSES


async def test_every_code_comes_with_its_label(small_desk):
    body = (await small_desk.get("/dictionaries")).json()
    assert [one["label"] for one in body["levels"]] == ["省", "市", "县", "镇", "村"]
    assert {"code": "filler", "label": "占位行"} in body["division_kinds"]
    assert {"code": "service_office", "label": "服务所"} in body["office_kinds"]
    assert {"code": "closed", "label": "撤销"} in body["office_statuses"]
    assert {"code": "not-han", "label": "名称含拆字或非汉字写法，规则无法成名，须人工核定用字"} in body[
        "unnamed_reasons"
    ]
    assert len(body["duties"]) == 8
    assert {"code": "committee_part_time", "label": "村（居）委会人员兼职"} in body["staff_types"]
    assert [one["label"] for one in body["staffing_statuses"]] == ["不足", "达标", "超配", "未知"]
    assert [one["label"] for one in body["training_subjects"]] == ["法规政策", "操作技能"]


async def test_the_policy_is_told_with_unit_clause_and_document(small_desk):
    """O2.2a."""
    body = (await small_desk.get("/dictionaries")).json()
    area = next(one for one in body["policy_parameters"] if one["code"] == "office_floor_area_min")
    assert area == {
        "code": "office_floor_area_min",
        "title": "办公和服务场地建筑面积下限",
        "value": 300,
        "unit": "square_metre",
        "unit_label": "平方米",
        "strength": "soft",
        "clause": "O2.2a",
        "document": "粤府办〔2011〕65号",
        "valid_from": "2011-09-25",
        "valid_to": None,
        "mark": "V",
        "to_confirm": None,
    }
    kinds = {one["code"]: type(one["value"]) for one in body["policy_parameters"]}
    assert set(kinds) == set(BOOK.codes)
    assert kinds["part_time_public_employee_pay_allowed"] is bool
    assert kinds["cohort_a_target"] is int
    assert kinds["equipment_kinds"] is list
    assert {one["code"] for one in body["clauses"]} == set(CLAUSES)
    assert {one["clause"] for one in body["policy_parameters"]} <= set(CLAUSES)
    assert {one["document"] for one in body["policy_parameters"]} <= {one["number"] for one in body["documents"]}


@pytest.mark.parametrize(
    ("on", "lead", "duties"),
    [("2011-09-24", None, 0), ("2012-12-31", "人力资源社会保障部门", 8), ("2020-01-01", "退役军人事务部门", 8)],
)
async def test_the_policy_is_that_of_the_day_asked_for(small_desk, on, lead, duties):
    """O1.1a."""
    body = (await small_desk.get("/dictionaries", on=on)).json()
    found = [one["value"] for one in body["policy_parameters"] if one["code"] == "demobilised_officers_lead"]
    assert found == ([lead] if lead else [])
    assert len(body["duties"]) == duties
