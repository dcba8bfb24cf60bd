"""The ledger of rewards and penalties: sums, grades, and how many cases were closed in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.accountability.errors import LedgerKindUnknown, ReversalOfReversal
from common.contracts.casework.accountability import LedgerDirection, LedgerEntryState

GradeCode = Literal["excellent", "good", "qualified", "unqualified"]
PERMILLE = 1000
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class LedgerKind:
    """A kind of entry that is made by hand. Source: O4.3g.

    Attributes:
        points: above 0 for rewards, below for penalties.
    """

    code: str
    label: str
    direction: LedgerDirection
    points: int
    effective_from: date
    effective_to: date | None
    clause: str
    mark: str
    to_confirm: str | None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade; `from_score` None takes what is left."""

    code: GradeCode
    label: str
    from_score: int | None


@dataclass(frozen=True, slots=True)
class GradeScale:
    """How a quarter is graded while the scale is in force. Source: O4.3g; standards.md §6.

    Attributes:
        base: the score without any entry.
        grades: the best first; the last one has no lower bound.
    """

    base: int
    grades: tuple[Grade, ...]
    effective_from: date
    effective_to: date | None
    clause: str
    mark: str
    to_confirm: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases that were closed, and how many of them in time. Source: O4.3c.

    Attributes:
        closed: that had a limit.
        on_time_permille: None where nothing was closed.
    """

    closed: int
    on_time: int

    @property
    def on_time_permille(self) -> int | None:
        """The share that was in time, rounded down: 999 is not all."""
        return None if self.closed == 0 else self.on_time * PERMILLE // self.closed


def quarter_of(day: date) -> int:
    """The quarter of a day, 1 to 4. Source: standards.md §6."""
    return (day.month - 1) // _MONTHS + 1


def ledger_kind_of(kinds: Iterable[LedgerKind], code: str, *, on: date) -> LedgerKind:
    """The kind of a code while it is in force.

    Source: O4.3g.

    Raises:
        LedgerKindUnknown: none, or no more.
    """
    for kind in kinds:
        if kind.code == code and kind.effective_from <= on and (kind.effective_to is None or on < kind.effective_to):
            return kind
    raise LedgerKindUnknown


def require_reversible(entry: LedgerEntryState) -> None:
    """An entry may be taken back; what takes back may not.

    Source: O4.3g.

    Raises:
        ReversalOfReversal: it takes back itself.
    """
    if entry.reverses is not None:
        raise ReversalOfReversal


def scale_on(scales: Iterable[GradeScale], on: date) -> GradeScale | None:
    """The scale in force on a day. Source: O4.3g."""
    for scale in scales:
        if scale.effective_from <= on and (scale.effective_to is None or on < scale.effective_to):
            return scale
    return None


def grade_of(score: int, grades: Sequence[Grade]) -> Grade:
    """The grade of a score: the first one that it reaches.

    Source: O4.3g; standards.md §6.
    """
    for grade in grades:
        if grade.from_score is None or score >= grade.from_score:
            return grade
    return grades[-1]
