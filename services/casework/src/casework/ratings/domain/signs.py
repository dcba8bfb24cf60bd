"""Signs of windows where ratings may be coerced or made up, for a supervisor's eyes; nothing follows by itself.

Source: O4.3f; issue 4 (impossible distributions, bursts).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.clock import to_beijing
from common.contracts.casework.ratings import RatingLevel
from common.policy import parameter

SIGN_LABELS: Mapping[str, str] = {
    "uniform_praise": "评价过于一致",
    "burst": "同一终端集中评价",
    "rated_while_waiting": "办结前评价比例偏高",
    "rated_at_once": "办结后即时评价比例偏高",
}
_PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class SignFact:
    """Of a rating, what the rules look at.

    Attributes:
        ended_at: when the case ended, if it had when it was rated.
        terminal: the hall's device, if it was one.
    """

    rating: RatingLevel
    rated_at: datetime
    ended_at: datetime | None
    terminal: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The parameters of the rules on a day; shares in per mille."""

    sample_min: int
    uniform_share: int
    burst_count: int
    burst_minutes: int
    waiting_share: int
    instant_seconds: int
    instant_share: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that looks odd, in words and in numbers."""

    code: str
    explanation: str
    numbers: Mapping[str, int]


def limits_on(day: date) -> Limits:
    """The limits that hold on a day.

    Source: O4.3f.
    """
    return Limits(
        **{name: parameter(f"rating_sign_{name}", on=day).number for name in Limits.__dataclass_fields__},
    )


def find_signs(facts: Sequence[SignFact], limits: Limits) -> list[Sign]:
    """Everything odd about the ratings of one office in one period.

    Source: O4.3f.
    """
    return [*_uniform(facts, limits), *_bursts(facts, limits), *_waiting(facts, limits), *_at_once(facts, limits)]


def _uniform(facts: Sequence[SignFact], limits: Limits) -> Iterable[Sign]:
    best, total = sum(fact.rating == "very_satisfied" for fact in facts), len(facts)
    if _reaches(best, total, limits.uniform_share, limits):
        told = f"{total}个评价中有{best}个为“非常满意”，达到{limits.uniform_share}‰的提示比例"
        yield Sign("uniform_praise", told, {"ratings": total, "very_satisfied": best})


def _bursts(facts: Sequence[SignFact], limits: Limits) -> Iterable[Sign]:
    by_terminal: dict[str, list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact.terminal is not None:
            by_terminal[fact.terminal].append(fact.rated_at)
    for terminal, instants in sorted(by_terminal.items()):
        count, since = densest(instants, timedelta(minutes=limits.burst_minutes))
        if count >= limits.burst_count and since is not None:
            begun = to_beijing(since).strftime("%Y-%m-%d %H:%M")
            told = f"终端{terminal}自{begun}起{limits.burst_minutes}分钟内有{count}个评价"
            yield Sign("burst", told, {"ratings": count, "minutes": limits.burst_minutes})


def densest(instants: Iterable[datetime], span: timedelta) -> tuple[int, datetime | None]:
    """The most instants within a span, and when that span begins.

    Source: O4.3f.
    """
    ordered = sorted(instants)
    best: tuple[int, datetime | None] = (0, None)
    first = 0
    for last, instant in enumerate(ordered):
        while instant - ordered[first] > span:
            first += 1
        if last - first + 1 > best[0]:
            best = (last - first + 1, ordered[first])
    return best


def _waiting(facts: Sequence[SignFact], limits: Limits) -> Iterable[Sign]:
    waiting, total = sum(fact.ended_at is None for fact in facts), len(facts)
    if _reaches(waiting, total, limits.waiting_share, limits):
        told = f"{total}个评价中有{waiting}个在办件尚未办结时作出，达到{limits.waiting_share}‰的提示比例"
        yield Sign("rated_while_waiting", told, {"ratings": total, "waiting": waiting})


def _at_once(facts: Sequence[SignFact], limits: Limits) -> Iterable[Sign]:
    ended = [fact.rated_at - fact.ended_at for fact in facts if fact.ended_at is not None]
    at_once = sum(timedelta(0) <= passed <= timedelta(seconds=limits.instant_seconds) for passed in ended)
    if _reaches(at_once, len(ended), limits.instant_share, limits):
        told = (
            f"办结后作出的{len(ended)}个评价中有{at_once}个在办结后{limits.instant_seconds}秒内作出，"
            f"达到{limits.instant_share}‰的提示比例"
        )
        yield Sign("rated_at_once", told, {"ratings": len(ended), "at_once": at_once})


def _reaches(part: int, total: int, share: int, limits: Limits) -> bool:
    return total >= limits.sample_min and part * _PER_MILLE >= share * total
