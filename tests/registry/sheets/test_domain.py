"""Cells and rows: what is certain is taken, what is not is told, and nothing is guessed. Source: ADR 0015."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry import RECORDS
from registry.sheets.domain.cells import (
    EXACT,
    CellWrong,
    Choice,
    Choices,
    Day,
    Digits,
    Flag,
    Hundredths,
    Identifier,
    Text,
    Whole,
    clean,
    plain,
    quoted,
)
from registry.sheets.domain.columns import (
    ID_COLUMN,
    LABEL,
    VERSION_COLUMN,
    Column,
    cells_of,
    headers_of,
    read_heading,
    read_row,
    twice,
)
from registry.sheets.service import IMPORTABLE, LISTINGS

COLOURS = Choice({"red": "红", "green": "绿", "blue": "蓝（深、浅）"})
RAW = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
KINDS = (
    Text(),
    Digits(12, is_division=True),
    Digits(18),
    Identifier(),
    Whole(),
    Hundredths("元"),
    Day(),
    COLOURS,
    Choices(COLOURS.labels),
    Flag(),
    *{type(one.kind).__name__: one.kind for listing in LISTINGS.values() for one in listing.columns}.values(),
)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def taken(kind: Any, raw: Any) -> tuple[Any, CellWrong | None]:
    try:
        return kind.parse(raw), None
    except CellWrong as error:
        return None, error


def wrong(kind: Any, raw: Any) -> str:
    with pytest.raises(CellWrong) as caught:
        kind.parse(clean(raw))
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(raw=RAW)
def test_any_cell_is_taken_or_told_in_chinese_without_long_digits(kind, raw):
    value = clean(raw)
    if value is None:
        return
    parsed, error = taken(kind, value)
    if error is not None:
        assert re.fullmatch(r"[a-z-]+", error.code)
        assert re.search(r"[\u4e00-\u9fff]", error.reason)
        assert not re.search(r"\d{6,}", re.sub(r"至\d+|100000+|2147483647", "", error.reason))
        return
    shown = kind.show(parsed)
    assert shown is None or kind.parse(clean(shown if not isinstance(shown, Decimal) else float(shown))) == parsed


@given(st.integers(0, 10**15))
def test_money_comes_back_to_the_fen_as_a_number_and_as_text(fen):
    """Money in integer fen, shown in yuan."""
    yuan, kind = Hundredths("元").show(fen), Hundredths("元")
    assert isinstance(yuan, Decimal)
    assert kind.parse(float(f"{yuan:.16G}")) == fen
    assert kind.parse(f"{yuan:,.2f}") == fen
    assert kind.parse(full_width(f"{yuan:.2f}")) == fen


@pytest.mark.parametrize(
    ("raw", "code"),
    [(0.001, "too-many-decimals"), ("1.005", "too-many-decimals"), (-1, "out-of-range"), ("壹", "not-a-number"),
     ("1,00", "not-a-number"), ("", None), (True, "not-a-number"), (1e16, "precision-lost"), ("1e5", "precision-lost"),
     ("NaN", "not-a-number"), ("∞", "not-a-number"), (10.0**14, "out-of-range")],
)  # fmt: skip
def test_what_is_no_money(raw, code):
    if code is None:
        assert clean(raw) is None
    else:
        assert wrong(Hundredths("元"), raw) == code


def test_the_noise_of_a_spreadsheets_sum_is_no_decimal():
    assert Hundredths("元").parse(0.1 + 0.2) == 30
    assert Hundredths("元").parse(1234567.1 + 0.2) == 123456730


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_is_the_same_in_every_way_of_writing_it(day):
    written = [day, datetime.combine(day, time()), day.isoformat(), day.strftime("%Y/%m/%d"), day.strftime("%Y%m%d"),
               f"{day.year}年{day.month}月{day.day}日", full_width(day.isoformat()), f"　{day.isoformat()} "]  # fmt: skip
    assert {Day().parse(clean(one)) for one in written} == {day}


@pytest.mark.parametrize(
    "raw",
    [
        45000.0,
        "45000",
        "2026-02-30",
        "31/01/2026",
        "1月2日",
        datetime.combine(date(2026, 1, 1), time(8, 30)),
        timedelta(1),
        True,
    ],
)
def test_what_is_no_day(raw):
    assert wrong(Day(), raw) == "not-a-day"


@given(st.integers(10**17, 10**18 - 1))
def test_eighteen_digits_as_a_number_are_told_as_lost(code):
    """Excel keeps 15 digits."""
    assert wrong(Digits(18), float(code)) == "precision-lost"
    assert wrong(Digits(18), code) == "precision-lost"
    assert wrong(Digits(18), f"{code:.5E}") == "precision-lost"
    assert Digits(18).parse(str(code)) == str(code)
    assert Digits(18).parse(full_width(str(code))) == str(code)


@given(st.integers(1, EXACT - 1))
def test_a_number_that_is_certain_is_its_digits(number):
    assert Digits(len(str(number))).parse(float(number)) == str(number)
    assert Text(is_number=True).parse(float(number)) == str(number)


@given(st.sampled_from(sorted(COLOURS.labels)), st.booleans())
def test_a_label_is_as_good_as_its_code(code, is_wide):
    label = COLOURS.labels[code]
    assert COLOURS.parse(full_width(code) if is_wide else code) == code
    assert COLOURS.parse(plain(label) if is_wide else label) == code
    assert COLOURS.parse(code.upper()) == code


@given(
    st.sets(st.sampled_from(sorted(COLOURS.labels))),
    st.sampled_from(["、", ",", "，", ";", " ", "\n", "/"]),
    st.booleans(),
)
def test_several_codes_or_labels_in_one_cell(codes, separator, is_labels):
    """Labels that hold a separator themselves, too."""
    text = separator.join(COLOURS.labels[code] if is_labels else code for code in codes)
    if text:
        assert set(Choices(COLOURS.labels).parse(text)) == codes


def test_a_reason_quotes_words_and_no_numbers():
    assert quoted("很忙") == "“很忙”"
    assert "440301199001011234" not in quoted("号码440301199001011234")
    assert len(quoted("长" * 300)) < 30


@given(st.lists(st.sampled_from(["编号", "版本", "颜色", "颜色" + LABEL, "名称", "", "别的"]), max_size=9))
def test_any_header_is_understood_or_told(header):
    columns = (
        ID_COLUMN,
        VERSION_COLUMN,
        Column("colour", "颜色", COLOURS),
        Column("name", "名称", Text(), is_required=True),
    )
    heading, faults = read_heading(columns, header)
    named = [one for one in header if one]
    known = {"编号", "版本", "颜色", "颜色" + LABEL, "名称"}
    expected = {"unknown-column"} if "别的" in named else set()
    expected |= {"column-twice"} if any(named.count(one) > 1 for one in known) else set()
    expected |= {"missing-column"} if "名称" not in named else set()
    assert {one.code for one in faults} == expected
    assert len(heading.places) == len(known & set(named))


@given(st.sampled_from([None, "red", "green"]), st.sampled_from([None, "红", "绿", "黄"]))
def test_code_and_label_agree_or_are_told(code, label):
    columns = (Column("colour", "颜色", COLOURS),)
    heading, _ = read_heading(columns, headers_of(columns))
    row, faults = read_row(heading, 2, [code, label])
    if label == "黄":
        assert [(one.header, one.code) for one in faults] == [("颜色" + LABEL, "unknown-code")]
    elif code and label and COLOURS.labels[code] != label:
        assert [(one.header, one.code) for one in faults] == [("颜色" + LABEL, "label-differs")]
    else:
        assert faults == []
        assert row.values["colour"] == (code or (None if label is None else COLOURS.code_of(label)))


@given(st.lists(st.sampled_from([None, 1, 2, 3]), max_size=12))
def test_repeated_rows_are_told_of_each_of_them(numbers):
    ids = [None if one is None else str(UUID(int=one)) for one in numbers]
    heading, _ = read_heading((ID_COLUMN,), ["编号"])
    rows = [read_row(heading, number, [one])[0] for number, one in enumerate(ids, 2)]
    told = {one.row for one in twice(rows, [("id",)], {"id": "编号"})}
    assert told == {number for number, one in enumerate(ids, 2) if one is not None and ids.count(one) > 1}


def test_every_column_has_its_own_header_and_every_importable_list_is_a_listing():
    for listing in LISTINGS.values():
        headers = headers_of(listing.columns)
        assert len(headers) == len(set(headers)), listing.name
    for name, list_ in IMPORTABLE.items():
        assert tuple(LISTINGS[name].columns) == tuple(list_.columns)
        assert LISTINGS[name].title == list_.title


def test_cells_stand_under_their_headers():
    columns = (ID_COLUMN, Column("colour", "颜色", COLOURS))
    row = type("Row", (), {"id": UUID(int=1), "colour": "red"})()
    assert dict(zip(headers_of(columns), cells_of(columns, row), strict=True)) == {
        "编号": str(UUID(int=1)), "颜色": "red", "颜色（名称）": "红"}  # fmt: skip


RECORD_OF = {
    "premises": "premises", "equipment": "equipment", "staff_members": "staff_member", "establishments": "establishment",
    "recruitments": "recruitment", "training": "training_attendance", "staffing_requirements": "staffing_requirement",
    "budget_lines": "budget_line", "town_supplements": "town_supplement", "fund_expenses": "fund_expense",
    "aid_grants": "aid_grant", "readiness": "readiness", "service_contracts": "service_contract",
    "delegations": "delegation", "baseline_surveys": "baseline_survey", "offices": "office",
    "qualification_standards": "qualification_standard", "pay_rates": "pay_rate", "pay_runs": "pay_run",
    "pay_recoveries": "pay_recovery", "division_changes": "division_change",
}  # fmt: skip


@pytest.mark.parametrize("name", RECORD_OF)
def test_every_column_shows_a_member_of_its_record_in_its_codes(name):
    """And a choice knows every code that the record may have."""
    models = {record.name.replace("-", "_"): record.model for record in RECORDS}
    fields = models[f"registry.{RECORD_OF[name]}"].model_fields
    for column in LISTINGS[name].columns:
        if column.read is None and column.key != "office_name":
            assert column.key in fields, column.header
            codes = {
                one
                for part in (fields[column.key].annotation, *get_args(fields[column.key].annotation))
                for one in get_args(part)
            }
            literals = {code for code in codes if isinstance(code, str)}
            if isinstance(column.kind, Choice) and literals:
                assert literals <= set(column.kind.labels), column.header
