"""Days of a series, and an answer that a dashboard may keep for itself."""

import hashlib
from datetime import date, timedelta

from fastapi import Response
from pydantic import BaseModel

from reporting.indicators.domain import MAX_POINTS
from reporting.indicators.errors import TooManyPoints
from reporting.levels.errors import DaysReversed

FRESH_SECONDS = 30


def days_between(first: date, last: date, *, by: str) -> list[date]:
    """Every day, or every last day of a month and the last day asked for.

    Raises:
        DaysReversed: ends before it begins.
        TooManyPoints: more than one answer may hold.
    """
    if last < first:
        raise DaysReversed
    step = 1 if by == "day" else 31
    if (last - first).days // step > MAX_POINTS:
        raise TooManyPoints(max_points=MAX_POINTS)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return days if by == "day" else [day for day in days if day == last or (day + timedelta(days=1)).day == 1]


def private_answer(model: BaseModel, *, seen: str | None) -> Response:
    """The model with an entity tag of its content, for this asker alone; 304 without a body where nothing changed."""
    body = model.__pydantic_serializer__.to_json(model)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={FRESH_SECONDS}", "Vary": "Authorization"}
    if seen is not None and tag in {one.strip().removeprefix("W/") for one in seen.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
