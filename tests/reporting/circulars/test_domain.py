"""Rules of circulars. Source: S5, O6.3b, S0."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.contracts.reporting.circulars import (
    AttachmentState,
    BlockState,
    CircularState,
    DocumentReference,
    QueryState,
    SnapshotReference,
    WordChange,
    WordsState,
)
from common.divisions import Level
from common.errors import DomainError
from common.ids import uuid7
from common.records.service import next_state
from reporting.circulars import domain
from reporting.circulars.domain import Cell, Column, Row, Snapshot, Table
from reporting.circulars.errors import (
    CircularNotInState,
    CorrectionReasonMissing,
    DrafterCannotSign,
    NothingToCorrect,
    OfficeTooLow,
    PassageNotFound,
    PlaceholderEmpty,
    PlaceholderUnknown,
    QueryUnknown,
    SecretDocument,
    SnapshotMissing,
)

AT = datetime(2012, 1, 9, tzinfo=UTC)
ON = date(2011, 12, 31)
PROVINCE, SHENZHEN, HEYUAN = "440000000000", "440300000000", "441600000000"
QUERY = QueryState(code="towns-ready", kind="indicator", subject="towns-ready", title="建成情况", better="higher")
values = st.none() | st.decimals(-50, 150, places=1).map(domain.plain)


def table(told, better="higher"):
    rows = [Row(f"44{position:02d}00000000", f"市{position}", (Cell(value),)) for position, value in enumerate(told, 1)]
    query = QUERY.model_copy(update={"better": better})
    return Table(query, (Column("value", "建成率", "%"),), domain.ranked(rows, better))


def snapshot(**told):
    rows = domain.ranked([Row(code, code, (Cell(value),)) for code, value in told.items()], "higher")
    return Snapshot(PROVINCE, ON, (Table(QUERY, (Column("value", "建成率", "%"),), rows),))


def words(*texts, **changes):
    blocks = tuple(BlockState(kind="paragraph", text=text) for text in texts)
    told = {
        "issuer": "省厅",
        "number_mark": "粤人社函",
        "title": "通报",
        "addressees": ("各市局",),
        "blocks": blocks,
        "printed_by": "办公室",
        **changes,
    }
    return WordsState(**told)


def circular(**changes):
    told = {
        "id": uuid7(),
        "version": 1,
        "division": PROVINCE,
        "level": Level.PROVINCE,
        "changed_at": AT,
        "kind": "circular",
        "status": "draft",
        "scope": PROVINCE,
        "on": ON,
        "holder": "drafter",
        "drafters": ("drafter",),
        "queries": (QUERY,),
        "words": words(),
        "is_public": False,
        "down_to": Level.TOWN,
        **changes,
    }
    return CircularState(**told)


FROZEN = SnapshotReference(id=uuid7(), on=ON, taken_at=AT, digest="0" * 64)
DOCUMENT = DocumentReference(number="粤人社函〔2012〕3号", signed_on=date(2012, 1, 9), digest="1" * 64)


# --- snapshots --------------------------------------------------------------------------------------------------------


@given(st.lists(values, min_size=1, max_size=12), st.sampled_from(["higher", "lower", None]))
def test_a_snapshot_is_read_as_it_was_written_and_has_one_digest_whatever_the_order_of_its_rows(told, better):
    """O6.3b: frozen."""
    made = Snapshot(PROVINCE, ON, (table(told, better),))
    content = domain.canonical(made)
    assert domain.read_snapshot(content) == made
    assert (
        json.dumps(json.loads(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == content
    )
    rows = domain.ranked(reversed([Row(row.division, row.name, row.cells) for row in made.tables[0].rows]), better)
    again = Snapshot(PROVINCE, ON, (Table(made.tables[0].query, made.tables[0].columns, rows),))
    assert domain.digest_of(domain.canonical(again)) == domain.digest_of(content)


@given(st.lists(values, min_size=1, max_size=30), st.sampled_from(["higher", "lower"]))
def test_a_rank_is_one_more_than_how_many_are_strictly_better_and_equal_values_share_it(told, better):
    """O6.3b: ranking, ties share the rank."""
    rows = table(told, better).rows
    known = [Decimal(row.cells[0].value) for row in rows if row.cells[0].value is not None]
    for row in rows:
        if row.cells[0].value is None:
            assert row.rank is None
        else:
            value = Decimal(row.cells[0].value)
            ahead = [other for other in known if (other > value if better == "higher" else other < value)]
            assert row.rank == len(ahead) + 1
    ranks = [row.rank for row in rows if row.rank is not None]
    assert ranks == sorted(ranks)
    assert [row.rank for row in rows][len(ranks) :] == [None] * (len(rows) - len(ranks))


def test_ties_leave_the_next_rank_out():
    assert [row.rank for row in table(["1", "3", "3", "2", None]).rows] == [1, 1, 3, 4, None]
    assert "并列" in domain.rule_of(table(["1"]))


def test_the_same_number_in_another_form_is_the_same_number():
    assert domain.plain(Decimal("-0")) == "0"
    assert domain.plain(Decimal("1E+2")) == "100"
    assert domain.plain(Decimal("12.50")) == "12.50"


def test_a_difference_is_told_one_time_with_its_old_and_its_new_value_and_moved_ranks_are_told_too():
    """O6.3b: each changed number."""
    found = domain.differences(snapshot(**{SHENZHEN: "80", HEYUAN: "12"}), snapshot(**{SHENZHEN: "80", HEYUAN: "90"}))
    assert [(one.name, one.old, one.new) for one in found] == [
        (f"n.towns-ready.{SHENZHEN}.rank", "1", "2"),
        (f"n.towns-ready.{HEYUAN}.rank", "2", "1"),
        (f"n.towns-ready.{HEYUAN}.value", "12", "90"),
    ]
    assert domain.differences(snapshot(**{SHENZHEN: "80"}), snapshot(**{SHENZHEN: "80"})) == []


def test_a_division_that_is_gone_and_one_that_is_new_are_differences():
    found = domain.differences(snapshot(**{SHENZHEN: "80"}), snapshot(**{HEYUAN: "80"}))
    assert {(one.old, one.new) for one in found} == {("80", None), (None, "80"), ("1", None), (None, "1")}


# --- words ------------------------------------------------------------------------------------------------------------


def test_placeholders_become_the_numbers_of_the_snapshot_and_say_where_they_stand():
    numbers = domain.numbers_of(snapshot(**{SHENZHEN: "80.5"}))
    made = words("深圳市{{ n.towns-ready.440300000000 }}%，第{{n.towns-ready.440300000000.rank}}位。", "完。")
    filled = domain.filled(made, numbers)
    assert filled.blocks[0].text == "深圳市80.5%，第1位。"
    assert [(link.place, link.number.cell.value) for link in domain.links_of(made, numbers)] == [
        ("正文第1段", "80.5"),
        ("正文第1段", "1"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{ n.towns-ready.440300000001 }}",
        "{{ n.towns-ready.440300000000.unknown }}",
        "{{ n.other.440300000000 }}",
        "{{ n.towns-ready }}",
        "{{ 7 * 7 }}",
        "{% for x in y %}",
        "{{ n.towns-ready.440300000000 }",
        "}}",
        "{{ n.towns-ready.440300000000.__class__ }}",
    ],
)
def test_a_placeholder_that_names_nothing_is_refused_with_its_place(text):
    """O6.3b: unknown placeholder refused with its place."""
    numbers = domain.numbers_of(snapshot(**{SHENZHEN: "80.5"}))
    with pytest.raises(PlaceholderUnknown) as caught:
        domain.filled(words("好。", f"深圳市{text}。"), numbers)
    assert caught.value.facts["place"] == "正文第2段"
    assert caught.value.clause == "O6.3b"


def test_a_number_that_nobody_has_reported_is_not_written_into_a_text():
    numbers = domain.numbers_of(snapshot(**{SHENZHEN: None}))
    with pytest.raises(PlaceholderEmpty):
        domain.links_of(words("{{ n.towns-ready.440300000000 }}"), numbers)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": "建成{{ n.towns-ready.440300000000 }}"}, PlaceholderUnknown),
        ({"blocks": (BlockState(kind="table", text="nothing"),)}, QueryUnknown),
        (
            {"attachments": (AttachmentState(title="表", blocks=(BlockState(kind="table", text="nothing"),)),)},
            QueryUnknown,
        ),
        ({"copy_number": 1}, SecretDocument),
        ({"secrecy_years": 1}, SecretDocument),
        ({"secrecy": "secret"}, SecretDocument),
    ],
)
def test_words_that_do_not_fit_are_refused(changes, error):
    with pytest.raises(error):
        domain.require_form(words(**changes), (QUERY,))


# --- states -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("division", ["440305000000", "440305001000", "440305001001"])
def test_counties_and_below_issue_no_circulars(division):
    """S5, O6.3b."""
    with pytest.raises(OfficeTooLow):
        domain.require_issuer(division)
    domain.require_issuer(PROVINCE)
    domain.require_issuer("441900000000")


STEPS = {
    "edit": lambda state, by: domain.edited(state, by=by, is_same_question=True),
    "freeze": lambda state, by: {**domain.frozen(state, by=by), "snapshot": FROZEN},
    "submit": lambda state, by: domain.submitted(state, by=by, at=AT),
    "return": lambda state, by: domain.returned(state, by=by, at=AT, reason="改"),
    "sign": lambda state, by: domain.signed(state, by=by, at=AT, document=DOCUMENT),
    "publish": lambda state, by: domain.published(state, by=by, at=AT, snapshot=snapshot(**{SHENZHEN: "1"})),
    "correct": lambda state, by: domain.corrected(state, by_correction=circular(holder=by)),
    "reinstate": lambda state, by: domain.reinstated(state, by_correction=circular(id=state.corrected_by or uuid7())),
    "withdraw": lambda state, by: domain.withdrawn(state, by=by, at=AT, reason="误"),
}
MODEL = {
    ("draft", "edit"): "draft",
    ("draft", "freeze"): "draft",
    ("draft", "submit"): "under_review",
    ("draft", "withdraw"): "withdrawn",
    ("under_review", "return"): "draft",
    ("under_review", "sign"): "signed",
    ("under_review", "withdraw"): "withdrawn",
    ("signed", "publish"): "published",
    ("signed", "withdraw"): "withdrawn",
    ("published", "correct"): "corrected",
    ("published", "withdraw"): "withdrawn",
    ("corrected", "reinstate"): "published",
}


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from("abc")), max_size=14))
def test_whatever_is_tried_a_circular_follows_its_states_and_its_signer_wrote_nothing_in_it(tries):
    """O6.3b: draft → under review → signed → published → corrected | withdrawn; signed by another person."""
    state = circular(holder="a", drafters=("a",))
    wrote, is_frozen = {"a"}, False
    for step, by in tries:
        expected = MODEL.get((state.status, step))
        if (step == "submit" and not is_frozen) or (step == "sign" and by in wrote):
            expected = None
        try:
            changes = STEPS[step](state, by)
        except DomainError:
            assert expected is None, (state.status, step)
            continue
        before, state = state, next_state(state, **changes)
        assert expected == state.status, (before.status, step)
        if step in {"edit", "freeze", "submit"}:
            wrote.add(by)
            is_frozen = is_frozen or step == "freeze"
        if state.signed is not None:
            assert state.signed.by not in wrote
        assert (state.dispatch is not None) == (state.published is not None)
        assert before.document is None or state.document == before.document
        assert before.tables in ((), state.tables)


def test_who_drafted_does_not_sign_and_figures_are_frozen_before_the_review():
    with pytest.raises(SnapshotMissing):
        domain.submitted(circular(), by="drafter", at=AT)
    with pytest.raises(DrafterCannotSign):
        domain.require_signable(circular(status="under_review", drafters=("a", "b")), by="b")
    with pytest.raises(CircularNotInState):
        domain.require_signable(circular(), by="signer")


def test_another_question_needs_its_figures_frozen_again_and_other_words_do_not():
    frozen = circular(snapshot=FROZEN)
    assert next_state(frozen, **domain.edited(frozen, by="b", is_same_question=False)).snapshot is None
    assert next_state(frozen, **domain.edited(frozen, by="b", is_same_question=True)).snapshot == FROZEN


def test_what_is_published_goes_down_and_so_does_the_word_that_it_was_corrected_or_withdrawn():
    """S5, O6.3b, G1."""
    signed = circular(status="signed", document=DOCUMENT, sign_by=date(2012, 2, 1))
    made = next_state(signed, **domain.published(signed, by="a", at=AT, snapshot=snapshot(**{SHENZHEN: "1"})))
    assert (made.dispatch.to, made.dispatch.down_to) == ((PROVINCE,), Level.TOWN)
    assert (made.dispatch.reference_number, made.dispatch.sign_by) == ("粤人社函〔2012〕3号", date(2012, 2, 1))
    assert made.tables[0].rows[0].cells[0].value == "1"
    marked = next_state(made, **domain.corrected(made, by_correction=circular()))
    assert marked.dispatch.title.startswith("〔已更正〕")
    assert marked.dispatch.sign_by is None
    gone = next_state(made, **domain.withdrawn(made, by="a", at=AT, reason="误"))
    assert gone.dispatch.title.startswith("〔已撤回〕")


def test_a_secret_one_goes_nowhere_and_tells_no_tables():
    signed = circular(status="signed", document=DOCUMENT, words=words(secrecy="secret"))
    made = next_state(signed, **domain.published(signed, by="a", at=AT, snapshot=snapshot(**{SHENZHEN: "1"})))
    assert (made.dispatch, made.tables) == (None, ())


def test_a_number_has_its_year_in_hexagonal_brackets_and_no_leading_zeros():
    """S0: 文号."""
    assert domain.number_text("粤人社函", 2012, 3) == "粤人社函〔2012〕3号"


# --- corrections ------------------------------------------------------------------------------------------------------


def test_every_changed_number_is_explained_one_by_one_or_together():
    """O6.3b: a formal 更正."""
    old, new = snapshot(**{SHENZHEN: "80", HEYUAN: "12"}), snapshot(**{SHENZHEN: "81", HEYUAN: "13"})
    name = f"n.towns-ready.{SHENZHEN}.value"
    with pytest.raises(CorrectionReasonMissing) as caught:
        domain.changes_of(old, new, {name: "漏报"}, otherwise=None)
    assert caught.value.facts["numbers"] == [f"n.towns-ready.{HEYUAN}.value"]
    made = domain.changes_of(old, new, {name: "漏报"}, otherwise="复核")
    assert [(one.old, one.new, one.why) for one in made] == [("80", "81", "漏报"), ("12", "13", "复核")]


def test_a_correction_corrects_something_that_was_said():
    change = WordChange(old="深圳市", new="东莞市", why="笔误")
    with pytest.raises(NothingToCorrect):
        domain.require_something((), ())
    with pytest.raises(PassageNotFound):
        domain.require_passages([change], [domain.Passage("正文第1段", "河源市")])
    domain.require_passages([change], [domain.Passage("正文第1段", "深圳市建成")])
    opening = domain.opening_of(circular(document=DOCUMENT)).text
    assert "粤人社函〔2012〕3号" in opening
    assert "2012年1月9日" in opening
