"""What accepted records contribute to the figures, and how changes add up. Pure."""

from reporting.figures.domain.contributions import READERS, contribution_of_case
from reporting.figures.domain.counting import (
    GROUP_BY_LABELS,
    MEASURE_LABELS,
    MEASURES,
    MONTH_MEASURES,
    PART_LABELS,
    Contribution,
    Deltas,
    Fact,
    FigureKey,
    GroupBy,
    Measure,
    MonthKey,
    Part,
    Totals,
    deltas_of,
    unlisted,
)

__all__ = [
    "GROUP_BY_LABELS",
    "MEASURES",
    "MEASURE_LABELS",
    "MONTH_MEASURES",
    "PART_LABELS",
    "READERS",
    "Contribution",
    "Deltas",
    "Fact",
    "FigureKey",
    "GroupBy",
    "Measure",
    "MonthKey",
    "Part",
    "Totals",
    "contribution_of_case",
    "deltas_of",
    "unlisted",
]
