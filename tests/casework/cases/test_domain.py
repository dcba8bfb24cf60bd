"""The pure rules: what a case may do, what an applicant must tell."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import domain
from casework.cases.domain import ApplicantKind, CaseStatus, ClosingResult, make_applicant, make_reason
from casework.cases.errors import (
    ApplicantInvalid,
    CaseAlreadyAccepted,
    CaseAlreadyClosed,
    CaseAlreadyRefused,
    CaseAlreadyWithdrawn,
    CaseNotAccepted,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
    ReasonHoldsPersonalData,
    UsccInvalid,
)
from common.contracts import casework as contract
from common.errors import Conflict
from common.testing.persons import id_number_of, synthetic_organisation, synthetic_person, uscc_of

TODAY = date(2026, 11, 20)


def test_every_refusal_of_the_state_is_a_conflict_with_its_own_code() -> None:
    kinds = {CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed, CaseNotAccepted}
    assert all(issubclass(kind, Conflict) for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_the_contract_knows_the_same_values() -> None:
    assert set(get_args(contract.CaseStatus)) == {status.value for status in CaseStatus}
    assert set(get_args(contract.ClosingResult)) == {result.value for result in ClosingResult}
    assert set(get_args(contract.ApplicantKind)) == {kind.value for kind in ApplicantKind}
    assert set(domain.STATUS_LABELS) == set(CaseStatus)
    assert set(domain.CLOSING_RESULT_LABELS) == set(ClosingResult)


def person(**changes: object):
    values = {"kind": ApplicantKind.NATURAL_PERSON, "uscc_code": None, "on": TODAY, **vars_of(synthetic_person(7))}
    return make_applicant(**(values | changes))


def vars_of(somebody: object) -> dict[str, object]:
    return {name: getattr(somebody, name) for name in ("name", "id_number", "phone")}


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "34052419800101001X", "440524188001010014", "11010519491231002x", " 3405241980 0101001X "],
)
def test_takes_the_examples_of_the_standard(number: str) -> None:
    assert person(id_number=number).identifier == number.replace(" ", "").upper()


@given(
    birth=st.dates(date(1850, 1, 1), TODAY),
    serial=st.integers(0, 999),
    place=st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
)
def test_takes_every_number_with_a_right_check_digit_whatever_its_county(birth: date, serial: int, place: str) -> None:
    number = id_number_of(birth, serial, place)
    assert person(id_number=number).identifier == number


@given(
    birth=st.dates(date(1850, 1, 1), TODAY),
    serial=st.integers(0, 999),
    position=st.integers(0, 17),
    other=st.sampled_from("0123456789X"),
)
def test_refuses_every_number_with_one_wrong_character(birth: date, serial: int, position: int, other: str) -> None:
    number = id_number_of(birth, serial, "440305")
    wrong = number[:position] + other + number[position + 1 :]
    if wrong != number:
        with pytest.raises(IdNumberInvalid):
            person(id_number=wrong)


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("", "form"),
        ("44030519900101", "form"),
        ("110105491231002", "form"),
        ("11010519491231002\u0661", "form"),
        ("01010519491231002X", "form"),
        ("1101051949123100AX", "form"),
        (id_number_of(date(2026, 11, 21)), "birth_date"),
        (id_number_of(date(1849, 12, 31)), "birth_date"),
        ("110105194913310020", "birth_date"),
        ("110105194902290020", "birth_date"),
        ("110105194912310020", "check_digit"),
    ],
)
def test_says_what_is_wrong_with_a_citizen_number_without_repeating_it(number: str, check: str) -> None:
    with pytest.raises(IdNumberInvalid) as refusal:
        person(id_number=number)
    assert refusal.value.facts == {"check": check, "standard": "GB 11643"}
    assert not number or number not in f"{refusal.value}{refusal.value.detail}{refusal.value.facts}"


@pytest.mark.parametrize(
    "code",
    [
        "91512081MA62K0260E",
        "12441500196720244T",
        "12441500196720244t",
        uscc_of("N244030599000000X"),
        uscc_of("A1110000600037341"),
    ],
)
def test_takes_credit_codes_also_of_collectives(code: str) -> None:
    taken = make_applicant(
        kind=ApplicantKind.ORGANISATION, name="测试经济合作社", id_number=None, uscc_code=code, phone=None, on=TODAY
    )
    assert taken.identifier == code.upper()


@given(
    number=st.integers(0, 10**9 - 1),
    position=st.integers(0, 17),
    other=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ"),
)
def test_refuses_every_credit_code_with_one_wrong_character(number: int, position: int, other: str) -> None:
    code = synthetic_organisation(number).uscc
    wrong = code[:position] + other + code[position + 1 :]
    if wrong != code:
        with pytest.raises(UsccInvalid) as refusal:
            domain.normalise_identifier(wrong, kind=ApplicantKind.ORGANISATION, on=TODAY)
        assert wrong not in f"{refusal.value.detail}{refusal.value.facts}"


@pytest.mark.parametrize(
    "phone", ["15400000001", "154 0000 0001", "+8615400000001", "0086-154-0000-0001", "１５４０００００００１"]
)
def test_takes_a_mobile_number_in_any_usual_way_of_writing(phone: str) -> None:
    assert person(phone=phone).phone == "15400000001"


@pytest.mark.parametrize(
    "phone", ["", "12345678901", "1540000000", "154000000011", "075512345678", "1540000000a", "15400000001;"]
)
def test_refuses_what_is_no_mobile_number(phone: str) -> None:
    with pytest.raises(PhoneInvalid):
        person(phone=phone)


@pytest.mark.parametrize(
    "name", ["", "   ", "123", "张\n三", "张\x00三", "张" * 101, "\u202e张三", "张\u3000三", "\u200b\u200b"]
)
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(NameInvalid):
        person(name=name)


@pytest.mark.parametrize("name", ["张三", "阿卜杜拉·买买提", "O'Brien", "㐀", "张\U00031350", "\U000323b0", "张\ue000"])
def test_takes_names_of_all_peoples(name: str) -> None:
    assert person(name=f" {name} ").name == name


def test_a_person_needs_a_citizen_number_and_an_organisation_a_code_and_neither_the_other() -> None:
    somebody, company = synthetic_person(1), synthetic_organisation(1)
    for kind, numbers in [
        (ApplicantKind.NATURAL_PERSON, {"id_number": None, "uscc_code": None}),
        (ApplicantKind.NATURAL_PERSON, {"id_number": None, "uscc_code": company.uscc}),
        (ApplicantKind.NATURAL_PERSON, {"id_number": somebody.id_number, "uscc_code": company.uscc}),
        (ApplicantKind.ORGANISATION, {"id_number": somebody.id_number, "uscc_code": None}),
    ]:
        with pytest.raises(ApplicantInvalid):
            make_applicant(kind=kind, name="测试", phone=None, on=TODAY, **numbers)


@pytest.mark.parametrize(
    "reason",
    [
        f"申请人 {synthetic_person(3).id_number} 材料不全",
        f"已致电{synthetic_person(3).phone}告知",
        "已致电 154 0000 0003 告知",
        "已致电１３８００１３８０００告知",
    ],
)
def test_a_reason_names_nobodys_number(reason: str) -> None:
    with pytest.raises(ReasonHoldsPersonalData):
        make_reason(reason)


def test_a_reason_may_name_dates_and_documents() -> None:
    assert make_reason(" 依据粤府办〔2011〕65号，2026年11月20日告知 ") == "依据粤府办〔2011〕65号，2026年11月20日告知"


def test_nobody_in_clear_shows_in_a_representation() -> None:
    somebody = synthetic_person(9)
    shown = repr(person(**vars_of(somebody)))
    assert not any(value in shown for value in (somebody.name, somebody.id_number, somebody.phone))
