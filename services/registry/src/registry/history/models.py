"""The tables of records: the state that holds now, every state that ever held, and the offices that changed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Code, Key, String


class StoredRecord(Base):
    """A record as it stands now: the very state that its last event carried. Source: ADR 0013."""

    __tablename__ = "records"
    __table_args__ = (
        Index(None, "office_id", "record"),
        Index(None, "record", "division", "id"),
        Index("ix_records_state", "state", postgresql_using="gin", postgresql_ops={"state": "jsonb_path_ops"}),
        Index(
            "uq_records_office_year",
            "record",
            "office_id",
            text("(state ->> 'year')"),
            unique=True,
            postgresql_where=text("record IN ('registry.budget-line', 'registry.town-supplement')"),
        ),
        Index(
            "uq_records_one_per_office",
            "record",
            "office_id",
            unique=True,
            postgresql_where=text(
                "record IN ('registry.establishment', 'registry.staffing-requirement', 'registry.readiness', "
                "'registry.baseline-survey')"
            ),
        ),
    )

    id: Mapped[Key]
    record: Mapped[String]
    office_id: Mapped[UUID] = mapped_column(Uuid)
    division: Mapped[Code]
    level: Mapped[String]
    version: Mapped[int]
    effective_on: Mapped[date]
    state: Mapped[Any] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class RecordVersion(Base):
    """A state that a record had; offices are among them. Never changed. Source: ADR 0013."""

    __tablename__ = "record_versions"
    __table_args__ = (Index(None, "office_id", "record", "effective_on"), Index(None, "division", "id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(Text)
    office_id: Mapped[UUID] = mapped_column(Uuid)
    division: Mapped[Code]
    effective_on: Mapped[date]
    state: Mapped[Any] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class OfficeMark(Base):
    """An office of which something changed, until the readiness of the office is worked out anew.

    Attributes:
        again_at: it could not be worked out, and is not tried again before; None where it was not tried yet.
    """

    __tablename__ = "office_marks"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    office_id: Mapped[UUID] = mapped_column(Uuid)
    again_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class WaitingOffice(Base):
    """An office whose readiness is worked out when nothing is more urgent: at a first start, at the turn of a day."""

    __tablename__ = "waiting_offices"

    office_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class JudgedDay(Base):
    """A day at whose turn the judged offices were marked, once for all workers."""

    __tablename__ = "judged_days"

    day: Mapped[date] = mapped_column(primary_key=True)
