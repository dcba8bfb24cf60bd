"""Keyset pages: `{items, next_cursor}`, stable under inserts, no counting.

A cursor is the sort key of the last row, bound to its list and filters. It is checked, not secret: it only says where
to go on in an ordering that the actor's scope already bounds, so a forged one gains nothing. Sort keys are never
personal data, because cursors stand in addresses.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query

from common import clock
from common.http.errors import CursorInvalid
from common.http.models import Page

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_CHECK_BYTES = 8
_MAX_LENGTH = 512

Row = TypeVar("Row")
Shown = TypeVar("Shown")
Key = str | int | datetime | date | UUID
"""What a sort key may consist of."""

_READERS: dict[type, Callable[[Any], Any]] = {
    str: lambda value: _exact(value, str),
    int: lambda value: _exact(value, int),
    datetime: lambda value: _aware(datetime.fromisoformat(_exact(value, str))),
    date: lambda value: date.fromisoformat(_exact(value, str)),
    UUID: lambda value: UUID(_exact(value, str)),
}


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted.

    Attributes:
        limit: rows, 1 to 200.
        cursor: as the previous page gave it; None for the first page.
    """

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    @property
    def fetch(self) -> int:
        """How many rows to ask the database for: one more tells whether there is a next page."""
        return self.limit + 1

    def after(self, *types: type, of: str) -> tuple[Any, ...] | None:
        """The sort key after which the page begins; None for the first page.

        Args:
            types: of the sort key's parts: str, int, datetime, date, UUID.
            of: name of the list and its filters, the same as given to `page`.

        Raises:
            CursorInvalid: made by another list, with other filters, or by hand.
        """
        return None if self.cursor is None else decode_cursor(self.cursor, types, of=of)

    def page(
        self,
        rows: Sequence[Row],
        *,
        key: Callable[[Row], Sequence[Key]],
        show: Callable[[Row], Shown],
        of: str,
    ) -> Page[Shown]:
        """The answer for up to `fetch` rows in order.

        Args:
            rows: from the database.
            key: sort key of a row.
            show: its answer model.
            of: name of the list and its filters.
        """
        shown = rows[: self.limit]
        cursor = encode_cursor(key(shown[-1]), of=of) if len(rows) > self.limit else None
        return Page[Shown].model_construct(items=[show(row) for row in shown], next_cursor=cursor)


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="每页条数。")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=_MAX_LENGTH, description="上一页返回的 next_cursor。")] = None,
) -> PageRequest:
    """Dependency: `limit` and `cursor`."""
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(page_request)]


def encode_cursor(key: Sequence[Key], *, of: str) -> str:
    """The cursor after a row with this sort key."""
    body = json.dumps([_plain(part) for part in key], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check(of, body) + body).rstrip(b"=").decode("ascii")


def decode_cursor(cursor: str, types: Sequence[type], *, of: str) -> tuple[Any, ...]:
    """The sort key behind a cursor.

    Raises:
        CursorInvalid: not one of this list with these filters.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        check, body = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
        if check != _check(of, body):
            raise CursorInvalid
        parts = json.loads(body)
        return tuple(_READERS[kind](part) for kind, part in zip(types, parts, strict=True))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise CursorInvalid from None


def _check(of: str, body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_CHECK_BYTES, key=hashlib.sha256(of.encode()).digest()).digest()


def _plain(part: Key) -> str | int:
    if isinstance(part, datetime):
        return clock.iso(part)
    return part if isinstance(part, int) else str(part)


def _exact(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise TypeError
    return instant
