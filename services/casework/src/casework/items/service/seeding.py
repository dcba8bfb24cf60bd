"""Bringing the packaged catalogue into the database."""

import json
from datetime import date
from typing import Any

from casework.items.catalogue import PackagedItem, load_catalogue
from casework.items.domain import Definition
from casework.items.repository import Items, definition_of
from common.clock import today
from common.db import Database

_EVERY = 1_000_000


async def seed_catalogue(db: Database) -> None:
    """Brings duties, items and dictionaries to the packaged catalogue.

    An item whose packaged definition has changed gets a new version from today; what the province has laid down
    stays, whatever the package says. Source: O4.1b.

    Idempotency: rows that are already so are not touched; two at once wait for each other.
    """
    catalogue = load_catalogue()
    async with db.transaction() as conn:
        await conn.execute("LOCK TABLE duties IN SHARE ROW EXCLUSIVE MODE")
        items = Items(conn)
        await items.merge(catalogue)
        newest = {row["code"]: row for row in await items.newest(after="", limit=_EVERY)}
        for packaged in catalogue.versions:
            found = newest.get(packaged.definition.code)
            if found is None:
                await _add(items, packaged, version=1, effective_from=packaged.effective_from)
            elif found["origin"] == "packaged" and _differs(definition_of(found), packaged.definition):
                first_day = max(today(), found["effective_from"])
                await _add(items, packaged, version=found["version"] + 1, effective_from=first_day)


async def _add(items: Items, packaged: PackagedItem, *, version: int, effective_from: date) -> None:
    await items.add_version(
        packaged.definition,
        version=version,
        validity=(effective_from, packaged.effective_to),
        origin="packaged",
        document=None,
        reason=None,
    )


def _differs(stored: Definition, packaged: Definition) -> bool:
    def plain(definition: Definition) -> Any:
        return json.loads(json.dumps({name: getattr(definition, name) for name in definition.__dataclass_fields__}))

    return bool(plain(stored) != plain(packaged))
