"""Import: all rows or none, by the rules of the API, in the uploader's scope. Source: S3, O4.3e, ADR 0015."""

import asyncio

import pytest

from common.auth import Role
from common.testing.persons import synthetic_person
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
        sheet.put(row, "办公电话", f"0762-55500{row + 10}")
    outbox = await small_desk.value("SELECT count(*) FROM outbox")
    job = await clerk.bring_in(world.supervisor, "offices", sheet, reason="电话普查")
    assert (job["state"], job["rows_written"], job["errors"]) == ("applied", 3, [])
    assert await small_desk.value("SELECT count(*) FROM outbox") == outbox + 3
    office = await small_desk.rows("SELECT * FROM offices WHERE id::text = $1", sheet.get(3, "编号"))
    assert (office[0]["phone"], office[0]["version"]) == ("0762-5550013", 2)
    again = await clerk.download("offices", division=world.HEPING_TOWN)
    assert again.get(3, "办公电话") == "0762-5550013"
    assert again.get(3, "版本") == 2


async def test_one_wrong_row_keeps_everything_out(clerk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "0762-5550012")
    sheet.put(3, "办公电话", "打听一下")
    before = await clerk.counts()
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert (job["state"], job["error_count"], job["rows_written"]) == ("refused", 1, 0)
    assert (job["errors"][0]["row"], job["errors"][0]["column"]) == (3, "办公电话")
    assert await clerk.counts() == before


async def test_a_stale_row_is_told_and_nothing_is_lost(clerk, small_desk, world):
    """What If-Match is for one office, the version column is for a file."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "0762-5550012")
    sheet.put(3, "办公电话", "0762-5550013")
    await small_desk.change(world.supervisor, sheet.get(3, "编号"), 1, phone="0762-8999999")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert job["state"] == "refused"
    assert job["errors"] == [{"row": 3, "column": "版本", "code": "stale", "reason": "已被他人修改，请重新导出后再改"}]
    assert await small_desk.value("SELECT phone FROM offices WHERE id::text = $1", sheet.get(2, "编号")) is None


async def test_an_unchanged_row_of_an_old_version_is_told_as_well(clerk, small_desk, world):
    """It would say that the office is what it no longer is."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    await small_desk.change(world.supervisor, sheet.get(3, "编号"), 1, phone="0762-8999999")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert [(one["row"], one["code"]) for one in job["errors"]] == [(3, "stale")]


async def test_rows_outside_the_uploaders_scope_are_refused(clerk, world):
    """Source: O1.3a."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "0762-5550012")
    job = await clerk.bring_in(world.stranger, "offices", sheet)
    assert job["error_count"] == len(sheet.rows)
    assert {one["code"] for one in job["errors"]} == {"registry.office-not-found"}
    head = make_actor(world.HEPING_TOWN, Role.OFFICE_HEAD)
    named = await clerk.download("offices", division=world.HEPING_TOWN)
    named.put(3, "状态", "suspended")
    named.put(3, "状态（名称）", None)
    named.put(3, "变更理由", "装修")
    job = await clerk.bring_in(head, "offices", named)
    assert [(one["row"], one["code"]) for one in job["errors"]] == [(3, "auth.role-required")]


async def test_the_rules_of_the_api_hold_for_rows(clerk, world):
    """Source: O2.1a, O2.1b, O1.3c."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "机构名称", "阳明镇便民中心")
    sheet.put(3, "状态", "closed")
    sheet.put(3, "状态（名称）", "撤销")
    sheet.put(4, "状态", "suspended")
    sheet.put(4, "状态（名称）", None)
    sheet.put(5, "区划代码", "441624102201")
    sheet.put(6, "命名批准文号", "和人社〔2026〕1号")
    sheet.put(7, "层级（名称）", "市")
    sheet.put(7, "层级", "city")
    sheet.put(8, "统一社会信用代码", "121234567890123456")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert {(one["row"], one["column"], one["code"]) for one in job["errors"]} == {
        (2, "机构名称", "registry.office-name-refused"),
        (3, "变更理由", "reason-required"),
        (4, "变更理由", "reason-required"),
        (5, "区划代码", "fixed"),
        (6, "命名批准文号", "not-without-name"),
        (7, "层级", "shown-only"),
        (8, "统一社会信用代码", "registry.uscc-refused"),
    }


