"""Synthetic persons and organisations: numbers with right check digits that belong to nobody.

The place code 990000 is assigned to no province, the mobile prefix 154 to no operator, and every name begins with
测试, so that nobody can take one for real and a search for one finds nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

PLACE = "990000"
_FIRST_BIRTH = date(1950, 1, 1)
_BIRTH_DAYS = 20_000
_SERIALS = 1_000
_PHONES = 10**8
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """Nobody: name, citizen number (GB 11643) and mobile number."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class SyntheticOrganisation:
    """No organisation: name, unified social credit code (GB 32100) and mobile number."""

    name: str
    uscc: str
    phone: str


def synthetic_person(number: int = 0) -> SyntheticPerson:
    """The same person for the same number; different numbers (below twenty million) give different persons."""
    serial, day = divmod(number, _BIRTH_DAYS)
    birth = _FIRST_BIRTH + timedelta(days=day)
    return SyntheticPerson(
        name=f"测试{_letters(number)}",
        id_number=id_number_of(birth, serial % _SERIALS),
        phone=f"154{number % _PHONES:08d}",
    )


def synthetic_organisation(number: int = 0) -> SyntheticOrganisation:
    """The same organisation for the same number."""
    return SyntheticOrganisation(
        name=f"测试{_letters(number)}有限公司",
        uscc=uscc_of(f"91{PLACE}{number:09d}"),
        phone=f"154{number % _PHONES:08d}",
    )


def id_number_of(birth: date, serial: int = 1, place: str = PLACE) -> str:
    """A citizen number with its check digit."""
    head = f"{place}{birth:%Y%m%d}{serial:03d}"
    return head + ric.calc_check_digit(head + "0")


def uscc_of(head: str) -> str:
    """A unified social credit code from its first 17 characters."""
    return head + uscc.calc_check_digit(head + "0")


def _letters(number: int) -> str:
    return "".join(_ORDINALS[int(digit)] for digit in str(number))
