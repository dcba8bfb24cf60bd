"""Use cases of completeness: two writers (figures, directory) and the questions."""

from reporting.completeness.repository import covered
from reporting.completeness.service.answering import (
    Coverage,
    MissingPlace,
    PlaceDays,
    PlacesByKind,
    coverage_arguments,
    coverage_in,
    expected_by_kind_on,
    expected_on,
    get_coverage,
    list_missing,
    place_days_of,
)
from reporting.completeness.service.keeping import note_facts, note_offices, refresh_places

__all__ = [
    "Coverage",
    "MissingPlace",
    "PlaceDays",
    "PlacesByKind",
    "coverage_arguments",
    "coverage_in",
    "covered",
    "expected_by_kind_on",
    "expected_on",
    "get_coverage",
    "list_missing",
    "note_facts",
    "note_offices",
    "place_days_of",
    "refresh_places",
]