async def test_an_office_without_a_window_does_not_open_by_a_file_either(clerk, small_desk, world):
    """Source: O2.2b."""
    town = await small_desk.office_of(world.HEPING_TOWN)
    await small_desk.change(world.supervisor, town["id"], status="suspended", reason="修缮")
    sheet = await clerk.download("offices", division=world.HEPING_TOWN, level="town")
    sheet.put(2, "状态", "operating")
    sheet.put(2, "状态（名称）", "运行")
    sheet.put(2, "变更理由", "启用")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert [(one["row"], one["code"]) for one in job["errors"]] == [(2, "registry.public-window-required")]
    assert (await small_desk.office_of(world.HEPING_TOWN))["status"] == "suspended"


PHONES = (
    "0762-5550013",
    "(0762)5550013",
    "020-81234567-801",
    "+86 755 8812 3456",
    "13800138000",
    "400-800-1234",
    "12333",
)
NO_PHONES = (
    "0762-555013",
    "5550013",
    "0762-9550013",
    "11111111",
    "(((((((",
    "12833800138",
    "123456",
    "0762-5550013-",
    "+86",
)


@pytest.mark.parametrize("phone", [*PHONES, *NO_PHONES])
async def test_a_telephone_is_one_in_a_file_as_in_a_request(clerk, small_desk, world, phone):
    """Source: O4.3e: people call it."""
    village = await small_desk.office_of(world.HEPING_VILLAGE)
    told = await small_desk.change(world.supervisor, village["id"], phone=phone)
    sheet = await clerk.download("offices", division=world.HEPING_TOWN, level="town")
    sheet.put(2, "办公电话", phone)
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    codes = {one["code"] for one in job["errors"]}
    if phone in PHONES:
        assert (told.status_code, told.json()["phone"], job["state"]) == (200, phone, "applied"), (told.text, job)
    else:
        assert (told.status_code, told.json()["code"]) == (422, "request.validation-failed")
        assert codes and codes <= {"wrong-form", "wrong-length"}


async def test_new_offices_are_set_up(clerk, small_desk, world):
    """Source: O2.1b."""
    sheet = await clerk.download("offices", division=world.INFORMAL)
    assert sheet.rows == []
    sheet.add(区划代码=world.INFORMAL, 机构名称="松山湖人力资源和社会保障服务所", 状态="规划", 办公电话="0769-2200012",
              命名批准文号="东人社〔2026〕3号", 命名批准理由="类似镇级单位")  # fmt: skip
    job = await clerk.bring_in(world.province, "offices", sheet)
    assert (job["state"], job["rows_written"], job["errors"]) == ("applied", 1, [])
    again = await clerk.download("offices", division=world.INFORMAL)
    assert (again.get(2, "状态"), again.get(2, "版本"), again.get(2, "办公电话")) == ("planned", 1, "0769-2200012")
    twice = await clerk.bring_in(world.province, "offices", sheet)
    assert [(one["row"], one["column"], one["code"]) for one in twice["errors"]] == [
        (2, "区划代码", "registry.office-already-exists")
    ]


