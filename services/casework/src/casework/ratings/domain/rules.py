"""What may be rated, when, by whom and how often; what a rating brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from casework.cases.domain import Case
from casework.ratings.domain.codes import ASPECT_LABELS, stars_of
from casework.ratings.errors import (
    AspectsDoNotFit,
    MaliceNotProven,
    NoVisitToday,
    RatingAlreadyExcluded,
    RatingNoLongerOpen,
    RatingNotOpenYet,
    ServedInTheCase,
    VisitNotProven,
)
from common.clock import beijing_day
from common.contracts.casework import Duty
from common.contracts.casework.ratings import (
    Occasion,
    RatingChannel,
    RatingLevel,
    RatingState,
    RectificationState,
)
from common.divisions import Level
from common.policy import parameter

OCCASION_LABELS: Mapping[Occasion, str] = {"visit": "现场一次一评", "matter": "网上一事一评"}
STATUS_LABELS: Mapping[str, str] = {"counted": "计入统计", "excluded": "不计入统计"}
_AT_THE_WINDOW = frozenset({"receipt", "supplement", "acceptance"})
VISIT_CHANNELS: frozenset[RatingChannel] = frozenset({"qr_code", "hall_tablet", "hall_terminal"})


@dataclass(frozen=True, slots=True)
class Matter:
    """Of a case, what rating it asks for.

    Attributes:
        accounts: who has served in it.
        ended_at: closed, or withdrawn after acceptance.
        visits: Beijing days on which the applicant was at the window, as the file tells.
    """

    id: UUID
    division: str
    level: Level
    office_id: UUID
    item_code: str
    duty: Duty
    registered_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    accounts: tuple[str, ...]
    visits: frozenset[date] = frozenset()


def matter_of(case: Case) -> Matter:
    """Of a case, what rating it asks for: who served in it, since when and until when.

    Source: O4.3b, O4.3f.
    """
    file = case.file
    served = {case.handled_by, *(holder.account for holder in file.holders), *(step.by for step in file.steps)}
    served |= {asked.by for asked in file.supplements} | {special.by for special in file.specials}
    served |= {entry.by for entry in file.ledger}
    return Matter(
        id=case.id,
        division=case.division,
        level=case.level,
        office_id=case.office_id,
        item_code=case.item_code,
        duty=cast("Duty", case.duty),
        registered_at=case.registered_at,
        accepted_at=case.accepted_at,
        ended_at=case.closed_at or case.withdrawn_at,
        accounts=tuple(sorted(account for account in served if account is not None)),
        visits=visits_of(case),
    )


def visits_of(case: Case) -> frozenset[date]:
    """The days on which the applicant was at the window: what was handed in there, and the collection of the result.

    Of a case that came another way only the collection is a visit; what the law has accepted nobody came for.

    Source: O4.3f; standards.md §7.
    """
    instants = [] if case.collected_at is None else [case.collected_at]
    if case.channel == "window":
        came = _AT_THE_WINDOW - {"acceptance"} if case.is_deemed_accepted else _AT_THE_WINDOW
        instants += [case.registered_at, *(step.ended_at for step in case.file.steps if step.step in came)]
    return frozenset(map(beijing_day, instants))


def require_visit(matter: Matter, *, by: str, on: date) -> None:
    """A code is given by somebody who has not served in the case, of a day with a visit on record.

    Source: O4.3f.

    Raises:
        ServedInTheCase, NoVisitToday: it is not so.
    """
    if by in matter.accounts:
        raise ServedInTheCase
    if on not in matter.visits:
        raise NoVisitToday


def require_open(matter: Matter, *, at: datetime) -> None:
    """Ratings are taken from acceptance on until some days after the end.

    Source: O4.3f; standards.md §7.

    Raises:
        RatingNotOpenYet: not accepted, or refused.
        RatingNoLongerOpen: the last day has passed.
    """
    if matter.accepted_at is None:
        raise RatingNotOpenYet
    on = beijing_day(at)
    if matter.ended_at is not None:
        last = beijing_day(matter.ended_at) + timedelta(days=parameter("rating_open_days", on=on).number)
        if on > last:
            raise RatingNoLongerOpen(last_day=last.isoformat())


def occasion_of(channel: RatingChannel, visit_on: date | None) -> Occasion:
    """A visit is rated by the code given out in the hall, the matter by whoever proves to be its applicant.

    A code never rates the matter, through whatever channel: it tells of a visit, and not who the applicant is.

    Source: O4.3f; standards.md §7 (现场一次一评, 网上一事一评).

    Raises:
        VisitNotProven: a channel of the hall without the code of a visit.
    """
    if visit_on is not None:
        return "visit"
    if channel in VISIT_CHANNELS:
        raise VisitNotProven
    return "matter"


def occasion_key(occasion: Occasion, visit_on: date | None) -> str:
    """What may be rated once: the matter, or the visit of one day.

    Source: O4.3f; standards.md §7.
    """
    return "matter" if occasion == "matter" or visit_on is None else f"visit:{visit_on.isoformat()}"


def require_aspects(rating: RatingLevel, aspects: Sequence[str]) -> None:
    """Aspects belong to the number of stars that was given.

    Source: standards.md §7.

    Raises:
        AspectsDoNotFit: unknown, repeated, or of another number of stars.
    """
    stars = str(stars_of(rating))
    if len(set(aspects)) < len(aspects) or any(
        code not in ASPECT_LABELS or not code.startswith(stars) for code in aspects
    ):
        raise AspectsDoNotFit


def is_good(rating: str, *, on: date) -> bool:
    """Whether a rating is praise; nobody's rating never is.

    Source: O4.3f; standards.md §7.
    """
    return rating in parameter("good_rating_levels", on=on).option_codes


def is_bad(rating: str, *, on: date) -> bool:
    """Whether a rating opens a rectification.

    Source: O4.3f; standards.md §7.
    """
    return rating in parameter("bad_rating_levels", on=on).option_codes


def excluded(
    rating: RatingState, rectification: RectificationState | None, *, by: str, at: datetime, reason: str
) -> dict[str, Any]:
    """A rating proven malicious counts no longer; it stays and is seen, and so does who decided and why.

    Source: O4.3f.

    Raises:
        RatingAlreadyExcluded: once is enough.
        MaliceNotProven: its rectification has not found it unsubstantiated.
    """
    if rating.status == "excluded":
        raise RatingAlreadyExcluded
    if rectification is not None and (rectification.status, rectification.finding) != ("closed", "unsubstantiated"):
        raise MaliceNotProven
    return {"status": "excluded", "excluded_at": at, "excluded_by": by, "exclusion_reason": reason}
