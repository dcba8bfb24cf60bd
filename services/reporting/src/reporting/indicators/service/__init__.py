"""Use cases of indicators."""

from reporting.indicators.service.answering import (
    Child,
    Comparison,
    Drill,
    Place,
    compare_divisions,
    list_children,
    list_offices_behind,
    series_of,
)
from reporting.indicators.service.defining import (
    add_definition,
    get_definition,
    list_definitions,
    list_versions,
    withdraw_definition,
)
from reporting.indicators.service.reckoning import Reckoned, reckon, values_of

__all__ = [
    "Child",
    "Comparison",
    "Drill",
    "Place",
    "Reckoned",
    "add_definition",
    "compare_divisions",
    "get_definition",
    "list_children",
    "list_definitions",
    "list_offices_behind",
    "list_versions",
    "reckon",
    "series_of",
    "values_of",
    "withdraw_definition",
]
