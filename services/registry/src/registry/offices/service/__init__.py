"""Use cases of offices."""

from registry.offices.repository import OfficeFilter, ReportFilter
from registry.offices.service.changing import OfficeChanges, change_held, change_office, hold_offices
from registry.offices.service.creating import NewOffice, create_office
from registry.offices.service.finding import Standing, count_readiness, fill_search_terms, store_facets
from registry.offices.service.holding import hold_office, hold_owned
from registry.offices.service.loading import load_offices, store_report
from registry.offices.service.reading import (
    count_offices,
    count_unsettled,
    get_office,
    list_offices,
    list_report_entries,
)
from registry.offices.service.recording import publish_offices
from registry.offices.service.relocating import Relocation, find_standing_office, relocate_offices

__all__ = [
    "NewOffice",
    "OfficeChanges",
    "OfficeFilter",
    "Relocation",
    "ReportFilter",
    "Standing",
    "change_held",
    "change_office",
    "count_offices",
    "count_readiness",
    "count_unsettled",
    "create_office",
    "fill_search_terms",
    "find_standing_office",
    "get_office",
    "hold_office",
    "hold_offices",
    "hold_owned",
    "list_offices",
    "list_report_entries",
    "load_offices",
    "publish_offices",
    "relocate_offices",
    "store_facets",
    "store_report",
]
