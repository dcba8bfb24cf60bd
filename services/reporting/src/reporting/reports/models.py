"""Tables of reports beside the records: what is locked, counted and added up set by set."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode


class ReportPeriodRow(Base):
    """A period's gate: who acts in it holds it shared, who opens or closes it holds it alone."""

    __tablename__ = "report_periods"
    __table_args__ = (Index(None, "programme_id", "as_of"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode]
    status: Mapped[Code]
    programme_id: Mapped[UUID | None]
    as_of: Mapped[date]


class ReportPlaceRow(Base):
    """A division that reports in a period: frozen when it was opened, with how far its report is; the lock of both."""

    __tablename__ = "report_places"
    __table_args__ = (
        Index(None, "period_id", "parent"),
        Index(None, "division"),
        Index(None, "due_on", postgresql_where=text("first_submitted_at IS NULL")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    level: Mapped[Code]
    parent: Mapped[DivisionCode]
    is_top: Mapped[bool]
    due_on: Mapped[date]
    status: Mapped[Code | None]
    first_submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_edition: Mapped[int | None]
    approved_version: Mapped[int | None]
    reminded: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ReportVersionRow(Base):
    """A report as it once was; nothing here is ever changed."""

    __tablename__ = "report_versions"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[UUID]
    edition: Mapped[int]
    status: Mapped[Code]
    first_submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_edition: Mapped[int | None]
    act: Mapped[Code]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[Any] = mapped_column(JSONB)


class ReportLineRow(Base):
    """One line of the edition in force of a division's report."""

    __tablename__ = "report_lines"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[Code] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    own: Mapped[Decimal | None] = mapped_column(Numeric)
    below: Mapped[Decimal | None] = mapped_column(Numeric)
    total: Mapped[Decimal | None] = mapped_column(Numeric)
    answered: Mapped[int]
    computed: Mapped[Decimal | None] = mapped_column(Numeric)
    words: Mapped[str | None] = mapped_column(Text)


class ReportBaseRow(Base):
    """Which editions below an edition of a division's report is composed from."""

    __tablename__ = "report_bases"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    below: Mapped[DivisionCode] = mapped_column(primary_key=True)
    below_edition: Mapped[int]
