"""Nothing that looks like a person or a credential leaves the process in a line."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.telemetry import holds_personal_data, redact_text
from common.telemetry.redaction import MASK, redacted
from common.testing.persons import id_number_of, synthetic_person, uscc_of

NUMBER = "44030119900101123X"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"

SENSITIVE = [
    NUMBER,
    NUMBER.lower(),
    "440301199001011234",
    "123456789012345678",
    "440301 19900101 1234",
    "440301-19900101-123x",
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "Bearer abc.DEF-123_~+/=",
    "bearer  abc",
    TOKEN,
]
HARMLESS = [
    "440303003001",
    "0190f3d2-7c1a-7b3e-9f00-123456789012",
    "12345678901",
    "23800138000",
    "1380013800",
    "2026-11-22T15:51:23.123456+08:00",
    "4403011990010112345",
    "/casework/v1/cases/{case_id}",
    "124415001967202441234567890123456789",
]


@pytest.mark.parametrize("text", SENSITIVE)
@pytest.mark.parametrize(
    "frame", ["{}", "身份证{}无效", '{{"a": "{}"}}', "id={}&x=1", "x {} y", "Key (id_number)=({}) already exists"]
)
def test_masks_what_looks_sensitive_wherever_it_stands(text: str, frame: str) -> None:
    shown = redact_text(frame.format(text))
    assert text not in shown
    assert MASK in shown


@pytest.mark.parametrize("text", ["id44030119900101123X", "N440301199001011234号", "m13800138000m"])
def test_masks_numbers_glued_to_letters(text: str) -> None:
    assert MASK in redact_text(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_codes_identifiers_and_times_alone(text: str) -> None:
    assert redact_text(f"x {text} y") == f"x {text} y"


@given(st.text(), st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), st.text())
def test_no_neighbour_saves_a_number_but_another_digit(before: str, number: str, after: str) -> None:
    before, after = before.rstrip("0123456789xX０１２３４５６７８９"), after.lstrip("0123456789xX")
    if (before and before[-1].isdigit()) or (after and after[0].isdigit()):
        return
    assert number not in redact_text(f"{before}{number}{after}")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([int(SENSITIVE[2]), 13800138000.0, *SENSITIVE]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(SENSITIVE), inner),
    max_leaves=8,
)


@given(json_values)
def test_a_redacted_value_is_json_without_any_of_them(value: object) -> None:
    line = json.dumps(redacted({"a": value}), ensure_ascii=False, allow_nan=False)
    assert json.loads(line)
    for secret in SENSITIVE:
        assert secret not in line


# 12 440305 0077777 (a fictitious public institution): the check digit is a digit as well.
ORGANISATION = next(
    code for code in (uscc_of(f"1244030500{n:07d}") for n in range(7_000_000, 7_001_000)) if code.isdigit()
)


@pytest.mark.parametrize("frame", ["{}", "受托方（{}）", "x {} y", "统一社会信用代码：{}。"])
def test_the_code_of_an_organisation_is_no_personal_data_though_it_has_digits_only(frame: str) -> None:
    assert not holds_personal_data(frame.format(ORGANISATION))
    assert MASK in redact_text(frame.format(ORGANISATION)), "a log line is masked all the same"


def test_with_another_check_digit_it_is_taken_for_a_citizens() -> None:
    wrong = ORGANISATION[:-1] + str((int(ORGANISATION[-1]) + 1) % 10)
    assert holds_personal_data(f"受托方 {wrong}")


def test_a_text_with_both_holds_personal_data() -> None:
    assert holds_personal_data(f"{ORGANISATION} {synthetic_person().id_number}")


@given(day=st.integers(0, 50_000), serial=st.integers(0, 999), last=st.sampled_from("0123456789X"))
def test_no_number_with_a_day_of_birth_passes_for_the_code_of_an_organisation(day: int, serial: int, last: str) -> None:
    """Whatever its last character: who mistypes a citizen number may hit the check digit of the other kind."""
    number = id_number_of(date(1900, 1, 1) + timedelta(days=day), serial, "440305")
    assert holds_personal_data(number)
    assert holds_personal_data(number[:-1] + last)
    assert holds_personal_data("".join(chr(ord(char) + 0xFEE0) for char in number))


CODE_OF_AN_ORGANISATION = "123456789012345678"
"""Allowed by GB 32100, however it looks."""


@pytest.mark.parametrize("text", sorted({*SENSITIVE} - {CODE_OF_AN_ORGANISATION}))
def test_what_is_masked_in_a_line_is_refused_in_a_text(text: str) -> None:
    assert holds_personal_data(f"说明{text}。")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_left_alone_in_a_line_is_let_through(text: str) -> None:
    assert not holds_personal_data(f"x {text} y")
