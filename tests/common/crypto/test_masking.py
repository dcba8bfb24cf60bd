"""What answers show of a person: enough to tell two apart, never the birth date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto import mask_id_number, mask_name, mask_phone

digits = st.text("0123456789", min_size=18, max_size=18)


@given(digits)
def test_an_id_number_never_shows_place_below_province_or_birth_date(number: str) -> None:
    masked = mask_id_number(number)
    assert len(masked) == 18
    assert masked[3:14] == "*" * 11
    assert (masked[:3], masked[14:]) == (number[:3], number[14:])


@pytest.mark.parametrize("other", ["", "X", "440524880101001", "H12345678", "4405241880010100140", "未知"])
def test_of_any_other_document_nothing_is_shown(other: str) -> None:
    assert mask_id_number(other) == "********"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("欧阳修", "欧**"),
        ("买买提·吐尔逊", "买**"),
        ("李", "*"),
        ("", "*"),
        (" 王五 ", "王*"),
        ("Smith", "S**"),
    ],
)
def test_of_a_name_only_the_first_character_stays(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("0755-12345678", "****78"),
        ("110", "****"),
        ("", "****"),
        ("无", "****"),
    ],
)
def test_of_a_phone_the_middle_is_hidden(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
