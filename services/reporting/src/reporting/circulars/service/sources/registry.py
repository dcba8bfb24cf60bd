"""Which source answers which kind of query."""

from collections.abc import Mapping

from common.contracts.reporting.circulars import QueryKind
from reporting.circulars.service.sources.asking import SnapshotSource
from reporting.circulars.service.sources.filings import filings_of
from reporting.circulars.service.sources.results import results_of
from reporting.circulars.service.sources.timeliness import timeliness_of
from reporting.circulars.service.sources.values import values_of_indicator

SOURCES: Mapping[QueryKind, SnapshotSource] = {
    "indicator": values_of_indicator,
    "report_timeliness": timeliness_of,
    "plan_filing": filings_of,
    "inspection": results_of,
}
