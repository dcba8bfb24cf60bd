"""All SQL of the catalogue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from casework.items.catalogue import Catalogue
from casework.items.domain import Extent, Item, terms_of
from common.db import Connection
from common.divisions import Level

DUTY_COLUMNS = (
    "code", "effective_from", "effective_to", "ordinal", "label", "clause", "document", "competent_authority",
    "office_role",
)  # fmt: skip
ITEM_COLUMNS = (
    "code", "name", "duty", "handling", "applicants", "town", "village", "effective_from", "effective_to", "guide",
)  # fmt: skip
VERSION_COLUMNS = (*ITEM_COLUMNS, "terms", "version")
DICTIONARY_COLUMNS = ("dictionary", "code", "ordinal", "label")

_DUTY_LABEL = "(SELECT d.label FROM duties d WHERE d.code = i.duty ORDER BY d.effective_from DESC LIMIT 1)"
_PAGE = (
    f"SELECT i.code, i.name, i.duty, {_DUTY_LABEL} AS duty_label, i.handling, i.applicants, i.town, i.village, "  # noqa: S608
    "i.effective_from, i.effective_to FROM item_versions i "
    "WHERE i.code > $1 AND i.effective_from <= $2 AND (i.effective_to IS NULL OR i.effective_to > $2) "
    "AND ($3::text IS NULL OR i.duty = $3) "
    "AND ($4::text IS NULL OR CASE $4 WHEN 'town' THEN i.town ELSE i.village END <> 'none') "
    "ORDER BY i.code LIMIT $5"
)
_NEAREST = "(i.effective_from <= {day}) DESC, abs(i.effective_from - {day})"
_ONE = (
    f"SELECT i.*, i.guide::text AS guide_text, {_DUTY_LABEL} AS duty_label FROM item_versions i "  # noqa: S608
    f"WHERE i.code = $1 ORDER BY {_NEAREST.format(day='$2')} LIMIT 1"
)
_DUTIES = (
    "SELECT DISTINCT ON (ordinal) code, label, clause, competent_authority, office_role, effective_from, effective_to "
    "FROM duties WHERE effective_from <= $1 AND (effective_to IS NULL OR effective_to > $1) "
    "ORDER BY ordinal, effective_from DESC"
)


class Items:
    """Items, duties and dictionaries of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def page(
        self, *, after: str, limit: int, on: date, duty: str | None, handled_at: Level | None
    ) -> Sequence[Any]:
        """Items that are offered on a day, in code order, after a code."""
        return await self._conn.fetch(_PAGE, after, on, duty, handled_at, limit)  # type: ignore[no-any-return]

    async def find(self, code: str, on: date) -> Any | None:
        """One item as on a day, or as near to it as it has a version; `guide_text` is its guide as JSON."""
        return await self._conn.fetchrow(_ONE, code, on)

    async def duties_on(self, day: date) -> Sequence[Any]:
        """The duties that offices bear on a day, in the order of the policy."""
        return await self._conn.fetch(_DUTIES, day)  # type: ignore[no-any-return]

    async def dictionaries(self) -> Sequence[Any]:
        """(dictionary, code, label) in their order."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            "SELECT dictionary, code, label FROM dictionary_entries ORDER BY dictionary, ordinal"
        )

    async def merge(self, catalogue: Catalogue) -> None:
        """Brings the tables to the catalogue; rows that are already so are not touched, none is deleted."""
        await self._merge("duties", DUTY_COLUMNS, ("code", "effective_from"), catalogue.duties)
        items = [record[: len(ITEM_COLUMNS)] for record in catalogue.items]
        await self._merge("items", ITEM_COLUMNS, ("code",), items)
        await self._merge("item_versions", VERSION_COLUMNS, ("code", "version"), catalogue.items)
        await self._merge("dictionary_entries", DICTIONARY_COLUMNS, ("dictionary", "code"), catalogue.dictionaries)

    async def _merge(
        self, table: str, columns: tuple[str, ...], key: tuple[str, ...], records: Sequence[tuple[Any, ...]]
    ) -> None:
        values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        rest = [name for name in columns if name not in key]
        updates = ", ".join(f"{name} = excluded.{name}" for name in rest)
        old, new = (", ".join(f"{side}.{name}" for name in rest) for side in (table, "excluded"))
        await self._conn.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}) "  # noqa: S608 - constants
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updates} WHERE ({old}) IS DISTINCT FROM ({new})",
            records,
        )


def item_lookup(*, code: str, day: str) -> str:
    """A sub-select of one item for other features' own statements; `code` and `day` are parameters such as `$3`.

    It gives the version of the day; where none holds, the one that held last or, before all of them, the first.
    """
    return (
        f"SELECT i.code AS item_code, i.name AS item_name, i.duty AS item_duty, {_DUTY_LABEL} AS duty_label, "  # noqa: S608
        "i.applicants AS item_applicants, i.town AS item_town, "
        "i.village AS item_village, i.effective_from AS item_effective_from, i.effective_to AS item_effective_to, "
        f"EXISTS (SELECT FROM duties d WHERE d.code = i.duty AND d.effective_from <= {day} "
        f"AND (d.effective_to IS NULL OR d.effective_to > {day})) AS item_is_duty_in_force, "
        "i.version AS item_version, i.terms::text AS item_terms "
        f"FROM item_versions i WHERE i.code = {code} "
        f"ORDER BY {_NEAREST.format(day=day)} LIMIT 1"
    )


def item_names(*, code: str) -> str:
    """A sub-select of an item's name and its duty's label by `code`, a column or a parameter."""
    return f"SELECT i.name AS item_name, {_DUTY_LABEL} AS duty_label FROM items i WHERE i.code = {code}"  # noqa: S608


def item_of(row: Any) -> Item | None:
    """The item that `item_lookup` has found, None where there is none."""
    if row["item_code"] is None:
        return None
    return Item(
        code=row["item_code"],
        name=row["item_name"],
        duty=row["item_duty"],
        duty_label=row["duty_label"],
        applicants=frozenset(row["item_applicants"]),
        extents={Level.TOWN: Extent(row["item_town"]), Level.VILLAGE: Extent(row["item_village"])},
        effective_from=row["item_effective_from"],
        effective_to=row["item_effective_to"],
        is_duty_in_force=row["item_is_duty_in_force"],
        version=row["item_version"],
        terms=terms_of(row["item_terms"]),
    )
