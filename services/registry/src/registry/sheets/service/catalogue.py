"""Every list that can be exported, and every one that can be imported."""

from collections.abc import Mapping

from registry.sheets.errors import ListNotImportable
from registry.sheets.service.import_lists import IMPORTS
from registry.sheets.service.import_offices import IMPORT as OFFICES
from registry.sheets.service.importer import Importable
from registry.sheets.service.listing import TREE, Listing
from registry.sheets.service.lists import RECORDS

LISTINGS: Mapping[str, Listing] = {listing.name: listing for listing in (*TREE, *RECORDS)}
IMPORTABLE: Mapping[str, Importable] = {one.name: one for one in (OFFICES, *IMPORTS)}


def get_importable(name: str) -> Importable:
    """The list as it is imported.

    Raises:
        ListNotImportable: it can be exported only.
    """
    found = IMPORTABLE.get(name)
    if found is None:
        raise ListNotImportable(importable=[*sorted(IMPORTABLE)])
    return found
