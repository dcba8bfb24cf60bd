"""Requests and answers about periods, schedules, reports and progress."""

from reporting.reports.schemas.periods import (
    PeriodAnswer,
    PeriodBody,
    PeriodSummary,
    ReasonBody,
    ReminderAnswer,
    ScheduleAnswer,
    ScheduleBody,
)
from reporting.reports.schemas.progress import (
    ChildProgressPage,
    DeclaredLineView,
    LineValuesPage,
    MissingPage,
    MissingView,
    ProgressAnswer,
)
from reporting.reports.schemas.reports import (
    DiffAnswer,
    LinesBody,
    ReportAnswer,
    ReportSummary,
    ReturnBody,
    StartBody,
    UnlockBody,
    VersionAnswer,
    VersionSummary,
)

__all__ = [
    "ChildProgressPage",
    "DeclaredLineView",
    "DiffAnswer",
    "LineValuesPage",
    "LinesBody",
    "MissingPage",
    "MissingView",
    "PeriodAnswer",
    "PeriodBody",
    "PeriodSummary",
    "ProgressAnswer",
    "ReasonBody",
    "ReminderAnswer",
    "ReportAnswer",
    "ReportSummary",
    "ReturnBody",
    "ScheduleAnswer",
    "ScheduleBody",
    "StartBody",
    "UnlockBody",
    "VersionAnswer",
    "VersionSummary",
]
