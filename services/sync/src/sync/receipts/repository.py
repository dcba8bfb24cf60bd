"""All SQL of the receipts."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from common.contracts.sync import Outcome
from common.db import Connection
from common.divisions import Level
from sync.receipts.domain import IssuedReceipt, Receipt

_COLUMNS = (
    "division",
    "id",
    "record_type",
    "record_id",
    "version",
    "receiver_level",
    "receiver_division",
    "outcome",
    "reason_code",
    "digest",
    "issued_at",
)
_READ = (
    "SELECT id, record_type, record_id, version, division, receiver_level, receiver_division, outcome, reason_code, "
    "digest, issued_at FROM receipts "
)
_OF_RECORD = "record_type = $1 AND record_id = $2 AND division BETWEEN $3 AND $4"
_OF_VERSION = _READ + f"WHERE {_OF_RECORD} AND version = $5 ORDER BY issued_at, id LIMIT $6"
_ANSWERS = (
    "SELECT DISTINCT ON (receiver_level) "
    + _READ.removeprefix("SELECT ")
    + f"WHERE {_OF_RECORD} AND version = $5 "
    + "ORDER BY receiver_level, (outcome = 'accepted') DESC, issued_at DESC, id DESC"
)
_NEWEST = (
    "SELECT coalesce(max(version) FILTER (WHERE outcome = 'accepted'), max(version)), max(id::text) "  # noqa: S608
    f"FROM receipts WHERE {_OF_RECORD}"
)
_IN_ORDER = "WHERE division BETWEEN $1 AND $2 AND (division, id) < ($3, $4) {outcome} ORDER BY division DESC, id DESC "
_PAGE = _READ + _IN_ORDER + "LIMIT $5"
# The outcome stands in the statement, not in a parameter: only so does the planner see that the partial index will do.
_PAGES: dict[Outcome | None, str] = {
    None: _PAGE.format(outcome=""),
    "accepted": _PAGE.format(outcome="AND outcome = 'accepted'"),
    "duplicate": _PAGE.format(outcome="AND outcome <> 'accepted' AND outcome = 'duplicate'"),
    "rejected": _PAGE.format(outcome="AND outcome <> 'accepted' AND outcome = 'rejected'"),
}
_COUNT_REJECTED = (
    "SELECT count(*) FROM receipts "
    "WHERE division BETWEEN $1 AND $2 AND receiver_level = $3 AND outcome <> 'accepted' AND outcome = 'rejected'"
)
_BEYOND = ("a", UUID(int=2**128 - 1))
"""Sorts after every division and receipt."""


async def add(conn: Connection, receipts: Sequence[Receipt]) -> None:
    """Writes receipts through COPY."""
    rows = [
        (
            one.division,
            one.id,
            one.record_type,
            one.record_id,
            one.version,
            one.receiver_level,
            one.receiver_division,
            one.verdict.outcome,
            one.verdict.reason_code,
            one.digest,
            one.issued_at,
        )
        for one in receipts
    ]
    await conn.copy_records_to_table("receipts", records=rows, columns=_COLUMNS)


async def newest_version(
    conn: Connection, record_type: str, record_id: UUID, bounds: tuple[str, str]
) -> tuple[int | None, str | None]:
    """The newest accepted version of a record (the newest at all where none was), and the id of its last receipt."""
    row = await conn.fetchrow(_NEWEST, record_type, record_id, *bounds)
    return row[0], row[1]


async def receipts_of_version(
    conn: Connection, record_type: str, record_id: UUID, version: int, bounds: tuple[str, str], *, limit: int
) -> list[IssuedReceipt]:
    """The first receipts of a record at one version, oldest first."""
    return _issued(await conn.fetch(_OF_VERSION, record_type, record_id, *bounds, version, limit))


async def answers_to_version(
    conn: Connection, record_type: str, record_id: UUID, version: int, bounds: tuple[str, str]
) -> list[IssuedReceipt]:
    """One receipt of each level that answered: its acceptance, otherwise its last answer."""
    return _issued(await conn.fetch(_ANSWERS, record_type, record_id, *bounds, version))


async def page(
    conn: Connection,
    bounds: tuple[str, str],
    *,
    outcome: Outcome | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[IssuedReceipt]:
    """Receipts in descending order of (division, id)."""
    return _issued(await conn.fetch(_PAGES[outcome], *bounds, *(after or _BEYOND), limit))


async def count_rejected(conn: Connection, level: Level, bounds: tuple[str, str]) -> int:
    """How many records a level has rejected."""
    return cast("int", await conn.fetchval(_COUNT_REJECTED, *bounds, level))


def _issued(rows: Iterable[Any]) -> list[IssuedReceipt]:
    return [IssuedReceipt(**{**row, "receiver_level": Level(row["receiver_level"])}) for row in rows]
