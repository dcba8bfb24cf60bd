"""The table of changes: what was decided, by which document, and what it did."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Code, String


class DivisionChange(Base):
    """One change of divisions: the very state that its event carried. Never changed. Source: S0, ADR 0014."""

    __tablename__ = "division_changes"
    __table_args__ = (Index(None, "division", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[String]
    division: Mapped[Code]
    effective_on: Mapped[date]
    document: Mapped[String]
    state: Mapped[Any] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
