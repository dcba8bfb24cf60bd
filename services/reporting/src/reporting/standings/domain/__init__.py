"""What is measured of offices, and what one state of an office adds to sums. Pure."""

from reporting.standings.domain.measures import FIGURE_LABELS, KIND_CODES, KIND_LABELS, PAIRS
from reporting.standings.domain.sums import (
    ALL_TIME,
    Counts,
    Deltas,
    OfficeStanding,
    Period,
    SumKey,
    Version,
    counts_of,
    deltas_of,
    periods_of,
)

__all__ = [
    "ALL_TIME",
    "FIGURE_LABELS",
    "KIND_CODES",
    "KIND_LABELS",
    "PAIRS",
    "Counts",
    "Deltas",
    "OfficeStanding",
    "Period",
    "SumKey",
    "Version",
    "counts_of",
    "deltas_of",
    "periods_of",
]