async def test_cells_that_a_spreadsheet_has_turned_into_numbers(clerk, small_desk, world):
    """A code of 12 digits survives as a number, one of 18 does not, and this is told."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    for row in range(2, len(sheet.rows) + 2):
        sheet.put(row, "区划代码", int(sheet.get(row, "区划代码")))
        sheet.put(row, "版本", str(int(sheet.get(row, "版本"))))
    assert (await clerk.bring_in(world.supervisor, "offices", sheet))["state"] == "applied"
    sheet.put(2, "统一社会信用代码", 121234567890123456)
    sheet.put(3, "统一社会信用代码", "1.21235E+17")
    sheet.put(4, "办公电话", "　０７６２－５５５００１２　")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert {(one["row"], one["code"]) for one in job["errors"]} == {
        (2, "precision-lost"),
        (3, "precision-lost"),
        (4, "wrong-form"),
    }
    assert "1212" not in str(job)


async def test_unknown_and_missing_columns_are_told_of_the_header(clerk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.header[sheet.place("办公电话")] = "电话1234567"
    sheet.header[sheet.place("机构名称")] = "名称"
    sheet.header[sheet.place("状态生效日期")] = "状 态"
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert {(one["row"], one["column"], one["code"]) for one in job["errors"]} == {
        (1, "…", "unknown-column"),
        (1, "名称", "unknown-column"),
        (1, "状 态", "column-twice"),
        (1, "机构名称", "missing-column"),
    }


async def test_columns_may_stand_in_any_order_and_some_may_lack(clerk, small_desk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    kept = ["办公电话", "版本", "机构名称", "编号", "区划代码"]
    rows = [[row[sheet.place(header)] for header in kept] for row in sheet.rows]
    rows[1][0] = "0762-5550013"
    duties = await small_desk.value("SELECT count(*) FROM offices WHERE form IS NOT NULL")
    job = await clerk.bring_in(world.supervisor, "offices", type(sheet)(["办公 电话*", *kept[1:]], rows))
    assert (job["state"], job["rows_written"]) == ("applied", 1)
    assert await small_desk.value("SELECT count(*) FROM offices WHERE form IS NOT NULL") == duties


async def test_the_same_row_twice_is_told_of_both(clerk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.rows.append(list(sheet.rows[2]))
    last = len(sheet.rows) + 1
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    assert [(one["row"], one["column"], one["code"], one["reason"]) for one in job["errors"]] == [
        (4, "编号", "row-twice", f"与第{last}行重复"),
        (last, "编号", "row-twice", "与第4行重复"),
    ]


async def test_the_error_sheet_shows_the_rows_with_their_wrong_cells_marked(clerk, world, tools):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(3, "办公电话", "打听一下")
    sheet.put(5, "标识安装日期", "昨天")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    content = await clerk.errors(world.supervisor, job)
    told = tools.read(content)
    assert told.header == ["行号", "列", "错误代码", "原因"]
    assert [row[:3] for row in told.rows] == [[3, "办公电话", "wrong-length"], [5, "标识安装日期", "not-a-day"]]
    assert "不是日期" in told.rows[1][3]
    rows = tools.read(content, 1)
    assert rows.header[:2] == ["行号", "原因"]
    assert [row[0] for row in rows.rows] == [3, 5]
    assert (rows.get(2, "办公电话"), rows.get(3, "标识安装日期")) == ("打听一下", "昨天")
    import io
    import re
    import zipfile

    parts = zipfile.ZipFile(io.BytesIO(content))
    formats = re.findall(
        r"<xf [^>]*>", re.search(r"<cellXfs.*?</cellXfs>", parts.read("xl/styles.xml").decode(), re.DOTALL)[0]
    )
    marked = [
        text
        for style, text in re.findall(
            r's="(\d+)" t="inlineStr"><is><t[^>]*>([^<]*)', parts.read("xl/worksheets/sheet2.xml").decode()
        )
        if 'applyFill="1"' in formats[int(style)]
    ]
    assert marked == ["打听一下", "昨天"]


async def test_a_cell_that_holds_an_error_is_told_and_not_taken_for_blank(clerk, small_desk, world, tools):
    import io

    import xlsxwriter

    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    for number, row in enumerate([sheet.header, *sheet.rows[:3]]):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, place, cell)
            elif isinstance(cell, float):
                page.write_number(number, place, cell)
    page.write_formula(2, sheet.place("办公电话"), "=1/0", None, "#DIV/0!")
    book.close()
    await small_desk.change(world.supervisor, sheet.get(3, "编号"), 1, phone="0762-8999999")
    job = await clerk.bring_in(world.supervisor, "offices", target.getvalue())
    assert (3, "办公电话", "error-cell") in {(one["row"], one["column"], one["code"]) for one in job["errors"]}


async def test_only_the_uploader_sees_an_import(clerk, small_desk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    for path in (f"/sheets/imports/{job['id']}", f"/sheets/imports/{job['id']}/errors.xlsx"):
        other = await small_desk.get(path, world.province)
        assert (other.status_code, other.json()["code"]) == (404, "registry.sheet-import-not-found")
    without = await small_desk.get(f"/sheets/imports/{job['id']}/errors.xlsx", world.supervisor)
    assert (without.status_code, without.json()["code"]) == (409, "registry.sheet-import-without-errors")
    listed = (await small_desk.get("/sheets/imports", world.supervisor)).json()["items"]
    assert [one["id"] for one in listed] == [job["id"]]
    assert (await small_desk.get("/sheets/imports", world.province)).json()["items"] == []


async def test_an_upload_that_is_sent_again_is_one_import(clerk, small_desk, world):
    sheet = (await clerk.download("offices", division=world.HEPING_TOWN)).to_bytes()
    import httpx

    request = httpx.Request("POST", "http://x", data={"list": "offices"}, files={"file": ("a.xlsx", sheet)})
    headers = {
        **(await clerk.upload(world.supervisor, "offices", sheet, key="k-1")).request.headers,
    }
    body, kind = request.read(), request.headers["content-type"]
    first = [
        await small_desk.client.post(
            "/registry/v1/sheets/imports",
            content=body,
            headers={"authorization": headers["authorization"], "content-type": kind, "idempotency-key": "k-2"},
        )
        for _ in range(2)
    ]
    assert first[0].json()["id"] == first[1].json()["id"]
    assert first[1].headers["idempotency-replayed"] == "true"
    assert await small_desk.value("SELECT count(*) FROM sheet_imports") == 2


async def test_two_imports_of_the_same_rows_follow_one_another(clerk, small_desk, world):
    """Only one of them saw the offices as they are."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    for row in (2, 3, 4):
        sheet.put(row, "办公电话", "0762-5550000")
    jobs = [(await clerk.upload(world.supervisor, "offices", sheet.to_bytes())).json()["id"] for _ in range(2)]
    await asyncio.gather(clerk.work(), clerk.work())
    await clerk.work()
    states = sorted(
        [(await small_desk.get(f"/sheets/imports/{job}", world.supervisor)).json()["state"] for job in jobs]
    )
    assert states == ["applied", "refused"]
    assert await small_desk.value("SELECT max(version) FROM offices") == 2


@pytest.mark.parametrize("reason", ["x", "长" * 501])
async def test_the_reason_of_a_file_has_a_length(clerk, world, reason):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    answer = await clerk.upload(world.supervisor, "offices", sheet.to_bytes(), reason=reason)
    assert (answer.status_code, answer.json()["code"]) == (400, "registry.sheet-upload-malformed")


async def test_a_reason_for_the_whole_file_with_a_number_of_somebody_is_refused(clerk, small_desk, world):
    """Source: standards.md §9; ADR 0005."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    person = synthetic_person(4)
    for reason in (f"所长 {person.id_number} 病假", f"电话{person.phone}"):
        answer = await clerk.upload(world.supervisor, "offices", sheet.to_bytes(), reason=reason)
        assert (answer.status_code, answer.json()["code"]) == (422, "registry.text-holds-personal-data")
        assert person.id_number not in answer.text
    assert await small_desk.value("SELECT count(*) FROM sheet_imports") == 0
    assert await small_desk.value("SELECT count(*) FROM audit_entries WHERE action = 'registry.sheet.upload'") == 0
