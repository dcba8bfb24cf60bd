"""Pure rules of the legal clock: a calendar of working days, a ledger that is only appended to, and its reading."""

from casework.clock.domain.calendar import FIRST, LAST, Calendar, DayKind, Fixed, SpecialDay, YearPlan
from casework.clock.domain.explaining import (
    CLOCK_LABELS,
    PAUSE_LABELS,
    UNIT_LABELS,
    Line,
    explain,
    explain_days,
    provisional_line,
    rolled_line,
    spell,
    spell_limit,
)
from casework.clock.domain.ledger import (
    Ledger,
    extended,
    is_running,
    open_pauses,
    paused,
    resumed,
    started,
    stopped,
)
from casework.clock.domain.reading import Reading, judge, lapsed_on

__all__ = [
    "CLOCK_LABELS",
    "FIRST",
    "LAST",
    "PAUSE_LABELS",
    "UNIT_LABELS",
    "Calendar",
    "DayKind",
    "Fixed",
    "Ledger",
    "Line",
    "Reading",
    "SpecialDay",
    "YearPlan",
    "explain",
    "explain_days",
    "extended",
    "is_running",
    "judge",
    "lapsed_on",
    "open_pauses",
    "paused",
    "provisional_line",
    "resumed",
    "rolled_line",
    "spell",
    "spell_limit",
    "started",
    "stopped",
]
