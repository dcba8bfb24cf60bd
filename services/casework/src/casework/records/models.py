"""The table of records: the state that holds now, and what is sealed beside it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Code, Key, String


class StoredRecord(Base):
    """A record as it stands now: the very state that its last event carried. Source: ADR 0017.

    `case_id`, `status`, `holder` and `due_on` repeat members of the state, where it has them, so that lists find them.
    `sealed` holds personal data as one encrypted document; `subject_index` the blind index of whom it is about.
    """

    __tablename__ = "records"
    __table_args__ = (
        Index(None, "record", "division", "id"),
        Index(None, "record", "status", "id", postgresql_where=text("status IS NOT NULL")),
        Index(None, "case_id", "record", postgresql_where=text("case_id IS NOT NULL")),
        Index(None, "holder", "record", postgresql_where=text("holder IS NOT NULL")),
        Index(None, "record", "due_on", postgresql_where=text("due_on IS NOT NULL")),
        Index(None, "subject_index", "record", postgresql_where=text("subject_index IS NOT NULL")),
        Index("ix_records_state", "state", postgresql_using="gin", postgresql_ops={"state": "jsonb_path_ops"}),
    )

    id: Mapped[Key]
    record: Mapped[String]
    version: Mapped[int]
    division: Mapped[Code]
    office_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[str | None] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[Any] = mapped_column(JSONB)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject_index: Mapped[bytes | None] = mapped_column(LargeBinary)
