"""The table of cases. Personal data is sealed bytes; nothing of it stands in clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, DateTime, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base

OPEN_STATUSES = "status IN ('registered', 'accepted')"


class CaseRow(Base):
    """One case.

    `item_code` has no foreign key: the register statement's own lookup has just read the item, items are never
    deleted, and a key lock on one popular item's row by every writer would be paid for nothing.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("status IN ('registered', 'accepted', 'refused', 'withdrawn', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closing_result IS NOT NULL)", name="closing_result"),
        Index(None, "registered_at", "id", "division"),
        Index(None, "division", "registered_at", "id"),
        Index("ix_cases_open", "division", "registered_at", "id", postgresql_where=text(OPEN_STATUSES)),
        Index(None, "applicant_index", "registered_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    division: Mapped[str] = mapped_column(CHAR(12, collation="C"))
    level: Mapped[str] = mapped_column(Text)
    office_id: Mapped[UUID]
    item_code: Mapped[str] = mapped_column(Text(collation="C"))
    duty: Mapped[str] = mapped_column(Text)
    applicant_kind: Mapped[str] = mapped_column(Text)
    applicant_name: Mapped[bytes] = mapped_column(LargeBinary)
    applicant_identifier: Mapped[bytes] = mapped_column(LargeBinary)
    applicant_index: Mapped[bytes] = mapped_column(LargeBinary)
    applicant_phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closing_result: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    handled_by: Mapped[str | None] = mapped_column(Text)
