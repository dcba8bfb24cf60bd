"""Requests and answers of the catalogue."""

from casework.items.schemas.changes import ConfirmationBody, Document, ItemPatch, PromiseBody
from casework.items.schemas.guides import (
    BundleAnswer,
    BundlesAnswer,
    FamiliesAnswer,
    ItemGuideAnswer,
    ItemVersionsAnswer,
    LocalPromiseAnswer,
    LocalPromisesAnswer,
    UnconfirmedAnswer,
)
from casework.items.schemas.items import ItemAnswer

__all__ = [
    "BundleAnswer",
    "BundlesAnswer",
    "ConfirmationBody",
    "Document",
    "FamiliesAnswer",
    "ItemAnswer",
    "ItemGuideAnswer",
    "ItemPatch",
    "ItemVersionsAnswer",
    "LocalPromiseAnswer",
    "LocalPromisesAnswer",
    "PromiseBody",
    "UnconfirmedAnswer",
]
