"""What notices say, and how they look on paper."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.clock.domain import Line
from casework.printing.catalogue import CONTENT_TYPES, render_notice, template_of
from casework.printing.commands import make_template
from casework.printing.domain import (
    CASE_KINDS,
    KIND_LABELS,
    WORDINGS,
    Desk,
    write_first_contact_receipt,
    write_notice,
)
from casework.printing.domain.words import printable
from casework.printing.errors import NoticeNotIssued
from common.contracts.casework import CaseState
from common.contracts.casework.cases import (
    CaseFile,
    CaseTerms,
    ClockEntry,
    DocumentState,
    Limit,
    ReceivedState,
    SpecialState,
    SupplementState,
)
from common.contracts.casework.contacts import ContactHolder, ContactMaterial, FirstContactState
from common.divisions import Level

AT = datetime(2026, 9, 20, 1, 0, tzinfo=UTC)
DESK = Desk("粤海街道人社服务所", "0755-26000001", "0755-26000002", "测试甲")
TEN = Limit(value=10, unit="working_days")
SUPPLEMENTS = (
    SupplementState(asked_at=AT, by="h", materials=("户口簿复印件",), due_on=date(2026, 10, 10), supplied_at=AT),
    SupplementState(asked_at=AT, by="h", materials=("银行账户", "授权委托书"), due_on=date(2026, 10, 20)),
)
FILE = CaseFile(
    terms=CaseTerms(
        handling="promised", steps=(), starts="accepted", acceptance=TEN, required_materials=("身份证", "户口簿")
    ),
    ledger=(ClockEntry(at=AT, fact="extended", clock="handling", extension=TEN, clause="行政许可法第四十二条"),),
    received=(
        ReceivedState(material="身份证", form="original", count=1, medium="paper", received_at=AT, by="h"),
        ReceivedState(material="身份证", form="copy", count=2, medium="paper", received_at=AT, by="h"),
        ReceivedState(
            material="居住证", form="copy", count=1, medium="upload", received_at=AT + timedelta(days=5), by="applicant"
        ),
    ),
    supplements=SUPPLEMENTS,
    specials=(SpecialState(kind="hearing", started_at=AT, by="h", reason="依法听证", is_pausing=True, expected=TEN),),
    documents=(
        *(DocumentState(kind=kind, number=f"粤人社受〔2026〕{n}号", issued_at=AT) for n, kind in enumerate(CASE_KINDS)),
        DocumentState(kind="supplement_notice", number="粤人社补〔2026〕99号", issued_at=AT),
    ),
)
CASE = CaseState(
    id=UUID(int=1), version=9, division="440305001000", level=Level.TOWN, office_id=UUID(int=2), item_code="B01",
    duty="social_insurance", applicant_kind="natural_person", status="closed", registered_at=AT, accepted_at=AT,
    closed_at=AT, closing_result="granted", is_favourable=True, case_number="12441500196720244T3442199806003202609200001",
    due_on=date(2026, 10, 21), reason="符合规定", file=FILE,
)  # fmt: skip
REASONS = (
    Line(date(2026, 9, 20), "受理之日不计入，自次日起算。", "standards.md §6"),
    Line(date(2026, 10, 1), "国庆节放假。"),
)


def notice(kind="receipt", *, applicant="测试甲某", case=CASE, number=None, **changes):
    values = {"item_name": "城乡居保参保登记", "desk": DESK, "reasons": REASONS, "due_on": date(2026, 10, 21)}
    return write_notice(case, kind, number=number, applicant=applicant, **(values | changes))


def text_of(document):
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(document)).paragraphs)


@pytest.mark.parametrize("kind", CASE_KINDS)
def test_every_notice_says_whom_it_is_for_what_it_is_about_and_where_to_complain(kind):
    """O4.3b: receipt with name, phone, promise and complaint phone."""
    text = text_of(render_notice(notice(kind, next_office="南山区人社局")))
    for said in (KIND_LABELS[kind], "测试甲某：", "城乡居保参保登记", CASE.case_number, DESK.office, DESK.phone,
                 DESK.complaint_phone, "经办人：测试甲", "2026年9月20日"):  # fmt: skip
        assert said in text
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "receipt",
            ["已收到的材料", "身份证：原件1份，复印件2份", "居住证：复印件1份（网上提交）（2026年9月25日收到）"],
        ),
        ("acceptance_notice", ["申请材料齐全、符合法定形式", "办理期限届满日：2026年10月21日"]),
        ("refusal_notice", ["理由：符合规定", "行政复议"]),
        ("special_procedure_notice", ["听证", "10个工作日", "不计入办理期限", "依法听证"]),
        ("extension_notice", ["延长10个工作日", "行政许可法第四十二条"]),
        ("decision", ["决定准予"]),
        ("closing_notice", ["准予，出具证照或者文书", "评价自愿"]),
        ("referral_notice", ["南山区人社局", "原责任人继续负责"]),
    ],
)
def test_each_notice_says_what_its_kind_must(kind, said):
    text = text_of(render_notice(notice(kind, next_office="南山区人社局")))
    assert [one for one in said if one not in text] == []


def test_a_due_date_comes_with_its_reasons():
    """O4.3c: why this date, in Chinese, day by day."""
    text = text_of(render_notice(notice("acceptance_notice")))
    assert "期限说明" in text
    assert "2026年10月1日：国庆节放假。" in text
    assert "期限说明" not in text_of(render_notice(notice("acceptance_notice", reasons=())))


def test_everything_that_is_missing_is_told_at_once_by_the_notice_of_its_time():
    """standards.md §6: 一次性告知; the second notice holds the second list."""
    last = text_of(render_notice(notice("supplement_notice")))
    assert [one in last for one in ("1．银行账户", "2．授权委托书", "2026年10月20日前", "户口簿")] == [True] * 3 + [
        False
    ]
    first = text_of(render_notice(notice("supplement_notice", number="粤人社受〔2026〕1号")))
    assert "户口簿复印件" in first


def test_an_acceptance_by_silence_says_so():
    deemed = CASE.model_copy(update={"is_deemed_accepted": True})
    assert "即为受理" in text_of(render_notice(notice("acceptance_notice", case=deemed)))


@pytest.mark.parametrize("kind", CASE_KINDS)
def test_what_was_not_issued_is_not_printed(kind):
    bare = CASE.model_copy(update={"file": CaseFile()})
    with pytest.raises(NoticeNotIssued):
        notice(kind, case=bare)
    with pytest.raises(NoticeNotIssued):
        notice(kind, number="粤人社受〔2026〕1000号")


@pytest.mark.parametrize("kind", ["supplement_notice", "special_procedure_notice", "extension_notice"])
def test_a_notice_of_something_that_the_file_does_not_hold_is_not_printed(kind):
    file = CaseFile(documents=FILE.documents)
    with pytest.raises(NoticeNotIssued):
        notice(kind, case=CASE.model_copy(update={"file": file}))


def test_a_receipt_lists_what_was_received_and_never_what_the_item_demands():
    """O4.3b: what nobody brought stands on no receipt; where nothing is noted, nothing is listed."""
    assert "户口簿" not in text_of(render_notice(notice("receipt")))
    bare = CASE.model_copy(update={"file": FILE.model_copy(update={"received": ()})})
    text = text_of(render_notice(notice("receipt", case=bare)))
    assert "已收到的材料" not in text
    assert "身份证" not in text


def test_the_first_contacts_receipt_names_who_is_responsible():
    """O4.3b: who was asked first, phone, promised day, complaint phone, materials."""
    state = FirstContactState(
        id=UUID(int=5), version=1, division="440305001000", level=Level.TOWN, changed_at=AT, number="440305001000-20260920-1",
        status="open", channel="window", matter="咨询失业金", is_ours=True, registered_at=AT, first_asked="h", is_signed=True,
        materials=(ContactMaterial(name="解除合同证明", originals=1, copies=2),), holder="h",
        holder_division="440305001000", office_name=DESK.office, promised_working_days=5, due_on=None,
        holders=(ContactHolder(account="h", division="440305001000", office_id=UUID(int=2), since=AT),),
        promised_on=date(2026, 9, 27),
    )  # fmt: skip
    text = text_of(render_notice(write_first_contact_receipt(state, asker="测试乙某", desk=DESK)))
    for said in ("首问登记回执", "测试乙某：", "咨询失业金", "440305001000-20260920-1", "经办人：测试甲", DESK.complaint_phone,
                 "承诺答复日期：2026年9月27日", "解除合同证明（原件1份，复印件2份）"):  # fmt: skip
        assert said in text


# --- paper -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KIND_LABELS)
def test_notices_have_the_page_and_the_fonts_of_official_documents(kind):
    """standards.md §9 (GB/T 9704-2012)."""
    word = Document(io.BytesIO(template_of(kind)))
    (section,) = word.sections
    sides = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.bottom_margin)
    assert [round(side.mm) for side in (*sides, section.right_margin)] == [210, 297, 37, 28, 35, 26]
    title, number = word.paragraphs[0].runs[0], word.paragraphs[1].runs[0]
    fonts = [run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in (title, number)]
    assert fonts == ["方正小标宋简体", "仿宋_GB2312"]
    assert (title.font.size, number.font.size) == (Pt(22), Pt(16))
    assert "PAGE" in section.footer._element.xml


@pytest.mark.parametrize("kind", KIND_LABELS)
def test_the_packaged_templates_are_those_of_the_wordings(kind):
    """`python -m casework.printing.commands services/casework/src/casework/printing/templates` writes them."""
    made, packaged = (parts(document) for document in (make_template(WORDINGS[kind]), template_of(kind)))
    assert made == packaged
    folder = Path(__file__).parents[3] / "services/casework/src/casework/printing/templates"
    assert {path.stem for path in folder.glob("*.docx")} == set(KIND_LABELS)


def parts(document):
    with zipfile.ZipFile(io.BytesIO(document)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_equal_facts_give_equal_bytes():
    first, second = render_notice(notice()), render_notice(notice())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as zipped:
        names = zipped.namelist()
        assert names[0] == CONTENT_TYPES
        assert names[1:] == sorted(names[1:])
        assert {one.date_time for one in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert render_notice(notice(applicant="测试乙某")) != first


# --- names that mean harm ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["</w:t></w:r><w:r><w:t>假", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&amp;&lt;", "{{ office }}", "{%p if true %}",
     "{{ ''.__class__.__mro__ }}", "'\"<>&", "]]>"],
)  # fmt: skip
def test_a_name_is_text_whatever_it_holds(name):
    document = render_notice(notice(applicant=name))
    assert f"{name}：" in text_of(document)
    body = ET.fromstring(parts(document)["word/document.xml"])
    plain = render_notice(notice(applicant="测试"))
    other = ET.fromstring(parts(plain)["word/document.xml"])
    assert [one.tag for one in body.iter()] == [one.tag for one in other.iter()]


@pytest.mark.parametrize(
    "name", ["甲\x00乙\x08", "甲\x0b乙\n丙\a丁", "甲\u202e乙\u200b", "甲\ud800乙", "甲\ufffe乙\U0001ffff"]
)
def test_characters_that_nobody_writes_are_left_out(name):
    text = text_of(render_notice(notice(applicant=name)))
    assert "甲" in text
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\u202e\ufffe]", text)


def test_rare_characters_of_names_stay():
    assert "䶮𠮷㙍\ue863" in text_of(render_notice(notice(applicant="䶮𠮷㙍\ue863")))


@pytest.mark.parametrize("name", ["长" * 100, "长" * 3000, "W" * 3000])
def test_a_very_long_name_is_printed_whole(name):
    assert f"{name}：" in text_of(render_notice(notice(applicant=name)))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_becomes_one_that_xml_allows(text):
    shown = printable(text)
    ET.fromstring(f"<a>{shown.replace('&', '').replace('<', '')}</a>")
    assert printable(shown) == shown
