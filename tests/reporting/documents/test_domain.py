"""Chains of documents, as they are: pure. Source: G1, S0."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.reporting.documents import DocumentReceiptState, is_document_number, year_of_number
from common.divisions import Level
from reporting.documents import domain
from reporting.documents.catalogue import document_id, packaged_documents
from reporting.documents.domain import Words
from reporting.documents.errors import DocumentNotInState, NotAddressed

AT = datetime(2026, 11, 23, tzinfo=UTC)
TODAY = date(2026, 11, 23)
OPINIONS, PROVINCE, SHENZHEN = packaged_documents(at=AT)
PLACES = {
    "440000000000": "广东省", "440300000000": "深圳市", "440305000000": "南山区", "441600000000": "河源市",
    "440305001000": "南头街道",
}  # fmt: skip


def receipt(document, division, on):
    return DocumentReceiptState(
        id=UUID(int=int(division)), version=1, division=division, level=Level.CITY, changed_at=AT,
        document_id=document.id, root=document.root, sender=document.division, received_on=on, received_by="a",
        days=domain.days_between(document.signed_on, on), entered_at=AT,
    )  # fmt: skip


def test_the_policy_s_own_chain():
    """G1, S0: the opinions → 粤府办〔2011〕65号 → 深府办〔2012〕13号, 134 days; what the text does not state is empty."""
    nodes = domain.chain_of([SHENZHEN, PROVINCE, OPINIONS], [])
    assert [(one.document.number, one.depth, one.days) for one in nodes] == [
        (None, 0, None), ("粤府办〔2011〕65号", 1, None), ("深府办〔2012〕13号", 2, 134),
    ]  # fmt: skip
    assert [one.from_start for one in nodes] == [None, 0, 134]
    assert (OPINIONS.signed_on, SHENZHEN.published_on, SHENZHEN.index_number) == (
        None, date(2012, 3, 20), "043000-10-2012-005582",
    )  # fmt: skip
    assert OPINIONS.title == "关于加强乡镇街道人力资源社会保障公共服务平台建设的意见"
    assert {one.root for one in (OPINIONS, PROVINCE, SHENZHEN)} == {document_id("opinions")}


def test_who_has_it_who_forwarded_it_and_who_has_not():
    """G1: of every division that it was sent to, and of nobody else."""
    nodes = domain.chain_of([OPINIONS, PROVINCE, SHENZHEN], [receipt(SHENZHEN, "440305000000", date(2012, 2, 9))])
    found = {one.division: one for one in domain.holders_of(nodes, PLACES)}
    assert {code: one.holding for code, one in found.items()} == {
        "440000000000": "forwarded", "440300000000": "forwarded", "440305000000": "received", "441600000000": "missing",
    }  # fmt: skip
    city = found["440300000000"]
    assert (city.received_on, city.forwarded_on, city.forwarded, city.days) == (
        None, date(2012, 2, 6), ("深府办〔2012〕13号",), 134,
    )  # fmt: skip
    assert (found["440305000000"].received_on, found["440305000000"].days) == (date(2012, 2, 9), 3)
    assert domain.count_holdings(found.values()) == {"issued": 0, "forwarded": 2, "received": 1, "missing": 1}


TREE = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440305001001", "441900000000", "441900003000",
    "441900003001", "442000000000", "442000001000", "441600000000", "441624000000", "441624100000", "441624100201",
)  # fmt: skip


@given(st.lists(st.tuples(
    st.sampled_from(TREE), st.lists(st.sampled_from(TREE), max_size=3), st.sampled_from(list(Level)),
    st.lists(st.sampled_from(TREE), max_size=3, unique=True),
), max_size=6))  # fmt: skip
def test_who_has_it_is_what_asking_every_document_of_every_division_gives(rows):
    """G1: an oracle that is slow and plain."""
    nodes = []
    for number, (division, addressees, down_to, receivers) in enumerate(rows):
        changes = {
            "id": UUID(int=number), "division": division, "addressees": tuple(addressees), "down_to": down_to,
            "forwards": None,
        }  # fmt: skip
        document = PROVINCE.model_copy(update=changes)
        got = tuple(receipt(document, code, date(2012, 1, number + 1)) for code in receivers)
        nodes.append(domain.Node(document, None, None, 0, got))
    expected = {}
    for code in TREE:
        is_own = any(one.document.division == code for one in nodes)
        days = [one.received_on for node in nodes for one in node.receipts if one.division == code]
        if is_own or days or any(domain.is_for(one.document, code) for one in nodes):
            expected[code] = ("issued" if is_own else "received" if days else "missing", min(days, default=None))
    found = domain.holders_of(nodes, dict.fromkeys(TREE, "某地"))
    assert {one.division: (one.holding, one.received_on) for one in found} == expected


class Walked(list):
    """Counts how often somebody walks over it."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def test_a_long_chain_is_walked_once_however_many_divisions_are_asked_for():
    """G1: 28,000 receipts of 28,000 villages are told in a moment, not in their product."""
    codes = [f"440305{number:06}" for number in range(1000, 3000)]
    nodes = Walked([domain.Node(PROVINCE, None, None, 0, tuple(receipt(PROVINCE, code, TODAY) for code in codes))])
    found = domain.holders_of(nodes, dict.fromkeys(codes, "某社区"))
    assert (nodes.walks, len(found), {one.holding for one in found}) == (1, 2000, {"received"})


