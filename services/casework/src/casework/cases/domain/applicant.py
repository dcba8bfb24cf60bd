"""Who applies: the checks that keep wrong numbers out of the books. Numbers are never part of an error."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from casework.cases.errors import (
    ApplicantInvalid,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
    ReasonHoldsPersonalData,
    UsccInvalid,
)
from common.telemetry import holds_personal_data

LONGEST_NAME = 100
EARLIEST_BIRTH = date(1850, 1, 1)
"""Older birth dates are typing errors; the oldest example of the standard itself is of 1880."""

_ID_LENGTH = 18
_USCC_LENGTH = 18
_USCC_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_USCC_PLACE = slice(2, 8)
_MOBILE_LENGTH = 11
_COUNTRY_PREFIXES = ("+86", "0086")
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_YOUNG = frozenset({"Cn", "Co"})
"""Categories of control and blank; of what no table here knows or what is of private use."""


class ApplicantKind(StrEnum):
    """Whom an item serves. Source: standards.md §5."""

    NATURAL_PERSON = "natural_person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Personal data in clear: lives for one request, never in a log, an event or an error.

    Attributes:
        kind: natural person or organisation.
        name: of the person or of the organisation.
        identifier: citizen number of a person, unified social credit code of an organisation; normalised.
        phone: mobile number, normalised.
    """

    kind: ApplicantKind
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)


def make_applicant(
    *, kind: ApplicantKind, name: str, id_number: str | None, uscc_code: str | None, phone: str | None, on: date
) -> Applicant:
    """Checks what was typed and gives it in its one normal form.

    Source: standards.md §2 (GB 11643, GB 32100).

    Args:
        kind: decides which of the two numbers must be given, and that the other is not.
        name: 1 to 100 characters.
        id_number: 18 characters; a check digit x counts as X.
        uscc_code: 18 characters.
        phone: a mobile number of the mainland; blanks, hyphens and +86 are let through.
        on: Beijing day of the application; nobody is born after it.

    Raises:
        ApplicantInvalid: a person without a citizen number, an organisation without a code, or one too many.
        NameInvalid, IdNumberInvalid, UsccInvalid, PhoneInvalid: the value is none.
    """
    given, other = (id_number, uscc_code) if kind is ApplicantKind.NATURAL_PERSON else (uscc_code, id_number)
    if given is None or other is not None:
        expected = "id_number" if kind is ApplicantKind.NATURAL_PERSON else "uscc"
        raise ApplicantInvalid(applicant_kind=kind.value, expected=expected)
    return Applicant(
        kind=kind,
        name=_name(name),
        identifier=normalise_identifier(given, kind=kind, on=on),
        phone=None if phone is None else _mobile(phone),
    )


def normalise_identifier(text: str, *, kind: ApplicantKind, on: date) -> str:
    """The citizen number or code in the one form in which it is stored and searched.

    Source: standards.md §2 (GB 11643, GB 32100).

    Raises:
        IdNumberInvalid, UsccInvalid: the value is none.
    """
    return _id_number(text, on=on) if kind is ApplicantKind.NATURAL_PERSON else _uscc(text)


def make_reason(text: str) -> str:
    """A reason as it is stored, in clear: trimmed, and free of numbers that belong to a person.

    Source: standards.md §9.

    Raises:
        ReasonHoldsPersonalData: it holds something like a citizen number or a mobile number.
    """
    reason = unicodedata.normalize("NFC", text).strip()
    if holds_personal_data(reason):
        raise ReasonHoldsPersonalData
    return reason


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= LONGEST_NAME or not all(map(_is_written, name)) or not any(map(_is_letter, name)):
        raise NameInvalid
    return name


def _is_written(char: str) -> bool:
    """Not `isprintable`: rare characters of names are younger than Python's tables, or of GB 18030's private use."""
    return char == " " or unicodedata.category(char) not in _UNWRITTEN


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char) in _YOUNG


def _id_number(text: str, *, on: date) -> str:
    """Form, birth date and check digit. Retired county codes are good: the number outlives the county.

    Source: standards.md §2 (GB 11643).
    """
    number = _compact(text)
    if len(number) != _ID_LENGTH or not number.isascii() or not number[:-1].isdigit() or number[0] == "0":
        raise IdNumberInvalid(check="form", standard="GB 11643")
    try:
        birth = ric.get_birth_date(number)
    except ValidationError:
        raise IdNumberInvalid(check="birth_date", standard="GB 11643") from None
    if not EARLIEST_BIRTH <= birth <= on:
        raise IdNumberInvalid(check="birth_date", standard="GB 11643")
    if number[-1] != ric.calc_check_digit(number):
        raise IdNumberInvalid(check="check_digit", standard="GB 11643")
    return number


def _uscc(text: str) -> str:
    """Form and check digit.

    stdnum's own form check refuses codes with letters in front, which villages' collectives (N) and the armed forces
    (A) have; so only its check digit is used.

    Source: standards.md §2 (GB 32100).
    """
    code = _compact(text)
    if len(code) != _USCC_LENGTH or not set(code) <= _USCC_ALPHABET or not code[_USCC_PLACE].isdigit():
        raise UsccInvalid(check="form", standard="GB 32100")
    if code[-1] != uscc.calc_check_digit(code):
        raise UsccInvalid(check="check_digit", standard="GB 32100")
    return code


def _mobile(text: str) -> str:
    number = _compact(text).replace("-", "")
    for prefix in _COUNTRY_PREFIXES:
        number = number.removeprefix(prefix)
    is_mobile = len(number) == _MOBILE_LENGTH and number.isascii() and number.isdigit() and number[0] == "1"
    if not is_mobile or number[1] in "012":
        raise PhoneInvalid
    return number


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
