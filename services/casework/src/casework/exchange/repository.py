"""All SQL of exchanges."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from casework.items.service import item_names
from common.db import Connection

_COUNT = (
    "INSERT INTO exchange_sendings AS sent (case_id, form, number, case_version, sent_at) "
    "SELECT id, $1, 1, version, $4 FROM unnest($2::uuid[], $3::integer[]) AS given (id, version) "
    "ON CONFLICT (case_id, form) DO UPDATE SET case_version = EXCLUDED.case_version, sent_at = EXCLUDED.sent_at, "
    "number = sent.number + (sent.case_version <> EXCLUDED.case_version)::integer RETURNING case_id, number"
)
_NAMES = item_names(code="c.item_code", at="c.registered_at")
_MATTERS = (
    "SELECT c.id, c.case_number, names.item_type "  # noqa: S608 - constants
    f"FROM cases c LEFT JOIN LATERAL ({_NAMES}) AS names ON true WHERE c.id = ANY ($1::uuid[])"
)
_FIND = "SELECT number FROM exchange_sendings WHERE case_id = $1 AND form = $2"


class Sendings:
    """What was sent, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def count(self, form: str, versions: Mapping[UUID, int], *, at: datetime) -> dict[UUID, int]:
        """Notes that these versions go out; which sending that is, for each case.

        Locks: the rows of the cases, in the order of their ids, so that two exports wait and never block each other.
        """
        ids = sorted(versions)
        rows = await self._conn.fetch(_COUNT, form, ids, [versions[one] for one in ids], at)
        return {row["case_id"]: row["number"] for row in rows}

    async def last(self, case_id: UUID, form: str) -> int:
        """The last sending of a case; 1 if there was none yet."""
        return await self._conn.fetchval(_FIND, case_id, form) or 1


async def find_matters(conn: Connection, about: Mapping[UUID, UUID]) -> dict[UUID, tuple[str | None, str | None]]:
    """Number of the case that a record is about, and type (GB/T 39046 A.1) of its item; None for what is not known.

    Args:
        about: id of a record → id of its case.
    """
    rows = await conn.fetch(_MATTERS, list(about.values())) if about else []
    found = {row["id"]: (row["case_number"], row["item_type"]) for row in rows}
    return {one: found[case_id] for one, case_id in about.items() if case_id in found}
