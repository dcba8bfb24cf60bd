"""Export: what somebody may see, as a workbook that no programme takes for formulas. Source: S3, O4.3e, ADR 0015."""

import io
import re
import zipfile


async def test_offices_are_exported_for_everybody_in_the_order_of_the_tree(clerk, small_desk, world):
    """Source: O4.3e."""
    sheet = await clerk.download("offices", division=world.HEPING)
    listed = await small_desk.rows(
        "SELECT id::text, division, name FROM offices WHERE division LIKE '441624%' ORDER BY division, id"
    )
    told = [
        (row[sheet.place("编号")], row[sheet.place("区划代码")], row[sheet.place("机构名称")]) for row in sheet.rows
    ]
    assert told == [tuple(one) for one in listed]
    assert sheet.get(2, "状态（名称）") == "运行"


async def test_no_text_becomes_a_formula(clerk, small_desk, world):
    """A name that begins like a formula is a string cell of the format text, and stays one when it is edited."""
    for number, sign in enumerate("=+-@", 101):
        await small_desk.rows(
            "UPDATE offices SET platform = $1 WHERE division = $2", f"{sign}1+cmd|' /C calc'!A0", f"441624{number}000"
        )
    await small_desk.rows("UPDATE offices SET platform = E'\\t=1' WHERE division = '441624100000'")
    answer = await small_desk.get("/sheets/offices.xlsx", division=world.HEPING)
    parts = zipfile.ZipFile(io.BytesIO(answer.content))
    cells = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in cells
    assert "<f " not in cells
    risky = re.findall(r'<c r="\w+" s="(\d+)" t="(\w+)"><is><t[^>]*>([=+\-@\t][^<]*)', cells)
    assert len(risky) == 3, "offices of three towns there, and one with a tab"
    assert {kind for _, kind, _ in risky} == {"inlineStr"}
    styles = re.search(r"<cellXfs.*?</cellXfs>", parts.read("xl/styles.xml").decode(), re.DOTALL)[0]
    formats = re.findall(r"<xf [^>]*>", styles)
    assert all(
        'quotePrefix="1"' in formats[int(style)] and 'numFmtId="49"' in formats[int(style)] for style, _, _ in risky
    )
    assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]


async def test_codes_are_texts_with_all_their_digits(clerk, small_desk, world):
    """18 digits as a number would lose the last ones."""
    await small_desk.rows("UPDATE offices SET uscc = '121234567890123456' WHERE division = $1", world.HEPING_TOWN)
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    assert sheet.get(2, "统一社会信用代码") == "121234567890123456"
    assert sheet.get(2, "区划代码") == world.HEPING_TOWN


async def test_the_same_list_gives_the_same_bytes(small_desk, world):
    first, second = [(await small_desk.get("/sheets/offices.xlsx", division=world.HEPING)).content for _ in range(2)]
    assert first == second


async def test_filters_are_those_of_the_list(clerk, small_desk, world):
    sheet = await clerk.download("offices", division=world.HEPING, level="town", status="operating")
    assert {row[sheet.place("层级")] for row in sheet.rows} == {"town"}
    named = await clerk.download("offices", q="阳明")
    assert named.rows
    assert all("阳明" in row[named.place("机构名称")] for row in named.rows)
    past = await clerk.download("offices", division=world.HEPING, on="2023-07-01", level="town")
    assert [row[0] for row in past.rows] == [row[0] for row in sheet.rows]
    refused = await small_desk.get("/sheets/offices.xlsx", parent_code=world.HEPING)
    assert (refused.status_code, refused.json()["code"]) == (400, "registry.sheet-filter-unknown")
    assert "parent_code" not in refused.json()["allowed"]
    now_only = await small_desk.get("/sheets/offices.xlsx", on="2023-07-01", readiness="ready")
    assert (now_only.status_code, now_only.json()["code"]) == (400, "registry.sheet-filter-unknown")


async def test_divisions_of_a_subtree_in_the_order_of_the_tree(clerk, world):
    sheet = await clerk.download("divisions", division=world.HEPING_TOWN)
    codes = [row[sheet.place("区划代码")] for row in sheet.rows]
    assert codes == sorted(codes)
    assert codes[0] == world.HEPING_TOWN
    assert all(code.startswith("441624101") for code in codes)


