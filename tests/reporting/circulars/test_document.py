"""The official document: its elements, and that its bytes repeat. Source: O6.3b; standards.md §9 (GB/T 9704-2012)."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from common.contracts.reporting.circulars import (
    AttachmentState,
    BlockState,
    NumberChange,
    QueryState,
    WordChange,
    WordsState,
)
from reporting.circulars.domain import Cell, Column, Row, Table, digest_of, ranked
from reporting.circulars.rendering import Paper
from reporting.circulars.rendering.document import render
from reporting.circulars.rendering.page import CHARACTER_TWIPS, CHARACTERS, LINE_TWIPS, LINES, TEXT_SIZE
from reporting.circulars.rendering.text import Numbering, chinese_number

QUERY = QueryState(code="ready", kind="indicator", subject="towns-ready", title="建成情况", better="higher")
AT = datetime(2012, 1, 5, tzinfo=UTC)


def table(count=21):
    rows = [
        Row(f"44{position:02d}00000000", f"第{position}市", (Cell(f"{position}.5", AT, 9, 10), Cell(str(position))))
        for position in range(1, count + 1)
    ]
    columns = (Column("value", "建成率", "%"), Column("numerator", "建成", "个"))
    total = Row("440000000000", "广东省", (Cell("61.2", AT), Cell(None)))
    return Table(QUERY, columns, ranked(rows, "higher"), total)


def paper(**changes):
    kinds = ("heading_1", "heading_2", "heading_3", "heading_4", "paragraph", "heading_1")
    words = WordsState(
        issuer="广东省人力资源和社会保障厅",
        number_mark="粤人社函",
        title="关于建设进展情况的通报",
        addressees=("各地级以上市人力资源和社会保障局", "省直有关单位"),
        blocks=tuple(BlockState(kind=kind, text=f"文字{position}") for position, kind in enumerate(kinds)),
        attachments=(
            AttachmentState(title="情况表", blocks=(BlockState(kind="table", text="ready"),)),
            AttachmentState(title="说明", blocks=(BlockState(kind="paragraph", text="说明文字"),)),
        ),
        note="此件主动公开",
        copies=("省政府办公厅",),
        printed_by="省厅办公室",
        **changes.pop("words", {}),
    )
    told = {"number": "粤人社函〔2012〕3号", "signed_on": date(2012, 1, 9), "on": date(2011, 12, 31), **changes}
    return Paper(words=words, tables={"ready": table()}, digest="ab" * 32, **told)


@pytest.fixture(scope="module")
def made():
    return render(paper())


@pytest.fixture(scope="module")
def word(made):
    return Document(io.BytesIO(made))


def xml(content, name="word/document.xml"):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def paragraph(word, text):
    return next(one for one in word.paragraphs if one.text == text)


def font_of(found):
    run = found.runs[0]
    return run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_the_page_has_the_margins_and_the_grid_of_the_standard(word):
    """GB/T 9704-2012: A4, 37/35/28/26 mm, 22 lines of 28 characters."""
    section = word.sections[0]
    assert [round(one.mm) for one in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    text_height, text_width = (297 - 37 - 35) / 25.4 * 1440, (210 - 28 - 26) / 25.4 * 1440
    assert int(text_height / LINE_TWIPS) == LINES
    assert int(text_width / (TEXT_SIZE * 20 + CHARACTER_TWIPS)) == CHARACTERS
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == str(LINE_TWIPS)


def test_page_numbers_stand_outside_between_dashes(made, word):
    """GB/T 9704-2012: `— 1 —`, odd pages right, even pages left."""
    assert "evenAndOddHeaders" in xml(made, "word/settings.xml")
    sides = [word.sections[0].footer.paragraphs[0], word.sections[0].even_page_footer.paragraphs[0]]
    assert [one.alignment.name for one in sides] == ["RIGHT", "LEFT"]
    for one in sides:
        assert one.text == "—  —"
        assert "PAGE" in one._p.xml


def test_the_head_is_red_and_the_elements_have_their_fonts_and_their_order(word):
    """GB/T 9704-2012: 发文机关标志, 发文字号, 标题, 主送机关, 正文, 附件说明, 署名, 成文日期, 附注, 附件."""
    texts = [one.text for one in word.paragraphs if one.text]
    wanted = [
        "广东省人力资源和社会保障厅文件",
        "粤人社函〔2012〕3号",
        "关于建设进展情况的通报",
        "各地级以上市人力资源和社会保障局，省直有关单位：",
        "一、文字0",
        "（一）文字1",
        "1.文字2",
        "（1）文字3",
        "文字4",
        "二、文字5",
        "附件：1.情况表",
        "2.说明",
        "广东省人力资源和社会保障厅",
        "2012年1月9日",
        "（此件主动公开）",
        "附件1",
        "情况表",
    ]
    assert texts[: len(wanted)] == wanted
    head = word.paragraphs[1]
    assert head.runs[0].font.color.rgb == (255, 0, 0)
    assert font_of(head)[0] == "方正小标宋简体"
    assert font_of(paragraph(word, wanted[2])) == ("方正小标宋简体", 22.0)
    fonts = [font_of(paragraph(word, text)) for text in wanted[4:9]]
    assert fonts == [(font, 16.0) for font in ("黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312", "仿宋_GB2312")]
    assert 'w:color="FF0000"' in paragraph(word, wanted[1])._p.xml
    assert font_of(paragraph(word, "附件1")) == ("黑体", 16.0)
    assert paragraph(word, "附件1").paragraph_format.page_break_before


def test_marks_stand_at_the_upper_left_where_they_are_given():
    """GB/T 9704-2012: 份号, 密级和保密期限, 紧急程度."""
    told = {"copy_number": 12, "secrecy": "secret", "secrecy_years": 1, "urgency": "extra_urgent"}
    word = Document(io.BytesIO(render(paper(words=told))))
    assert [one.text for one in word.paragraphs[:4]] == ["000012", "秘密★1年", "特急", "广东省人力资源和社会保障厅文件"]


def test_the_table_repeats_its_header_aligns_numbers_right_and_tells_its_day_and_its_snapshot(word):
    """O6.3b: ranking with as-of date."""
    found = word.tables[0]
    assert [cell.text for cell in found.rows[0].cells] == ["名次", "地区", "建成率（%）", "建成（个）", "已报/应报"]
    assert found.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in found.rows)
    assert [cell.text for cell in found.rows[1].cells] == ["1", "第21市", "21.5", "21", "9/10"]
    assert [cell.text for cell in found.rows[-1].cells] == ["—", "广东省（合计）", "61.2", "—", "—"]
    aligned = [cell.paragraphs[0].alignment.name for cell in found.rows[1].cells]
    assert aligned == ["RIGHT", "LEFT", "RIGHT", "RIGHT", "RIGHT"]
    notes = [one.text for one in word.paragraphs if one.text.startswith(("注：", "按“"))]
    assert (
        notes[0]
        == "注：数据截至2011年12月31日，入账数据更新至2012年1月5日；应报210个，已报189个。数据快照abababababababab。"
    )
    assert "并列" in notes[1]
    last = [cell.paragraphs[0] for cell in found.rows[-1].cells]
    assert all(one.paragraph_format.keep_with_next for one in [*last, paragraph(word, notes[0])])
    assert not paragraph(word, notes[1]).paragraph_format.keep_with_next


def test_the_imprint_is_the_last_thing(word):
    """GB/T 9704-2012: 版记."""
    assert [row.cells[0].text for row in word.tables[-1].rows] == [
        "抄送：省政府办公厅。",
        "省厅办公室\t2012年1月9日印发",
    ]
    assert word.tables[-1]._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"


def test_a_correction_tells_each_number_old_and_new_and_why():
    """O6.3b: 更正."""
    change = NumberChange(name="n.ready.440300000000.value", label="深圳市建成率", old="80.5", new=None, why="重复计算")
    word_change = WordChange(old="全部完成", new="基本完成", why="表述更正")
    word = Document(io.BytesIO(render(paper(changes=(change,), word_changes=(word_change,)))))
    assert [cell.text for cell in word.tables[0].rows[1].cells] == ["1", "深圳市建成率", "80.5", "—", "重复计算"]
    assert paragraph(word, "“全部完成”更正为“基本完成”。原因：表述更正。")


def test_the_file_is_stored_in_one_order_of_one_day_with_fonts_and_their_fallbacks(made):
    parts = zipfile.ZipFile(io.BytesIO(made)).infolist()
    names = [part.filename for part in parts]
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in xml(made, "word/fontTable.xml")
    assert "2012-01-09T00:00:00Z" in xml(made, "docProps/core.xml")
    assert len(made) < 200_000


def test_every_part_that_is_named_is_there(made):
    parts = set(zipfile.ZipFile(io.BytesIO(made)).namelist())
    for target in re.findall(r'PartName="/([^"]+)"', xml(made, "[Content_Types].xml")):
        assert target in parts
    for target in re.findall(r'Target="([^"]+)"', xml(made, "word/_rels/document.xml.rels")):
        assert f"word/{target}" in parts


def test_two_processes_make_the_same_bytes(made):
    """Acceptance 3: same bytes from the same snapshot."""
    script = (
        "import importlib.util, sys, hashlib\n"
        "spec = importlib.util.spec_from_file_location('documents', sys.argv[1])\n"
        "found = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(found)\n"
        "print(hashlib.sha256(found.render(found.paper())).hexdigest())\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__))],
            check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {digest_of(made)}


def test_another_number_makes_another_document(made):
    assert render(paper(number="粤人社函〔2012〕4号")) != made
    assert render(paper()) == made


def test_headings_are_numbered_as_the_standard_says():
    """GB/T 9704-2012: 一、（一）1.（1）."""
    numbering = Numbering()
    levels = (1, 2, 2, 3, 4, 4, 1, 2)
    assert [numbering.next(level) for level in levels] == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "（1）",
        "（2）",
        "二、",
        "（一）",
    ]
    assert [chinese_number(one) for one in (1, 10, 11, 20, 21, 99, 100)] == [
        "一", "十", "十一", "二十", "二十一", "九十九", "100",
    ]  # fmt: skip
