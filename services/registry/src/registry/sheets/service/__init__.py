"""Use cases of spreadsheets: export of every list, templates, imports with their error sheets."""

from registry.sheets.service.catalogue import IMPORTABLE, LISTINGS, get_importable
from registry.sheets.service.exporting import export_errors, export_list, send_file
from registry.sheets.service.imports import (
    get_import,
    list_errors,
    list_imports,
    purge_imports,
    start_import,
)
from registry.sheets.service.listing import Asked, Listing
from registry.sheets.service.processing import work_on_next
from registry.sheets.service.templates import write_template

__all__ = [
    "IMPORTABLE",
    "LISTINGS",
    "Asked",
    "Listing",
    "export_errors",
    "export_list",
    "get_import",
    "get_importable",
    "list_errors",
    "list_imports",
    "purge_imports",
    "send_file",
    "start_import",
    "work_on_next",
    "write_template",
]
