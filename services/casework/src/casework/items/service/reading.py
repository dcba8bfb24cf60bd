"""Reading the catalogue: nobody needs a token for it. Source: O4.2b, O4.3e."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.items.catalogue import Bundle, DutyFamilies, load_themes
from casework.items.domain import (
    EXTENT_LABELS,
    HANDLING_LABELS,
    Extent,
    Fact,
    Item,
    PromiseInForce,
    promise_in_force,
    terms_of,
    unconfirmed_facts,
)
from casework.items.errors import BundleUnknown, ItemNotFound
from casework.items.repository import Items, item_lookup, item_of, local_promises_of
from common.clock import today
from common.contracts.casework.cases import Limit
from common.db import Connection
from common.divisions import LEVEL_LABELS, Level, level_of

_EVERY = 1_000_000
_LOOK_UP = item_lookup(code="$1", day="$2", division="$3")
_OF_VERSION = "SELECT terms::text FROM item_versions WHERE code = $1 AND version = $2"


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """What a list of items shows."""

    code: str
    version: int
    name: str
    duty: str
    duty_label: str
    handling: str
    handling_label: str
    applicants: list[str]
    handled_at: list[dict[str, str]]
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class ItemGuide:
    """The public guide to one item (办事指南) as one version has it. Source: O4.2b, O4.3e.

    Attributes:
        promise: in force at the division that was asked for.
        origin: `packaged` or `province`.
        document: on which a version of the province rests.
    """

    summary: ItemSummary
    guide: dict[str, Any]
    promise: PromiseInForce
    origin: str
    document: str | None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """What of an item nobody has read in its source yet."""

    code: str
    version: int
    name: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalPromiseMade:
    """What a city, county or town has promised, one after the other."""

    code: str
    division: str
    number: int
    effective_from: date
    limit: Limit
    document: str


@dataclass(frozen=True, slots=True)
class DutyInForce:
    """A duty as the offices bear it on a day. Source: O1.1a."""

    code: str
    label: str
    clause: str
    competent_authority: str
    office_role: str
    effective_from: date
    effective_to: date | None


async def list_items(
    conn: Connection,
    *,
    after: str,
    limit: int,
    on: date,
    duty: str | None,
    handled_at: Level | None,
    words: Sequence[str] = (),
) -> list[ItemSummary]:
    """Items offered on a day in code order, after a code; with words, those whose name holds all of them.

    Source: O4.2b, O4.3e.
    """
    rows = await Items(conn).page(after=after, limit=limit, on=on, duty=duty, handled_at=handled_at, words=words)
    return [_summary(row) for row in rows]


async def get_item(conn: Connection, code: str, *, on: date, division: str | None) -> ItemGuide:
    """The public guide to one item, also of one that is no longer or not yet offered.

    Source: O4.2b, O4.3e.

    Args:
        on: the version of this Beijing day.
        division: the promise in force there; None for the province's own.

    Raises:
        InvalidDivisionCode: no division code.
        ItemNotFound: the catalogue has no such code.
    """
    if division is not None:
        level_of(division)
    row = await Items(conn).find(code, on=on, division=division)
    if row is None:
        raise ItemNotFound
    return _guide(row, promise_in_force(terms_of(row["terms_text"]), local_promises_of(row["item_promises"])))


async def list_item_versions(conn: Connection, code: str) -> list[ItemGuide]:
    """Every version of an item with the province's own promise, the first one first.

    Source: O4.3e.

    Raises:
        ItemNotFound: the catalogue has no such code.
    """
    rows = await Items(conn).versions(code)
    if not rows:
        raise ItemNotFound
    return [_guide(row, PromiseInForce(terms_of(row["terms_text"]).promised)) for row in rows]


async def list_promises(conn: Connection, code: str) -> list[LocalPromiseMade]:
    """What cities, counties and towns have promised for an item.

    Source: O4.1b, O4.3e.

    Raises:
        ItemNotFound: the catalogue has no such code.
    """
    rows = await Items(conn).promises(code)
    if not rows and not await Items(conn).versions(code):
        raise ItemNotFound
    return [
        LocalPromiseMade(
            code,
            row["division"],
            row["number"],
            row["effective_from"],
            Limit(value=row["value"], unit=row["unit"], clause=row["document"]),
            row["document"],
        )
        for row in rows
    ]


async def find_item(
    conn: Connection, code: str, *, on: date, division: str | None, version: int | None = None
) -> Item | None:
    """The item for other features, as on a day and with the promise in force at a division.

    Args:
        version: takes the terms of this version instead: a case keeps those that it was registered under, and the
            promise that held then stands in its ledger.

    Source: O4.1b.
    """
    row = await conn.fetchrow(_LOOK_UP, code, on, division)
    item = None if row is None else item_of(row)
    if item is None or version is None or version == item.version:
        return item
    terms = await conn.fetchval(_OF_VERSION, code, version)
    return item if terms is None else replace(item, version=version, terms=terms_of(terms))


async def list_unconfirmed(conn: Connection, *, after: str, limit: int, mark: str | None) -> list[Unconfirmed]:
    """What an administrator has to confirm of the newest versions, in code order, after a code.

    Source: O4.1b.

    Args:
        mark: only facts with this mark, P or K; items that have none are shown with their notes.
    """
    found = []
    for row in await Items(conn).newest(after=after, limit=limit):
        guide = json.loads(row["guide_text"])
        facts = tuple(fact for fact in unconfirmed_facts(guide) if mark in (None, fact.mark))
        notes = tuple(guide["provenance"]["to_confirm"])
        found.append(Unconfirmed(row["code"], row["version"], row["name"], facts, notes))
    return found


async def list_bundles(conn: Connection) -> list[tuple[Bundle, dict[str, str]]]:
    """Matters that several items settle together, with the names of their items.

    Source: O4.1c.
    """
    names = {row["code"]: row["name"] for row in await Items(conn).newest(after="", limit=_EVERY)}
    return [(bundle, {code: names[code] for code in bundle.items if code in names}) for bundle in load_themes().bundles]


async def get_bundle(conn: Connection, code: str) -> Bundle:
    """One matter that several items settle together; whether they are offered, registering them tells.

    Source: O4.1c.

    Raises:
        BundleUnknown: there is none with this code.
    """
    for bundle, names in await list_bundles(conn):
        if bundle.code == code and len(names) == len(bundle.items):
            return bundle
    raise BundleUnknown


def list_duty_families() -> tuple[DutyFamilies, ...]:
    """Which of the six procedure families each of the eight duties has; the gaps are part of the answer.

    Source: O1.1a, O4.1a.
    """
    return load_themes().duty_families


def list_duty_names() -> tuple[tuple[str, str], ...]:
    """(code, label) of the eight duties, in the order of the clause.

    Source: O1.1a.
    """
    return load_themes().duties


def procedure_families() -> tuple[tuple[str, str], ...]:
    """(code, label) of the six procedure families, in the order of the clause.

    Source: O4.1a.
    """
    return load_themes().families


async def list_duties(conn: Connection) -> list[DutyInForce]:
    """The duties of today, in the order of the policy. Source: O1.1a."""
    return [DutyInForce(**dict(row)) for row in await Items(conn).duties_on(today())]


async def list_dictionaries(conn: Connection) -> dict[str, list[tuple[str, str]]]:
    """The catalogue's dictionaries: name to (code, label) in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await Items(conn).dictionaries():
        found.setdefault(row["dictionary"], []).append((row["code"], row["label"]))
    return found


def _guide(row: Any, promise: PromiseInForce) -> ItemGuide:
    return ItemGuide(
        _summary(row), json.loads(row["guide_text"]), promise, origin=row["origin"], document=row["document"]
    )


def _summary(row: Any) -> ItemSummary:
    extents = {Level.TOWN: Extent(row["town"]), Level.VILLAGE: Extent(row["village"])}
    return ItemSummary(
        code=row["code"],
        version=row["version"],
        name=row["name"],
        duty=row["duty"],
        duty_label=row["duty_label"],
        handling=row["handling"],
        handling_label=HANDLING_LABELS[row["handling"]],
        applicants=list(row["applicants"]),
        handled_at=[
            {
                "level": level.value,
                "level_label": LEVEL_LABELS[level],
                "extent": extent.value,
                "extent_label": EXTENT_LABELS[extent],
            }
            for level, extent in extents.items()
        ],
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
    )