async def test_what_is_not_public_is_exported_in_the_readers_scope_only(clerk, small_desk, world):
    """Source: ADR 0005."""
    anonymous = await small_desk.get("/sheets/naming_reports.xlsx")
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "auth.token-missing")
    clerks = await small_desk.get("/sheets/naming_reports.xlsx", world.clerk)
    assert (clerks.status_code, clerks.json()["code"]) == (403, "auth.role-required")
    everything = await clerk.download("naming_reports", world.province)
    own = await clerk.download("naming_reports", world.dongguan)
    codes = {row[own.place("区划代码")] for row in own.rows}
    assert codes
    assert all(code.startswith("4419") for code in codes)
    assert len(everything.rows) > len(own.rows)
    foreign = await clerk.download("naming_reports", world.dongguan, division=world.HEPING)
    assert foreign.rows == []


async def test_every_list_is_in_the_catalogue_and_can_be_exported_when_empty(clerk, small_desk, world):
    """Source: S3."""
    lists = (await small_desk.get("/sheets")).json()["items"]
    assert {"offices", "premises", "equipment", "staff_members", "training", "staffing_requirements", "budget_lines",
            "fund_expenses", "divisions", "naming_reports", "readiness", "windows"} <= {one["name"] for one in lists}  # fmt: skip
    for one in lists:
        anonymous = await small_desk.get(f"/sheets/{one['name']}.xlsx")
        assert anonymous.status_code == (200 if one["is_public"] else 401), one
        sheet = await clerk.download(one["name"], world.province)
        assert [header for header in sheet.header if not header.endswith("（名称）")] == one["headers"]
    nothing = await small_desk.get("/sheets/salaries.xlsx")
    assert (nothing.status_code, nothing.json()["code"]) == (422, "request.validation-failed")


async def test_more_exports_at_once_than_a_process_takes_are_asked_to_come_again(small_desk, world, monkeypatch):
    monkeypatch.setattr("registry.sheets.service.exporting.MAX_AT_ONCE", 0)
    busy = await small_desk.get("/sheets/offices.xlsx", division=world.HEPING_TOWN)
    assert (busy.status_code, busy.json()["code"]) == (503, "registry.sheet-exports-busy")
    assert busy.headers["retry-after"]


async def test_no_database_session_is_held_while_the_answer_is_sent(small_desk, world):
    """Four connections in the pool; six answers under way."""
    request = small_desk.client.build_request("GET", f"/registry/v1/sheets/offices.xlsx?division={world.HEPING}")
    opened = [await small_desk.client.send(request, stream=True) for _ in range(6)]
    assert small_desk.context.db.lent == 0
    assert len({await one.aread() for one in opened}) == 1


async def test_a_template_explains_every_column_and_every_code(clerk, small_desk, tools):
    for one in (await small_desk.get("/sheets")).json()["items"]:
        answer = await small_desk.get(f"/sheets/{one['name']}/template.xlsx")
        if not one["is_importable"]:
            assert answer.status_code == 422, one
            continue
        assert answer.status_code == 200, one
        empty, notes, codes = (tools.read(answer.content, index) for index in range(3))
        assert empty.rows == []
        assert [header for header in empty.header if not header.endswith("（名称）")] == one["headers"]
        explained = [row[0] for row in notes.rows if row[0]]
        assert explained == ["列名", *one["headers"]]
        assert codes.header[:3] == ["列名", "代码", "名称"]
        assert {row[0] for row in codes.rows} <= set(one["headers"])


async def test_the_columns_of_codes_are_texts_before_anything_is_written(small_desk):
    answer = await small_desk.get("/sheets/offices/template.xlsx")
    parts = zipfile.ZipFile(io.BytesIO(answer.content))
    columns = re.findall(
        r'<col min="(\d+)" max="\d+" width="[\d.]+" style="(\d+)"', parts.read("xl/worksheets/sheet1.xml").decode()
    )
    formats = re.findall(
        r"<xf [^>]*>", re.search(r"<cellXfs.*?</cellXfs>", parts.read("xl/styles.xml").decode(), re.DOTALL)[0]
    )
    assert 'numFmtId="49"' in formats[int(dict(columns)["3"])], "the third column is the code of the division"