def test_a_document_taken_back_is_in_no_chain():
    """G1: whoever had it only by that one has it no more."""
    gone = SHENZHEN.model_copy(update={"status": "withdrawn"})
    found = {
        one.division: one.holding for one in domain.holders_of(domain.chain_of([OPINIONS, PROVINCE, gone], []), PLACES)
    }
    assert found["440300000000"] == "missing"
    with pytest.raises(DocumentNotInState):
        domain.require_addressed(gone, "440305000000")


def test_who_it_was_sent_to():
    """G1: down to the level named, and never to who sent it."""
    domain.require_addressed(PROVINCE, "440305000000")
    for division in ("440305001000", "440000000000", "450000000000"):
        with pytest.raises(NotAddressed):
            domain.require_addressed(PROVINCE, division)


NUMBERS = {
    "粤府办〔2011〕65号": True, "深府办〔2012〕13号": True, "粤人社规〔2026〕1号": True, "国务院令第513号": True,
    "粤府办[2011]65号": False, "粤府办（2011）65号": False, "粤府办〔2011〕065号": False, "粤府办〔2011〕第65号": False,
    "粤府办〔11〕65号": False, "〔2011〕65号": False, "粤府办〔2011〕65": False, "粤府办〔2011〕0号": False, "": False,
    "国务院令第0513号": False, "粤府办〔2011〕65号\n": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_right"), NUMBERS.items())
def test_the_form_of_a_number(text, is_right):
    """S0: 发文字号 = body, year in 〔〕, number without 第 and without leading zeros."""
    assert is_document_number(text) is is_right


@given(st.integers(1900, 2099), st.integers(1, 99_999))
def test_every_year_and_number_is_read(year, number):
    """S0."""
    text = f"粤府〔{year}〕{number}号"
    assert is_document_number(text)
    assert year_of_number(text) == year


SOUND = Words(
    number="河府办〔2011〕80号", title="转发省府办文件的通知", issuer="河源市人民政府办公室", signed_on=date(2011, 10, 20),
    published_on=date(2011, 11, 1), classification="public", index_number=None, addressees=("441600000000",),
    down_to=Level.TOWN,
)  # fmt: skip
BROKEN = {
    "signed tomorrow": (replace(SOUND, signed_on=date(2026, 11, 24), published_on=None), "成文日期晚于今天"),
    "published tomorrow": (replace(SOUND, published_on=date(2026, 11, 24)), "公开日期晚于今天"),
    "published first": (replace(SOUND, published_on=date(2011, 10, 1)), "公开日期早于"),
    "internal and public": (replace(SOUND, classification="internal"), "不公开"),
    "number of next year": (replace(SOUND, number="河府办〔2012〕80号"), "年份晚于"),
    "to somebody else's": (replace(SOUND, addressees=("440300000000",)), "不在发文机关"),
    "below its level": (replace(SOUND, addressees=("441624100201",)), "低于"),
    "twice": (replace(SOUND, addressees=("441600000000", "441600000000")), "重复"),
    "before what it forwards": (replace(SOUND, signed_on=date(2011, 9, 1)), "早于所转发"),
}


@pytest.mark.parametrize(("words", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_fit_together_is_named(words, says):
    """G1, S0."""
    found = domain.problems_of(words, division="441600000000", before=PROVINCE, today=TODAY)
    assert any(says in one for one in found), found
    assert domain.problems_of(SOUND, division="441600000000", before=PROVINCE, today=TODAY) == []


def test_nobody_forwards_what_was_not_sent_to_them():
    """G1."""
    later = replace(SOUND, signed_on=None, published_on=None)
    found = domain.problems_of(later, division="441600000000", before=SHENZHEN, today=TODAY)
    assert found == ["所转发的文件未发送至本区划"]


@given(st.permutations([OPINIONS, PROVINCE, SHENZHEN]))
def test_the_order_of_entering_does_not_matter(documents):
    """G1: history is entered in any order."""
    assert [one.document.id for one in domain.chain_of(documents, [])] == [OPINIONS.id, PROVINCE.id, SHENZHEN.id]
