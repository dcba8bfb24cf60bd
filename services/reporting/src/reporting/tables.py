"""Every table of the service, so that the metadata is complete for migrations."""

from reporting.completeness.models import ExpectedRow, PlaceDayRow, PlaceRow, ReportedRow
from reporting.figures.models import AcceptedCaseRow, FigureRow
from reporting.levels.models import FreshnessRow
from reporting.orm import Base

metadata = Base.metadata

__all__ = [
    "AcceptedCaseRow",
    "ExpectedRow",
    "FigureRow",
    "FreshnessRow",
    "PlaceDayRow",
    "PlaceRow",
    "ReportedRow",
    "metadata",
]
