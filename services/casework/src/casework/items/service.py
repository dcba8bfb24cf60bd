"""Use cases of the catalogue."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.items.catalogue import load_catalogue
from casework.items.domain import EXTENT_LABELS, HANDLING_LABELS, Extent
from casework.items.errors import ItemNotFound
from casework.items.repository import Items, item_lookup, item_names, item_of
from common.clock import today
from common.db import Connection, Database
from common.divisions import LEVEL_LABELS, Level

__all__ = [
    "DutyInForce",
    "ItemGuide",
    "ItemSummary",
    "get_item",
    "item_lookup",
    "item_names",
    "item_of",
    "list_dictionaries",
    "list_duties",
    "list_items",
    "seed_catalogue",
]


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """What a list of items shows."""

    code: str
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
    """The public guide to one item (办事指南). Source: O4.2b, O4.3e."""

    summary: ItemSummary
    guide: dict[str, Any]


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
    conn: Connection, *, after: str, limit: int, duty: str | None, handled_at: Level | None
) -> list[ItemSummary]:
    """Items offered today in code order, after a code; readable by everybody. Source: O4.3e."""
    rows = await Items(conn).page(after=after, limit=limit, on=today(), duty=duty, handled_at=handled_at)
    return [_summary(row) for row in rows]


async def get_item(conn: Connection, code: str) -> ItemGuide:
    """The public guide to one item, also of one that is no longer or not yet offered. Source: O4.3e.

    Raises:
        ItemNotFound: the catalogue has no such code.
    """
    row = await Items(conn).find(code, today())
    if row is None:
        raise ItemNotFound
    return ItemGuide(_summary(row), json.loads(row["guide_text"]))


async def list_duties(conn: Connection) -> list[DutyInForce]:
    """The duties of today, in the order of the policy. Source: O1.1a."""
    return [DutyInForce(**dict(row)) for row in await Items(conn).duties_on(today())]


async def list_dictionaries(conn: Connection) -> dict[str, list[tuple[str, str]]]:
    """The catalogue's dictionaries: name to (code, label) in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await Items(conn).dictionaries():
        found.setdefault(row["dictionary"], []).append((row["code"], row["label"]))
    return found


async def seed_catalogue(db: Database) -> None:
    """Brings duties, items and dictionaries to the packaged catalogue.

    Idempotency: rows that are already so are not touched; two at once wait for each other.
    """
    catalogue = load_catalogue()
    async with db.transaction() as conn:
        await conn.execute("LOCK TABLE duties IN SHARE ROW EXCLUSIVE MODE")
        await Items(conn).merge(catalogue)


def _summary(row: Any) -> ItemSummary:
    extents = {Level.TOWN: Extent(row["town"]), Level.VILLAGE: Extent(row["village"])}
    return ItemSummary(
        code=row["code"],
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
