"""Charter: the one source of "now", so that tests can hold it and every service agrees on Beijing's day."""

from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time zone without daylight saving since 1991; legal days are Beijing days."""


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Beijing; legal days and statistics use this one, never the server's."""
    return beijing_day(now())


def beijing_day(instant: datetime) -> date:
    """The Beijing day in which an aware instant falls."""
    return to_beijing(instant).date()


def to_beijing(instant: datetime) -> datetime:
    """The same instant with offset +08:00.

    Raises:
        ValueError: the instant carries no offset.
    """
    if instant.tzinfo is None:
        msg = "an instant without an offset has no place in the platform"
        raise ValueError(msg)
    return instant.astimezone(BEIJING)


def iso(instant: datetime) -> str:
    """ISO 8601 with +08:00, as every API answer and event carries it."""
    return to_beijing(instant).isoformat()
