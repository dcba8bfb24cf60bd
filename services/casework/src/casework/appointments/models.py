"""Slots, holds of persons, and tickets. Nothing of a person stands in clear, and nothing at all in a ticket."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Code, Key, String


class SlotRow(Base):
    """So many people may come to an office between two times of a day."""

    __tablename__ = "appointment_slots"
    __table_args__ = (
        CheckConstraint("booked BETWEEN 0 AND capacity", name="booked"),
        CheckConstraint("ends > starts", name="times"),
        UniqueConstraint("office_id", "day", "starts"),
        Index(None, "division", "day", "starts"),
    )

    id: Mapped[Key]
    division: Mapped[Code]
    office_id: Mapped[UUID]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    capacity: Mapped[int]
    booked: Mapped[int]


class HoldRow(Base):
    """An open booking of a person at an office on a day: there is one at most. The person is a blind index."""

    __tablename__ = "appointment_holds"

    office_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    person_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(unique=True)


class SeriesRow(Base):
    """The last number of a duty's tickets on a day at an office."""

    __tablename__ = "queue_series"

    office_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    duty: Mapped[str] = mapped_column(Text, primary_key=True)
    last_number: Mapped[int]


class TicketRow(Base):
    """A place in the queue of a day. A window has one at most that it has called and not finished with."""

    __tablename__ = "queue_tickets"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'called', 'serving', 'skipped', 'finished')", name="status"),
        CheckConstraint("(window_id IS NULL) = (status = 'waiting')", name="window"),
        UniqueConstraint("office_id", "day", "duty", "number"),
        Index("ix_queue_tickets_waiting", "office_id", "day", "taken_at", "id",
              postgresql_where=text("status = 'waiting'")),
        Index("uq_queue_tickets_at_window", "window_id", "day", unique=True,
              postgresql_where=text("status IN ('called', 'serving')")),
        Index(None, "division", "day"),
    )  # fmt: skip

    id: Mapped[Key]
    version: Mapped[int]
    division: Mapped[Code]
    office_id: Mapped[UUID]
    day: Mapped[date]
    duty: Mapped[String]
    number: Mapped[int]
    status: Mapped[String]
    booked_for: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    window_id: Mapped[UUID | None]
    window_number: Mapped[str | None] = mapped_column(Text)
    called_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    calls: Mapped[int]
    serving_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
