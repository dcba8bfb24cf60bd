"""The table of receipts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import BYTEA, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from sync.orm import Base, DivisionCode


class ReceiptRow(Base):
    """One receipt; append-only. Source: O4.2a.

    The primary key is the order of the list (by division, newest first inside one); the partial index finds the few
    that are no plain acceptance without costing those that are.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'duplicate', 'rejected')", name="outcome"),
        Index(None, "record_id", "version"),
        Index("ix_receipts_not_accepted", "division", "id", postgresql_where="outcome <> 'accepted'"),
    )

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID]
    version: Mapped[int]
    receiver_level: Mapped[str] = mapped_column(Text)
    receiver_division: Mapped[DivisionCode]
    outcome: Mapped[str] = mapped_column(Text)
    reason_code: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(BYTEA)
    issued_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
