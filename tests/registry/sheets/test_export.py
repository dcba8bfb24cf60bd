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
    told = [(row[sheet.place("编号")], row[sheet.place("区划代码")], row[sheet.place("机构名称")]) for row in sheet.rows]
    assert told == [tuple(one) for one in listed]
    assert sheet.get(2, "状态（名称）") == "运行"
