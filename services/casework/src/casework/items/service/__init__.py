"""Use cases of the catalogue."""

from casework.items.catalogue import Bundle, DutyFamilies
from casework.items.repository import item_lookup, item_names, item_of
from casework.items.service.changing import Basis, change_item, confirm_item_fact, promise_shorter
from casework.items.service.publishing import Published, publish, withdraw
from casework.items.service.reading import (
    DutyInForce,
    ItemGuide,
    ItemSummary,
    LocalPromiseMade,
    Unconfirmed,
    find_item,
    get_bundle,
    get_item,
    list_bundles,
    list_dictionaries,
    list_duties,
    list_duty_families,
    list_duty_names,
    list_item_versions,
    list_items,
    list_promises,
    list_unconfirmed,
    procedure_families,
)
from casework.items.service.seeding import seed_catalogue

__all__ = [
    "Basis",
    "Bundle",
    "DutyFamilies",
    "DutyInForce",
    "ItemGuide",
    "ItemSummary",
    "LocalPromiseMade",
    "Published",
    "Unconfirmed",
    "change_item",
    "confirm_item_fact",
    "find_item",
    "get_bundle",
    "get_item",
    "item_lookup",
    "item_names",
    "item_of",
    "list_bundles",
    "list_dictionaries",
    "list_duties",
    "list_duty_families",
    "list_duty_names",
    "list_item_versions",
    "list_items",
    "list_promises",
    "list_unconfirmed",
    "procedure_families",
    "promise_shorter",
    "publish",
    "seed_catalogue",
    "withdraw",
]
