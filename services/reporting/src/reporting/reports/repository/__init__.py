"""All SQL of reports: gates and places, versions and lines, progress."""

from reporting.reports.repository.periods import Periods, ReportingPlace, connection_of, levels_from
from reporting.reports.repository.progress import ProgressRows
from reporting.reports.repository.versions import Version, Versions

__all__ = ["Periods", "ProgressRows", "ReportingPlace", "Version", "Versions", "connection_of", "levels_from"]
