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
from reporting.figures.models import AcceptedCaseRow, FigureRow
from reporting.levels.models import FreshnessRow
from reporting.orm import Base, StoredRecord

metadata = Base.metadata

__all__ = [
    "AcceptedCaseRow",
    "ExpectedRow",
    "ExpectedStepRow",
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
