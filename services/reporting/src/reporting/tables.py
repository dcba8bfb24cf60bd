"""Every table of the service, so that the metadata is complete for migrations."""

from reporting.assessments.models import CaseworkLedgerRow
from reporting.circulars.models import DocumentRow, MarkRow, NumberRow, SeriesRow, SnapshotRow
from reporting.completeness.models import (
    ExpectedRow,
    ExpectedStepRow,
    OfficeStateRow,
    PlaceDayRow,
    PlacePeriodRow,
    PlaceRow,
    ReportedRow,
)
from reporting.figures.models import FIGURE_MONTHS, AcceptedFactsRow, FigureRow
from reporting.inspections.models import InspectionFrameRow
from reporting.levels.models import FreshnessRow
from reporting.orm import Base, StoredRecord
from reporting.programmes.models import ProgrammeVersionRow
from reporting.reports.models import ReportBaseRow, ReportLineRow, ReportPeriodRow, ReportPlaceRow, ReportVersionRow
from reporting.standings.models import (
    StandingFreshnessRow,
    StandingPeriodRow,
    StandingRow,
    StandingStateRow,
    StandingSumRow,
)

metadata = Base.metadata

__all__ = [
    "FIGURE_MONTHS",
    "AcceptedFactsRow",
    "CaseworkLedgerRow",
    "DocumentRow",
    "ExpectedRow",
    "ExpectedStepRow",
    "FigureRow",
    "FreshnessRow",
    "InspectionFrameRow",
    "MarkRow",
    "NumberRow",
    "OfficeStateRow",
    "PlaceDayRow",
    "PlacePeriodRow",
    "PlaceRow",
    "ProgrammeVersionRow",
    "ReportBaseRow",
    "ReportLineRow",
    "ReportPeriodRow",
    "ReportPlaceRow",
    "ReportVersionRow",
    "ReportedRow",
    "SeriesRow",
    "SnapshotRow",
    "StandingFreshnessRow",
    "StandingPeriodRow",
    "StandingRow",
    "StandingStateRow",
    "StandingSumRow",
    "StoredRecord",
    "metadata",
]
