"""What a log line, a span or an error body must not carry, whoever put it there.

Works on every text, number and key at any depth. It is the second wall: the first is that nobody logs values.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from stdnum.cn import uscc

_SENSITIVE = re.compile(
    r"(?<!\d)\d{17}[\dXx](?![\dXx])"
    r"|(?<![\dA-Za-z])\d{6}[ -]\d{8}[ -]\d{3}[\dXx](?![\dA-Za-z])"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|(?<![\dA-Za-z])1[3-9]\d[ -]\d{4}[ -]\d{4}(?![\dA-Za-z])"
    r"|(?<![A-Za-z])(?i:bearer)\s+[A-Za-z0-9_.~+/=-]+"
    r"|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
)
"""18-digit identity numbers, mobile numbers (both also grouped by blanks or hyphens), bearer tokens, bare JWTs."""

_HINT = re.compile(r"\d{3}|[rR]\s|eyJ")
"""Every sensitive form has one of these; most texts have none, and this is asked in a fifth of the time."""

_SMALL = 10**10
"""Shorter than a mobile number."""

_BIRTH_YEARS = range(1880, 2100)

MASK = "[redacted]"

_KEYS = frozenset(
    {
        "authorization",
        "cookie",
        "set-cookie",
        "password",
        "secret",
        "token",
        "id_number",
        "applicant_name",
        "applicant_id_number",
        "phone",
        "mobile",
    }
)


def redact_text(text: str) -> str:
    """The text with everything that looks like an identity number, a mobile number or a token masked."""
    return _SENSITIVE.sub(MASK, text) if _HINT.search(text) else text


def holds_personal_data(text: str) -> bool:
    """Whether words that somebody writes hold what `redact_text` masks, in full-width characters too.

    A unified social credit code that happens to have no letter is no personal data: its check digit is right, and no
    date stands where a citizen number has the day of birth. Log lines mask it all the same.

    Source: standards.md §2, §9; ADR 0005.
    """
    plain = unicodedata.normalize("NFKC", text)
    if _HINT.search(plain) is None:
        return False
    return any(not _is_of_organisation(found.group()) for found in _SENSITIVE.finditer(plain))


def _is_of_organisation(number: str) -> bool:
    if not uscc.is_valid(number):
        return False
    day = uscc.compact(number)[6:14]
    try:
        born = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return True
    return born.year not in _BIRTH_YEARS


def redacted(value: Any) -> Any:
    """The same JSON value with sensitive texts, numbers and keys masked, and the values of keys that name a secret."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_key(key): MASK if key.lower() in _KEYS else redacted(part) for key, part in _texts(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(part) for part in value]
    return value


def _number(value: float) -> Any:
    """A number that must be masked stops being one, or the line would be no JSON; NaN never was."""
    if -_SMALL < value < _SMALL:
        return value
    text = repr(value)
    return value if math.isfinite(value) and redact_text(text) == text else MASK


@lru_cache(maxsize=1024)
def _key(key: str) -> str:
    return redact_text(key)


def _texts(values: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    return ((key if isinstance(key, str) else str(key), part) for key, part in values.items())
