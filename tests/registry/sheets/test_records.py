"""Records of offices in and out of sheets: premises with windows, equipment, staffing factors, budgets, supplements."""

from datetime import date
from typing import Any

import pytest

from common.auth import Role
from common.testing.tokens import make_actor
from registry.sheets.domain.hours import Windows
from registry.sheets.domain.records import PREMISES

WINDOWS = (
    "1号 | 对外 | 就业服务、劳动关系协调及劳动人事争议处理 | 周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00\n"
    "2号 | 内部 | 社会保险"
)
NEW: dict[str, dict[str, Any]] = {
    "premises": {"地址": "和平县大坝镇中心路1号", "实测建筑面积（平方米）": 320.5, "其中共用面积（平方米）": 0, "窗口": WINDOWS},
    "equipment": {"设备种类（名称）": "打印机", "数量": "６", "状况": "working", "购置日期": "2020年5月1日",
                  "资金来源": "county_budget", "全部费用（元）": "30,000.50"},
    "staffing_requirements": {"服务对象（人）": 20000, "经济社会发展水平": "中等"},
    "budget_lines": {"年度": 2026, "是否列入预算": "是", "金额（元）": 120000.1, "预算文件": "和财〔2026〕1号"},
    "town_supplements": {"年度": 2026, "金额（元）": 5000, "用途": "水电"},
}  # fmt: skip
CHANGED: dict[str, tuple[str, Any, Any]] = {
    "premises": ("实测建筑面积（平方米）", 330, 330),
    "equipment": ("数量", 5, 5),
    "staffing_requirements": ("服务对象（人）", "24,000", 24000),
    "budget_lines": ("金额（元）", 130000, 130000),
    "town_supplements": ("金额（元）", "0", 0),
}


def uploader(name: str, world: Any) -> Any:
    """Money is told by the county, a supplement by the town, the rest by whoever guides the office."""
    return make_actor(world.HEPING_TOWN, Role.OFFICE_HEAD) if name == "town_supplements" else world.supervisor


@pytest.mark.parametrize("name", NEW)
async def test_records_go_in_come_out_and_change(clerk, small_desk, world, name):
    """Source: O2.2a, O2.2b, O2.3, O1.4b, O5.1a, O5.1b."""
    actor = uploader(name, world)
    sheet = await clerk.download(name, actor)
    assert sheet.rows == []
    sheet.add(区划代码=world.HEPING_TOWN, **NEW[name])
    outbox = await small_desk.value("SELECT count(*) FROM outbox")
    job = await clerk.bring_in(actor, name, sheet)
    assert (job["state"], job["rows_written"], job["errors"]) == ("applied", 1, [])
    assert await small_desk.value("SELECT count(*) FROM outbox") == outbox + 1

    told = await clerk.download(name, actor)
    assert len(told.rows) == 1
    assert told.get(2, "区划代码") == world.HEPING_TOWN
    assert "大坝镇" in told.get(2, "机构名称")
    before = await clerk.counts()
    again = await clerk.bring_in(actor, name, told)
    assert (again["state"], again["rows_written"], again["errors"]) == ("applied", 0, [])
    assert await clerk.counts() == before

    header, value, shown = CHANGED[name]
    told.put(2, header, value)
    changed = await clerk.bring_in(actor, name, told)
    assert (changed["state"], changed["rows_written"], changed["errors"]) == ("applied", 1, [])
    last = await clerk.download(name, actor)
    assert (last.get(2, header), last.get(2, "版本")) == (shown, 2)
    stale = await clerk.bring_in(actor, name, told)
    assert [(one["row"], one["code"]) for one in stale["errors"]] == [(2, "stale")]


async def test_the_windows_of_premises_are_a_list_too(clerk, world):
    """Source: O2.2b."""
    sheet = await clerk.download("premises")
    sheet.add(区划代码=world.HEPING_TOWN, **NEW["premises"])
    await clerk.bring_in(world.supervisor, "premises", sheet)
    told = await clerk.download("windows", division=world.HEPING)
    assert [row[told.place("窗口号")] for row in told.rows] == ["1号", "2号"]
    assert told.get(2, "开放时间") == "周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00"
    assert told.get(3, "是否对外") == "否"
    assert (await clerk.download("premises")).get(2, "窗口") == WINDOWS


