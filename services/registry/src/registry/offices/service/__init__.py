"""Use cases of offices."""

from registry.offices.repository import OfficeFilter, ReportFilter
from registry.offices.service.changing import OfficeChanges, change_held, change_office, hold_offices
from registry.offices.service.creating import NewOffice, create_office
from registry.offices.service.finding import Standing, count_readiness, fill_search_terms, store_facets, store_facets_of
from registry.offices.service.holding import hold_homes, hold_office, hold_owned
from registry.offices.service.inheriting import hand_over, list_stations
from registry.offices.service.loading import load_offices, store_report
from registry.offices.service.reading import (
    OfficeVersion,
    ProposedName,
    SignCount,
    count_offices,
    count_signs,
    count_unsettled,
    find_uncontracted,
    get_office,
    get_office_version,
    is_served,
    list_office_versions,
    list_offices,
    list_report_entries,
    propose_name,
    served_divisions,
)
from registry.offices.service.recording import publish_offices
from registry.offices.service.relocating import Relocation, find_standing_office, relocate_offices
from registry.offices.service.stating import Ground, OfficeFacts

__all__ = [
    "Ground",
    "NewOffice",
    "OfficeChanges",
    "OfficeFacts",
    "OfficeFilter",
    "OfficeVersion",
    "ProposedName",
    "Relocation",
    "ReportFilter",
    "SignCount",
    "Standing",
    "change_held",
    "change_office",
    "count_offices",
    "count_readiness",
    "count_signs",
    "count_unsettled",
    "create_office",
    "fill_search_terms",
    "find_standing_office",
    "find_uncontracted",
    "get_office",
    "get_office_version",
    "hand_over",
    "hold_homes",
    "hold_office",
    "hold_offices",
    "hold_owned",
    "is_served",
    "list_office_versions",
    "list_offices",
    "list_report_entries",
    "list_stations",
    "load_offices",
    "propose_name",
    "publish_offices",
    "relocate_offices",
    "served_divisions",
    "store_facets",
    "store_facets_of",
    "store_report",
]
