"""The one form of a payload, and its digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


class NotCanonical(ValueError):
    """The payload has no JSON form that every system reads the same: NaN, infinity, half a surrogate pair."""


class Content(NamedTuple):
    """A payload in its one form.

    Attributes:
        data: JSON with sorted keys and no blanks; in UTF-8 equal to RFC 8785 where no number is a fraction.
        digest: SHA-256 of its UTF-8 bytes.
    """

    data: str
    digest: bytes


def content_of(payload: Mapping[str, Any]) -> Content:
    """The canonical form of a payload and its digest, the same on every level.

    Source: ADR 0010.

    Raises:
        NotCanonical: see there.
    """
    try:
        data = _canonical(payload)
        return Content(data, hashlib.sha256(data.encode()).digest())
    except ValueError:
        raise NotCanonical from None
