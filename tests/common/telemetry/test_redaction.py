"""Nothing that looks like a person or a credential leaves the process in a line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.telemetry import redact_text
from common.telemetry.redaction import MASK, redacted

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
