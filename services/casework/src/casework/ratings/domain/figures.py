"""Figures of ratings: shares that never count silence as praise, and what the public may see of small numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.ratings.domain.rules import is_good
from casework.ratings.errors import PeriodRefused

MAX_DAYS = 92
_PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """Ratings of one group.

    Attributes:
        key: the group: an office's id, an item's code, a duty, a day, or "" for all.
        matters: registered in the period and accepted by now, so that they could be rated.
        rated_matters: of these, how many anybody has rated.
        counts: first ratings given in the period, by satisfaction.
        supplements: second ratings given in the period, by satisfaction.
        excluded: ratings of the period that count no longer.
    """

    key: str
    matters: int = 0
    rated_matters: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    supplements: Mapping[str, int] = field(default_factory=dict)
    excluded: int = 0

    @property
    def rated(self) -> int:
        """How many first ratings there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Cell:
    """A group as the public sees it: with its numbers, or hidden.

    Attributes:
        are_levels_hidden: one of its parts is a small number, so only the sums are shown.
    """

    tally: Tally
    is_hidden: bool = False
    are_levels_hidden: bool = False


def good_rate(tally: Tally, *, on: date) -> int | None:
    """好评率 in per mille: praise among what was rated; None where nobody rated. Who did not rate is in neither part.

    Source: O4.3f; standards.md §7.
    """
    good = sum(count for rating, count in tally.counts.items() if is_good(rating, on=on))
    return good * _PER_MILLE // tally.rated if tally.rated else None


def rated_share(tally: Tally) -> int | None:
    """Matters that were rated among those that could be, in per mille; None where there were none.

    Source: O4.3f; standards.md §7.
    """
    return tally.rated_matters * _PER_MILLE // tally.matters if tally.matters else None


def protected(tallies: Sequence[Tally], minimum: int) -> list[Cell]:
    """Hides groups with few ratings; and the next smallest ones too, until what is hidden together is no small number.

    Otherwise a hidden group would be the difference of a total and what is shown.

    Source: O4.3f; standards.md §7 (rater data protected).
    """
    hidden = {tally.key for tally in tallies if 0 < tally.rated < minimum}
    left = sorted((tally for tally in tallies if tally.rated >= minimum), key=lambda tally: (tally.rated, tally.key))
    total = sum(tally.rated for tally in tallies if tally.key in hidden)
    while hidden and total < minimum and left:
        smallest = left.pop(0)
        hidden.add(smallest.key)
        total += smallest.rated
    return [
        Cell(Tally(tally.key), is_hidden=True)
        if tally.key in hidden
        else Cell(tally, are_levels_hidden=_has_small_part(tally, minimum))
        for tally in tallies
    ]


def require_period(since: date, until: date) -> None:
    """A period has its end after its beginning, and is no longer than a quarter.

    Source: O4.3f.

    Args:
        until: the last day.

    Raises:
        PeriodRefused: it is not so.
    """
    if until < since or until - since >= timedelta(days=MAX_DAYS):
        raise PeriodRefused(max_days=MAX_DAYS)


def require_finished_months(since: date, until: date, *, on: date) -> None:
    """The public asks for whole months that are over: of two other periods the difference might be one rating.

    Source: O4.3f; standards.md §7 (rater data protected).

    Args:
        on: today.

    Raises:
        PeriodRefused: it is not so.
    """
    after = until + timedelta(days=1)
    if since.day != 1 or after.day != 1 or after > on.replace(day=1):
        raise PeriodRefused("公开统计按已结束的整月查询")


def _has_small_part(tally: Tally, minimum: int) -> bool:
    parts = (*tally.counts.values(), *tally.supplements.values(), tally.excluded)
    return any(0 < part < minimum for part in parts)
