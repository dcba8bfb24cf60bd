"""Texts as a document can hold them."""

import unicodedata
from datetime import date

_LONGEST = 4000
_LINE = frozenset("\t\n\v\f\r\u2028\u2029\u0085")
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_NONCHARACTERS = frozenset({0xFFFE, 0xFFFF})


def printable(text: str) -> str:
    """The text on one line without characters that XML forbids, that are not seen, or that turn the writing round.

    Nothing that a person wrote by hand is lost by it: rare characters and private ones of GB 18030 stay.

    Source: O4.3b; standards.md §9.
    """
    plain = "".join(" " if one in _LINE else one for one in text[:_LONGEST] if one in _LINE or _is_seen(one))
    return " ".join(plain.split(" ")).strip()


def chinese_day(day: date) -> str:
    """2026年11月22日, as official documents date themselves.

    Source: standards.md §9 (GB/T 9704-2012).
    """
    return f"{day.year}年{day.month}月{day.day}日"


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN and ord(character) & 0xFFFF not in _NONCHARACTERS