async def test_the_rules_of_the_features_are_told_of_their_rows(clerk, small_desk, world):
    """Source: O2.2b, O2.3, O5.1a."""
    before = await clerk.counts()
    tables: dict[str, list[tuple[dict[str, Any], str, str]]] = {
        "premises": [
            ({"窗口": "1号 | 内部"}, "窗口", "registry.public-window-required"),
            ({"窗口": "1号 | 公开"}, "窗口", "not-windows"),
            ({"窗口": "1号 | 对外 | | 星期八 08:00-09:00"}, "窗口", "not-opening-hours"),
            ({"窗口": "1号 | 对外 | | 周一 09:00-08:00"}, "窗口", "registry.opening-hours-refused"),
            ({"实测建筑面积（平方米）": None}, "证载建筑面积（平方米）", "registry.premises-area-unknown"),
            ({"实测建筑面积（平方米）": 12.345}, "实测建筑面积（平方米）", "too-many-decimals"),
            ({"生效日期": date(2199, 1, 1)}, "生效日期", "registry.effective-date-refused"),
            ({"区划代码": "440305001001"}, "区划代码", "auth.out-of-scope"),
            ({"区划代码": "441624103000"}, "区划代码", "registry.office-not-found"),
            ({"地址": "张三 13800138000"}, "地址", "personal-data"),
        ],
        "equipment": [
            ({"资金来源": "provincial_aid"}, "省级补助编号", "registry.aid-grant-required"),
            ({"数量": 0}, "数量", "out-of-range"),
            ({"数量": -1}, "数量", "out-of-range"),
            ({"全部费用（元）": -1}, "全部费用（元）", "out-of-range"),
            ({"全部费用（元）": "一万"}, "全部费用（元）", "not-a-number"),
            ({"设备种类（名称）": None}, "设备种类", "required"),
            ({"编号": "01900000-0000-7000-8000-000000000001", "版本": 1}, "编号", "registry.record-not-found"),
        ],
        "budget_lines": [
            ({"预算文件": None}, "预算文件", "registry.budget-document-required"),
            ({"是否列入预算": "也许"}, "是否列入预算", "not-a-flag"),
            ({"年度": 1999}, "年度", "out-of-range"),
        ],
    }  # fmt: skip
    for name, rows in tables.items():
        sheet = await clerk.download(name, world.supervisor)
        for cells, _, _ in rows:
            sheet.add(**{"区划代码": world.HEPING_TOWN, **NEW[name], **cells})
        if name == "budget_lines":
            for place in range(len(sheet.rows)):
                if sheet.get(place + 2, "年度") == 2026:
                    sheet.put(place + 2, "年度", 2020 + place)
        job = await clerk.bring_in(world.supervisor, name, sheet)
        expected = {(row, column, code) for row, (_, column, code) in enumerate(rows, 2)}
        found = {(one["row"], one["column"], one["code"]) for one in job["errors"]}
        assert found == expected, name
    assert await clerk.counts() == before


async def test_a_yearly_line_stands_once(clerk, world):
    sheet = await clerk.download("budget_lines", world.supervisor)
    for _ in range(2):
        sheet.add(区划代码=world.HEPING_TOWN, **NEW["budget_lines"])
    job = await clerk.bring_in(world.supervisor, "budget_lines", sheet)
    assert [(one["row"], one["column"], one["code"]) for one in job["errors"]] == [
        (2, "年度", "row-twice"),
        (3, "年度", "row-twice"),
    ]
    sheet.rows.pop()
    assert (await clerk.bring_in(world.supervisor, "budget_lines", sheet))["state"] == "applied"
    job = await clerk.bring_in(world.supervisor, "budget_lines", sheet)
    assert [(one["row"], one["code"]) for one in job["errors"]] == [(2, "registry.record-exists")]


async def test_what_is_fixed_or_only_shown_is_told_and_never_ignored(clerk, world):
    sheet = await clerk.download("equipment", world.supervisor)
    sheet.add(区划代码=world.HEPING_TOWN, **NEW["equipment"])
    await clerk.bring_in(world.supervisor, "equipment", sheet)
    told = await clerk.download("equipment", world.supervisor)
    told.rows[0][told.place("资金来源")] = "donation"
    told.rows[0][told.place("资金来源（名称）")] = None
    told.rows[0][told.place("机构名称")] = "别的机构"
    job = await clerk.bring_in(world.supervisor, "equipment", told)
    assert {(one["column"], one["code"]) for one in job["errors"]} == {
        ("资金来源", "fixed"),
        ("机构名称", "shown-only"),
    }
    only_day = await clerk.download("equipment", world.supervisor)
    only_day.put(2, "生效日期", date(2021, 1, 1))
    job = await clerk.bring_in(world.supervisor, "equipment", only_day)
    assert [(one["column"], one["code"]) for one in job["errors"]] == [("生效日期", "only-effective-on")]


async def test_records_of_money_are_exported_in_the_readers_scope(clerk, small_desk, world):
    """Source: ADR 0005."""
    sheet = await clerk.download("budget_lines", world.supervisor)
    sheet.add(区划代码=world.HEPING_TOWN, **NEW["budget_lines"])
    await clerk.bring_in(world.supervisor, "budget_lines", sheet)
    assert len((await clerk.download("budget_lines", world.supervisor)).rows) == 1
    assert (await clerk.download("budget_lines", world.stranger)).rows == []
    assert (await clerk.download("budget_lines", world.stranger, division=world.HEPING_TOWN)).rows == []
    assert len((await clerk.download("budget_lines", world.province, division=world.HEPING)).rows) == 1
    assert (await clerk.download("budget_lines", world.supervisor, on="2020-01-01")).rows == []
    foreign = await clerk.download("budget_lines", world.supervisor)
    foreign.put(2, "金额（元）", 1)
    before = await clerk.counts()
    job = await clerk.bring_in(world.stranger, "budget_lines", foreign)
    assert [(one["row"], one["code"]) for one in job["errors"]] == [(2, "registry.record-not-found")]
    assert await clerk.counts() == before
    assert (await small_desk.get("/sheets/budget_lines.xlsx")).status_code == 401
    assert (await small_desk.get("/sheets/budget_lines.xlsx", world.clerk)).status_code == 403


def test_no_column_of_any_list_names_a_person():
    """Source: O1.4g."""
    from registry.sheets.service import LISTINGS

    keys = {column.key for listing in LISTINGS.values() for column in listing.columns}
    assert not keys & {"pseudonym", "person_id", "name_of_person", "id_number", "account", "approver"}


def test_windows_survive_their_cell():
    kind = next(column.kind for column in PREMISES if column.key == "windows")
    assert isinstance(kind, Windows)
    assert kind.show(kind.parse(WINDOWS)) == WINDOWS
