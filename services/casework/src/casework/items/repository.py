"""All SQL of the catalogue."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from casework.items.catalogue import Catalogue
from casework.items.domain import Definition, Extent, Item, LocalPromise, promise_in_force, terms_from, terms_of
from casework.items.domain import with_promise as _with_promise
from common.contracts.casework.cases import Limit
from common.db import Connection
from common.divisions import Level

DUTY_COLUMNS = (
    "code", "effective_from", "effective_to", "ordinal", "label", "clause", "document", "competent_authority",
    "office_role",
)  # fmt: skip
ITEM_COLUMNS = (
    "code", "name", "duty", "handling", "applicants", "town", "village", "effective_from", "effective_to", "guide",
)  # fmt: skip
VERSION_COLUMNS = (*ITEM_COLUMNS, "terms", "version", "origin", "document", "reason")
DICTIONARY_COLUMNS = ("dictionary", "code", "ordinal", "label")

_DUTY_LABEL = "(SELECT d.label FROM duties d WHERE d.code = i.duty ORDER BY d.effective_from DESC LIMIT 1)"
_NEAREST = "(i.effective_from <= {day}) DESC, abs(i.effective_from - {day}), i.version DESC"
_CHAIN = ", ".join(
    f"CAST(rpad(left(CAST({{division}} AS char(12)), {length}), 12, '0') AS char(12))" for length in (12, 9, 6, 4)
)
"""A division and all above it but the province, which promises in its definition."""
_PROMISES = (
    "(SELECT jsonb_agg(jsonb_build_object('division', p.division, 'value', p.value, 'unit', p.unit, "
    "'clause', p.document)) FROM (SELECT DISTINCT ON (q.division) q.division, q.value, q.unit, q.document "
    "FROM item_promises q WHERE q.code = i.code AND q.division IN ({chain}) AND q.effective_from <= {day} "
    "ORDER BY q.division, q.number DESC) AS p)::text"
)
_PAGE = (
    f"SELECT i.code, i.version, i.name, i.duty, {_DUTY_LABEL} AS duty_label, i.handling, i.applicants, "  # noqa: S608
    "i.town, i.village, i.effective_from, i.effective_to FROM item_versions i "
    "WHERE i.code > $1 AND i.effective_from <= $2 AND (i.effective_to IS NULL OR i.effective_to > $2) "
    "AND ($3::text IS NULL OR i.duty = $3) "
    "AND ($4::text IS NULL OR CASE $4 WHEN 'town' THEN i.town ELSE i.village END <> 'none') "
    "AND NOT EXISTS (SELECT FROM unnest($6::text[]) AS word WHERE strpos(i.name, word) = 0) "
    "ORDER BY i.code LIMIT $5"
)
_WHOLE = f"i.*, i.guide::text AS guide_text, i.terms::text AS terms_text, {_DUTY_LABEL} AS duty_label"
_LOCAL = _PROMISES.format(chain=_CHAIN.format(division="$3"), day="$2")
_ONE = (
    f"SELECT {_WHOLE}, {_LOCAL} AS item_promises FROM item_versions i "  # noqa: S608 - constants
    f"WHERE i.code = $1 ORDER BY {_NEAREST.format(day='$2')} LIMIT 1"
)
_ALL = f"SELECT {_WHOLE} FROM item_versions i WHERE i.code = $1 ORDER BY i.version"  # noqa: S608 - constants
_NEWEST = (
    f"SELECT DISTINCT ON (i.code) {_WHOLE} FROM item_versions i WHERE i.code > $1 "  # noqa: S608 - constants
    "ORDER BY i.code, i.version DESC LIMIT $2"
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
        self, *, after: str, limit: int, on: date, duty: str | None, handled_at: Level | None, words: Sequence[str]
    ) -> Sequence[Any]:
        """Items that are offered on a day, in code order, after a code; their names hold all of the words."""
        return await self._conn.fetch(_PAGE, after, on, duty, handled_at, limit, list(words))  # type: ignore[no-any-return]

    async def find(self, code: str, *, on: date, division: str | None) -> Any | None:
        """One item as on a day, or as near to it as it has a version, with the local promises above a division."""
        return await self._conn.fetchrow(_ONE, code, on, division)

    async def versions(self, code: str) -> Sequence[Any]:
        """All versions of an item, the first one first."""
        return await self._conn.fetch(_ALL, code)  # type: ignore[no-any-return]

    async def newest(self, *, after: str, limit: int) -> Sequence[Any]:
        """The newest version of every item, in code order, after a code."""
        return await self._conn.fetch(_NEWEST, after, limit)  # type: ignore[no-any-return]

    async def hold(self, code: str) -> Any | None:
        """The newest version of an item.

        Locks: the item until the transaction ends, so that its versions and promises come one after the other.
        """
        if await self._conn.fetchval("SELECT 1 FROM items WHERE code = $1 FOR UPDATE", code) is None:
            return None
        found = await self._conn.fetch(f"{_ALL} DESC LIMIT 1", code)
        return found[0] if found else None

    async def add_version(
        self,
        definition: Definition,
        *,
        version: int,
        validity: tuple[date, date | None],
        origin: str,
        document: str | None,
        reason: str | None,
    ) -> None:
        """Writes a version; the one before it ends when it begins."""
        values = (*_words(definition), *validity, *_documents(definition), version, origin, document, reason)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await self._conn.execute(
            "UPDATE item_versions SET effective_to = least(effective_to, $3) WHERE code = $1 AND version = $2",
            definition.code,
            version - 1,
            validity[0],
        )
        await self._conn.execute(
            f"INSERT INTO item_versions ({', '.join(VERSION_COLUMNS)}) VALUES ({places})",  # noqa: S608 - constants
            *values,
        )

    async def is_basic_code_taken(self, basic_code: str, *, by_other_than: str) -> bool:
        """Whether a version of another item has this basic code."""
        return bool(
            await self._conn.fetchval(
                "SELECT EXISTS (SELECT FROM item_versions WHERE code <> $1 AND terms ->> 'basic_code' = $2)",
                by_other_than,
                basic_code,
            )
        )

    async def promises(self, code: str) -> Sequence[Any]:
        """All local promises of an item, in the order of divisions and of their making."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            "SELECT division, number, effective_from, value, unit, document FROM item_promises WHERE code = $1 "
            "ORDER BY division, number",
            code,
        )

    async def add_promise(
        self, code: str, division: str, *, number: int, effective_from: date, limit: Limit, document: str
    ) -> None:
        """Writes what a division promises."""
        await self._conn.execute(
            "INSERT INTO item_promises (code, division, number, effective_from, value, unit, document) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            code,
            division,
            number,
            effective_from,
            limit.value,
            limit.unit,
            document,
        )

    async def duties_on(self, day: date) -> Sequence[Any]:
        """The duties that offices bear on a day, in the order of the policy."""
        return await self._conn.fetch(_DUTIES, day)  # type: ignore[no-any-return]

    async def dictionaries(self) -> Sequence[Any]:
        """(dictionary, code, label) in their order."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            "SELECT dictionary, code, label FROM dictionary_entries ORDER BY dictionary, ordinal"
        )

    async def merge(self, catalogue: Catalogue) -> None:
        """Brings the tables to the catalogue; rows that are already so are not touched, none is deleted.

        Versions are not among them: what was in force once stays.
        """
        await self._merge("duties", DUTY_COLUMNS, ("code", "effective_from"), catalogue.duties)
        await self._merge("items", ITEM_COLUMNS, ("code",), catalogue.items)
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


def item_lookup(*, code: str, day: str, division: str | None = None) -> str:
    """A sub-select of one item for other features' own statements; the names are parameters such as `$3`.

    It gives the version of the day; where none holds, the one that held last or, before all of them, the first.
    With a division it gives the promises of that division and of those above it too.
    """
    local = "NULL::text" if division is None else _PROMISES.format(chain=_CHAIN.format(division=division), day=day)
    return (
        f"SELECT i.code AS item_code, i.name AS item_name, i.duty AS item_duty, {_DUTY_LABEL} AS duty_label, "  # noqa: S608
        "i.applicants AS item_applicants, i.town AS item_town, "
        "i.village AS item_village, i.effective_from AS item_effective_from, i.effective_to AS item_effective_to, "
        f"EXISTS (SELECT FROM duties d WHERE d.code = i.duty AND d.effective_from <= {day} "
        f"AND (d.effective_to IS NULL OR d.effective_to > {day})) AS item_is_duty_in_force, "
        f"i.version AS item_version, i.terms::text AS item_terms, {local} AS item_promises "
        f"FROM item_versions i WHERE i.code = {code} "
        f"ORDER BY {_NEAREST.format(day=day)} LIMIT 1"
    )


def item_names(*, code: str, at: str) -> str:
    """A sub-select of what an item and its duty were called on a Beijing day, or nearest to it, and of its type (A.1).

    `code` and `at`, an instant of that day, are SQL.

    Source: O4.1b.
    """
    day = f"({at} AT TIME ZONE 'Asia/Shanghai')::date"
    label = (
        "(SELECT d.label FROM duties d WHERE d.code = i.duty "  # noqa: S608 - constants
        f"ORDER BY (d.effective_from <= {day}) DESC, abs(d.effective_from - {day}) LIMIT 1)"
    )
    return (
        f"SELECT i.name AS item_name, {label} AS duty_label, i.guide ->> 'type_code' AS item_type FROM item_versions i "  # noqa: S608 - constants
        f"WHERE i.code = {code} ORDER BY {_NEAREST.format(day=day)} LIMIT 1"
    )


def item_of(row: Any) -> Item | None:
    """The item that `item_lookup` has found, None where there is none."""
    if row["item_code"] is None:
        return None
    terms = terms_of(row["item_terms"])
    if row["item_promises"] is not None:
        terms = _with_promise(terms, promise_in_force(terms, local_promises_of(row["item_promises"])))
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
        terms=terms,
    )


def local_promises_of(text: str | None) -> list[LocalPromise]:
    """The local promises that a row tells as JSON."""
    return [LocalPromise(one.pop("division"), Limit(**one)) for one in json.loads(text or "[]")]


def definition_of(row: Any) -> Definition:
    """The definition in a row of `_WHOLE`."""
    columns = {name: row[name] for name in ("code", "name", "duty", "handling", "town", "village")}
    return Definition(**columns, applicants=tuple(row["applicants"]), guide=json.loads(row["guide_text"]))


def _words(definition: Definition) -> tuple[Any, ...]:
    return (
        definition.code,
        definition.name,
        definition.duty,
        definition.handling,
        list(definition.applicants),
        definition.town,
        definition.village,
    )


def _documents(definition: Definition) -> tuple[str, str]:
    terms = terms_from(definition.guide, handling=definition.handling)
    return tuple(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (definition.guide, terms))  # type: ignore[return-value]
