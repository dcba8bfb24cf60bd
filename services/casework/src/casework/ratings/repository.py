"""All SQL of ratings beside the store of records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, cast, distinct, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from casework.ratings.domain import SignFact
from casework.ratings.models import RatingRow
from common.directory import WITHIN

GroupBy = Literal["all", "office", "item", "duty", "day"]
_GROUPS: Mapping[str, Any] = {
    "office": RatingRow.office_id,
    "item": RatingRow.item_code,
    "duty": RatingRow.duty,
}
_LIES_WITHIN = WITHIN.format(column="ratings.division", low=":low", high=":high")


@dataclass(frozen=True, slots=True)
class Counted:
    """Which ratings are counted, and how they are grouped.

    Attributes:
        until: the last day.
        bounds: of divisions, inclusive; None for the whole province.
    """

    since: date
    until: date
    by: GroupBy = "all"
    bounds: tuple[str, str] | None = None
    office_id: UUID | None = None


class Ratings:
    """Ratings as they are counted."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, values: Mapping[str, Any]) -> bool:
        """Takes the one place that a first rating or a supplement has; False when it is taken.

        Locks: waits for another transaction that is about to take it.
        """
        added = insert(RatingRow).values(**values).on_conflict_do_nothing().returning(RatingRow.id)
        return await self._session.scalar(added) is not None

    async def exclude(self, rating_id: UUID) -> None:
        """It counts no longer."""
        await self._session.execute(update(RatingRow).where(RatingRow.id == rating_id).values(is_excluded=True))

    async def has_first(self, case_id: UUID, occasion: str) -> bool:
        """Whether somebody has rated this before."""
        query = select(RatingRow.id).where(RatingRow.case_id == case_id, RatingRow.occasion == occasion).limit(1)
        return await self._session.scalar(query) is not None

    async def ids_of(self, case_id: UUID, *, occasion: str | None = None) -> list[UUID]:
        """The ratings of a case, or of one occasion of it, in order."""
        query = select(RatingRow.id).where(RatingRow.case_id == case_id).order_by(RatingRow.id)
        if occasion is not None:
            query = query.where(RatingRow.occasion == occasion)
        return list(await self._session.scalars(query))

    async def count(self, wanted: Counted) -> list[tuple[str, str, int, bool, int]]:
        """(group, satisfaction, number, is excluded, how many) of ratings given in the period."""
        group = _group(wanted.by, RatingRow.rated_on)
        query = (
            select(group, RatingRow.rating, RatingRow.number, RatingRow.is_excluded, func.count())
            .where(RatingRow.rated_on.between(wanted.since, wanted.until), *_conditions(wanted))
            .group_by(text("1"), RatingRow.rating, RatingRow.number, RatingRow.is_excluded)
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in await self._session.execute(query)]

    async def count_rated_matters(self, wanted: Counted) -> dict[str, int]:
        """Cases registered in the period that anybody has rated, by group; excluded ratings are none."""
        group = _group(wanted.by, RatingRow.registered_on)
        query = (
            select(group, func.count(distinct(RatingRow.case_id)))
            .where(
                RatingRow.registered_on.between(wanted.since, wanted.until),
                RatingRow.is_excluded.is_(False),
                *_conditions(wanted),
            )
            .group_by(text("1"))
        )
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def list_offices(self, wanted: Counted, *, after: UUID | None, limit: int) -> list[UUID]:
        """Offices that were rated in the period, in order of their ids."""
        conditions = [RatingRow.rated_on.between(wanted.since, wanted.until), *_conditions(wanted)]
        if after is not None:
            conditions.append(RatingRow.office_id > after)
        query = select(RatingRow.office_id).where(*conditions).distinct().order_by(RatingRow.office_id).limit(limit)
        return list(await self._session.scalars(query))

    async def list_facts(self, wanted: Counted, office_ids: Sequence[UUID]) -> dict[UUID, list[SignFact]]:
        """What the rules of signs look at, by office; first ratings that count."""
        query = select(
            RatingRow.office_id,
            RatingRow.rating,
            RatingRow.rated_at,
            case((RatingRow.ended_at <= RatingRow.rated_at, RatingRow.ended_at)),
            RatingRow.terminal,
        ).where(
            RatingRow.office_id.in_(office_ids),
            RatingRow.rated_on.between(wanted.since, wanted.until),
            RatingRow.number == 1,
            RatingRow.is_excluded.is_(False),
            *_conditions(wanted),
        )
        found: dict[UUID, list[SignFact]] = {office_id: [] for office_id in office_ids}
        for row in await self._session.execute(query):
            found[row[0]].append(SignFact(row[1], row[2], row[3], row[4]))
        return found


def _group(by: GroupBy, day: Any) -> ColumnElement[str]:
    if by == "all":
        return literal("").label("key")
    return cast(day if by == "day" else _GROUPS[by], Text)


def _conditions(wanted: Counted) -> Iterable[ColumnElement[bool]]:
    if wanted.office_id is not None:
        yield RatingRow.office_id == wanted.office_id
    if wanted.bounds is not None:
        low, high = wanted.bounds
        yield text(f"({_LIES_WITHIN})").bindparams(low=low, high=high)  # type: ignore[misc]
