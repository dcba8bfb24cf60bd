"""Policy as data: what the packaged file says, and that no day is ever without or with two values."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.casework import Duty
from common.divisions import LEVELS
from common.policy import (
    BOOK,
    CLAUSES,
    DOCUMENTS,
    Mark,
    Option,
    Parameter,
    ParameterNotInForce,
    ParameterUnknown,
    PolicyBook,
    Strength,
    ValueKind,
    clause,
    parameter,
    parameters,
)

ISSUED = date(2011, 9, 25)
TODAY = date(2026, 11, 22)


def period(valid_from: date, valid_to: date | None, value: int = 300, **other: object) -> Parameter:
    members = {
        "code": "office_floor_area_min",
        "title": "面积",
        "value": value,
        "unit": "square_metre",
        "strength": Strength.SOFT,
        "clause": "O2.2a",
        "document": "粤府办〔2011〕65号",
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    return Parameter(**{**members, **other})  # type: ignore[arg-type]


# --- the packaged file ------------------------------------------------------------------------------------------


def test_floor_area_is_300_square_metres_and_soft_because_the_clause_says_in_principle() -> None:
    """O2.2a."""
    found = parameter("office_floor_area_min", on=date(2012, 12, 31))
    assert (found.number, found.unit, found.strength, found.clause) == (300, "square_metre", Strength.SOFT, "O2.2a")
    assert found.document == "粤府办〔2011〕65号"


def test_staffing_is_a_range_of_served_people() -> None:
    """O1.4b."""
    low, high = (parameter(f"staff_served_{end}", on=TODAY) for end in ("min", "max"))
    assert (low.number, high.number) == (6000, 8000)
    assert low.strength is high.strength is Strength.SOFT
    assert low.unit == high.unit == "served_person_per_staff"


def test_eight_duties_six_equipment_kinds_and_six_procedure_families_are_not_confused() -> None:
    """O1.1a, O2.3, O4.1a."""
    assert parameter("duties", on=TODAY).option_codes == Duty.__args__  # type: ignore[attr-defined]
    assert [option.label for option in parameter("equipment_kinds", on=TODAY).options] == [
        "电脑（网络设备）",
        "打印机",
        "传真机",
        "电话",
        "档案柜",
        "信息发布栏",
    ]
    assert len(parameter("procedure_families", on=TODAY).options) == 6


def test_the_network_has_the_five_levels_of_the_platform() -> None:
    """O4.2a."""
    assert parameter("network_levels", on=TODAY).option_codes == tuple(LEVELS)


def test_programme_dates_are_those_of_the_document() -> None:
    """O6.1a, O6.1b, O6.1c, O6.2b."""
    assert {code: parameter(code, on=ISSUED).day for code in BOOK.codes if code.endswith("_on")} == {
        "programme_starts_on": date(2011, 1, 1),
        "programme_ends_on": date(2012, 12, 31),
        "cohort_a_due_on": date(2011, 12, 31),
        "cohort_b_due_on": date(2012, 12, 31),
        "plan_filing_due_on": date(2011, 10, 31),
    }


def test_what_must_and_must_not_is_hard() -> None:
    """O1.4d, O1.4g, O2.2b."""
    assert parameter("part_time_public_employee_pay_allowed", on=TODAY).flag is False
    assert parameter("establishment_increase_max", on=TODAY).number == 0
    assert parameter("public_windows_min", on=TODAY).number == 1
    for code in ("part_time_public_employee_pay_allowed", "establishment_increase_max", "public_windows_min"):
        assert parameter(code, on=TODAY).strength is Strength.HARD


def test_the_lead_over_demobilised_officers_changed_in_2018_and_the_past_keeps_its_answer() -> None:
    """O1.1a."""
    assert parameter("demobilised_officers_lead", on=date(2018, 4, 15)).text == "人力资源社会保障部门"
    assert parameter("demobilised_officers_lead", on=date(2018, 4, 16)).text == "退役军人事务部门"


def test_every_parameter_has_its_unit_and_cites_a_clause_and_a_document_on_file() -> None:
    for entry in BOOK:
        assert entry.unit.strip(), entry.code
        assert entry.clause in CLAUSES, entry.code
        document = DOCUMENTS[entry.document]
        assert entry.valid_from >= document.issued_on, entry.code
        assert entry.mark is Mark.READ or entry.to_confirm, entry.code


def test_clauses_are_on_file_whole_and_belong_to_a_document_on_file() -> None:
    assert len(CLAUSES) == 60
    assert all(re.fullmatch(r"[SG]\d|O\d(\.\d[a-z]?)?", code) for code in CLAUSES)
    assert {entry.document for entry in CLAUSES.values()} <= set(DOCUMENTS)
    found = clause("O2.2a")
    assert found is not None
    assert "300平方米" in found.quote
    assert clause("O9.9z") is None


@given(on=st.dates(min_value=ISSUED, max_value=date(2100, 1, 1)), code=st.sampled_from(BOOK.codes))
def test_every_parameter_has_exactly_one_value_on_every_day_since_its_document(on: date, code: str) -> None:
    fitting = [entry for entry in BOOK if entry.code == code and entry.is_in_force(on)]
    if on < stated_since(code):
        assert fitting == []
    else:
        assert fitting == [parameter(code, on=on)]


def stated_since(code: str) -> date:
    """The first document that states a parameter may be younger than the opinions, as 好差评 is (2019)."""
    return min(entry.valid_from for entry in BOOK if entry.code == code)


@given(on=st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_what_is_in_force_is_what_single_look_ups_give(on: date) -> None:
    assert {entry.code for entry in parameters(on=on)} == {code for code in BOOK.codes if on >= stated_since(code)}
    assert all(parameter(entry.code, on=on) is entry for entry in parameters(on=on))


def test_before_the_document_there_was_no_rule() -> None:
    with pytest.raises(ParameterNotInForce) as caught:
        parameter("duties", on=ISSUED - timedelta(days=1))
    assert caught.value.facts == {"parameter": "duties", "on": "2011-09-24"}


def test_an_unknown_code_is_not_a_gap() -> None:
    with pytest.raises(ParameterUnknown):
        parameter("office_floor_area", on=TODAY)


def test_a_value_is_only_given_as_what_it_is() -> None:
    flag, number = parameter("part_time_public_employee_pay_allowed", on=TODAY), parameter("cohort_a_target", on=TODAY)
    assert (flag.kind, number.kind) == (ValueKind.FLAG, ValueKind.NUMBER)
    with pytest.raises(TypeError):
        _ = flag.number
    with pytest.raises(TypeError):
        _ = number.flag
    with pytest.raises(TypeError):
        _ = number.options


# --- the rules of the book ----------------------------------------------------------------------------------------

DAYS = st.lists(st.dates(date(2000, 1, 1), date(2050, 1, 1)), min_size=2, max_size=8, unique=True).map(sorted)


@given(days=DAYS, data=st.data())
def test_as_of_look_ups_follow_the_periods_whatever_they_are(days: list[date], data: st.DataObject) -> None:
    entries = [period(first, last, number) for number, (first, last) in enumerate(pairwise(days))]
    entries.append(period(days[-1], None, len(days)))
    book = PolicyBook(data.draw(st.permutations(entries)))
    on = data.draw(st.dates(date(1999, 1, 1), date(2060, 1, 1)))
    begun = sum(1 for day in days if day <= on)
    if not begun:
        with pytest.raises(ParameterNotInForce):
            book.parameter("office_floor_area_min", on=on)
    else:
        expected = len(days) if begun == len(days) else begun - 1
        assert book.parameter("office_floor_area_min", on=on).number == expected


@given(days=DAYS, data=st.data())
def test_a_future_change_leaves_every_past_answer_as_it_was(days: list[date], data: st.DataObject) -> None:
    change = days[-1]
    before = PolicyBook([period(days[0], None)])
    after = PolicyBook([period(days[0], change), period(change, None, 500)])
    on = data.draw(st.dates(days[0], change - timedelta(days=1)))
    asked = "office_floor_area_min"
    assert before.parameter(asked, on=on).number == after.parameter(asked, on=on).number == 300
    assert after.parameter(asked, on=change).number == 500


FIRST, SECOND, THIRD = date(2011, 1, 1), date(2015, 1, 1), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([period(FIRST, THIRD), period(SECOND, None)], "overlap"),
        ([period(FIRST, None), period(SECOND, None)], "overlap"),
        ([period(FIRST, SECOND), period(FIRST, None)], "overlap"),
        ([period(FIRST, SECOND), period(THIRD, None)], "gap"),
        ([period(SECOND, SECOND)], "ends before"),
        ([period(SECOND, FIRST)], "ends before"),
        ([period(FIRST, None, unit="")], "lacks"),
        ([period(FIRST, None, clause="")], "lacks"),
        ([period(FIRST, SECOND), period(SECOND, None, unit="hectare")], "kind or unit"),
        ([period(FIRST, SECOND), period(SECOND, None, True)], "kind or unit"),
        ([period(FIRST, None, value=(Option("a", "甲"), Option("a", "乙")))], "twice"),
    ],
)
def test_a_book_that_is_not_whole_is_refused(entries: list[Parameter], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PolicyBook(entries)


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"value": 1.5},
        {"value": ""},
        {"value": []},
        {"value": [{"code": "a"}]},
        {"value": {"date": "2011-13-01"}},
        {"strength": "strict"},
        {"mark": "X"},
        {"valid_from": "2011-9-25"},
        {"colour": "red"},
    ],
)
def test_a_line_of_the_file_that_is_malformed_names_its_parameter(change: dict[str, object]) -> None:
    row = {
        "code": "office_floor_area_min",
        "title": "面积",
        "value": 300,
        "unit": "square_metre",
        "strength": "soft",
        "clause": "O2.2a",
        "document": "粤府办〔2011〕65号",
        "valid_from": "2011-09-25",
        "valid_to": None,
    }
    assert Parameter.from_json(row).number == 300
    with pytest.raises(ValueError, match="office_floor_area_min"):
        Parameter.from_json({**row, **change})
