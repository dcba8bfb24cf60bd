"""What a log line, a span or an error body must not carry, whoever put it there.

Works on rendered text, so that no nesting, key or exception message escapes it. It is the second wall: the first is
that nobody logs values.
"""

import re
from collections.abc import Mapping
from typing import Any

_SENSITIVE = re.compile(
    r"(?<!\d)\d{17}[\dXx](?![\dXx])"
    r"|(?<![\dA-Za-z])\d{6}[ -]\d{8}[ -]\d{3}[\dXx](?![\dA-Za-z])"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|(?<![\dA-Za-z])1[3-9]\d[ -]\d{4}[ -]\d{4}(?![\dA-Za-z])"
    r"|(?i:\bbearer)\s+[\w.~+/=-]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)
"""18-digit identity numbers, mobile numbers (both also grouped by blanks or hyphens), bearer tokens, bare JWTs."""

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
    return _SENSITIVE.sub(MASK, text)


def without_sensitive_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with the values of keys that name personal data or secrets masked, at any depth."""
    return {key: MASK if key.lower() in _KEYS else _inner(value) for key, value in values.items()}


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return without_sensitive_keys(value)
    if isinstance(value, list | tuple):
        return [_inner(item) for item in value]
    return value
