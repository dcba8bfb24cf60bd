"""Every table of the service, so that the metadata is complete for migrations."""

from reporting.completeness.models import (
    ExpectedRow,
    ExpectedStepRow,
    OfficeStateRow,
    PlaceDayRow,
    PlacePeriodRow,
    PlaceRow,
    ReportedRow,
)
from reporting.figures.models import AcceptedFactsRow, FigureMonthRow, FigureRow
from reporting.levels.models import FreshnessRow
from reporting.orm import Base, StoredRecord

metadata = Base.metadata

__all__ = [
    "AcceptedFactsRow",
    "ExpectedRow",
    "ExpectedStepRow",
    "FigureMonthRow",
    "FigureRow",
    "FreshnessRow",
    "OfficeStateRow",
    "PlaceDayRow",
    "PlacePeriodRow",
    "PlaceRow",
    "ReportedRow",
    "StoredRecord",
    "metadata",
]
