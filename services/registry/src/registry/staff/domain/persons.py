"""Persons: what is checked before anything is kept, and what never stands in clear. Pure."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from common.telemetry import holds_personal_data
from registry.staff.errors import IdNumberInvalid, PersonNameInvalid, PersonPhoneInvalid, TextHoldsPersonalData

EARLIEST_BIRTH = date(1900, 1, 1)
_ID_LENGTH = 18
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_YOUNG = frozenset({"Cn", "Co"})
"""Rare characters of names are younger than Python's tables, or of GB 18030's private use."""

_SHORTEST_NAME_IN_TEXT = 2


@dataclass(frozen=True, slots=True)
class ServiceTerm:
    """A completed term of a priority group, with its proof. Source: O3.1b.

    Attributes:
        starts_on, ends_on: first and last day of the term.
        certificate: number of the certificate; personal, kept sealed.
    """

    group: str
    starts_on: date
    ends_on: date
    certificate: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Personal data in clear: lives for one request, never in a log, an event or an error.

    Attributes:
        education: the highest; a code of EDUCATION_LABELS.
        certificates: names of certificates that standards may ask for.
    """

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    education: str | None = field(default=None, repr=False)
    certificates: tuple[str, ...] = field(default=(), repr=False)
    service_terms: tuple[ServiceTerm, ...] = field(default=(), repr=False)

    @property
    def born_on(self) -> date:
        """As the number tells it."""
        born: date = ric.get_birth_date(self.id_number)
        return born


def make_id_number(text: str, *, on: date) -> str:
    """The citizen number in its one form: half-width, X capital. Retired county codes are good.

    Source: O1.4g; standards.md §2 (GB 11643).

    Args:
        on: nobody is born after this Beijing day.

    Raises:
        IdNumberInvalid: the answer names the check that failed, never the number.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) != _ID_LENGTH or not number.isascii() or not number[:-1].isdigit() or number[0] == "0":
        raise IdNumberInvalid(check="form", standard="GB 11643")
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        raise IdNumberInvalid(check="birth_date", standard="GB 11643") from None
    if not EARLIEST_BIRTH <= born <= on:
        raise IdNumberInvalid(check="birth_date", standard="GB 11643")
    if number[-1] != ric.calc_check_digit(number):
        raise IdNumberInvalid(check="check_digit", standard="GB 11643")
    return number


def make_name(text: str) -> str:
    """A name as it is kept: trimmed, written characters only.

    Source: standards.md §2.

    Raises:
        PersonNameInvalid: empty, without a letter, or with characters that people do not write.
    """
    name = unicodedata.normalize("NFC", text).strip()
    is_written = all(char == " " or unicodedata.category(char) not in _UNWRITTEN for char in name)
    if not name or not is_written or not any(map(_is_letter, name)):
        raise PersonNameInvalid
    return name


def make_phone(text: str) -> str:
    """A mobile number of the mainland; blanks, hyphens and +86 are let through.

    Source: standards.md §2.

    Raises:
        PersonPhoneInvalid: it is none.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    number = number.removeprefix("+86").removeprefix("0086")
    if _MOBILE.fullmatch(number) is None:
        raise PersonPhoneInvalid
    return number


def age_on(born_on: date, day: date) -> int:
    """Completed years of life; who is born on 29 February has the birthday on 1 March of common years.

    Source: O3.1a.
    """
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def merged_file(earlier: Person, told: Person) -> Person:
    """The file after a further hire: what the hire says nothing about stays as it is.

    Source: O3.1a, O3.1b.
    """
    return replace(
        told,
        phone=told.phone or earlier.phone,
        education=told.education or earlier.education,
        certificates=tuple(dict.fromkeys((*earlier.certificates, *told.certificates))),
        service_terms=tuple(dict.fromkeys((*earlier.service_terms, *told.service_terms))),
    )


def require_impersonal(*texts: str | None, name: str | None = None) -> None:
    """Holds texts that are kept in clear (reasons, documents, titles) free of personal data.

    Source: standards.md §9; ADR 0005.

    Args:
        name: of the person concerned, where it is known.

    Raises:
        TextHoldsPersonalData: one holds something like a citizen number or a telephone number, or the name.
    """
    for text in texts:
        plain = unicodedata.normalize("NFKC", text or "")
        has_name = name is not None and len(name) >= _SHORTEST_NAME_IN_TEXT and name in plain
        if has_name or holds_personal_data(plain):
            raise TextHoldsPersonalData


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char) in _YOUNG
