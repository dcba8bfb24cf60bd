"""The tables of imports: the job, its file, what was wrong with its rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Code, Key, String

_AT = DateTime(timezone=True)


class SheetImport(Base):
    """One uploaded file and how far its import is. Source: ADR 0015.

    `attempt` counts the takings of the job: only the latest taker may end it (a fence), in the transaction that writes
    the rows. `actor` is what the uploader may do, without the name.
    """

    __tablename__ = "sheet_imports"
    __table_args__ = (
        Index("ix_sheet_imports_open", "created_at", postgresql_where=text("state IN ('queued', 'running')")),
        Index(None, "subject", "id"),
        CheckConstraint("state IN ('queued', 'running', 'applied', 'refused', 'failed')", name="state"),
    )

    id: Mapped[Key]
    list: Mapped[String]
    state: Mapped[str] = mapped_column(Text, server_default=text("'queued'"))
    subject: Mapped[String]
    division: Mapped[Code]
    actor: Mapped[Any] = mapped_column(JSONB)
    reason: Mapped[String | None]
    size_bytes: Mapped[int]
    rows_total: Mapped[int | None]
    rows_read: Mapped[int] = mapped_column(server_default=text("0"))
    rows_checked: Mapped[int] = mapped_column(server_default=text("0"))
    rows_written: Mapped[int] = mapped_column(server_default=text("0"))
    error_count: Mapped[int] = mapped_column(server_default=text("0"))
    problem_code: Mapped[String | None]
    problem: Mapped[String | None]
    attempt: Mapped[int] = mapped_column(server_default=text("0"))
    leased_until: Mapped[datetime | None] = mapped_column(_AT)
    created_at: Mapped[datetime] = mapped_column(_AT, server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(_AT)
    finished_at: Mapped[datetime | None] = mapped_column(_AT)
    purged_at: Mapped[datetime | None] = mapped_column(_AT)


class SheetImportFile(Base):
    """The uploaded file; kept for some days."""

    __tablename__ = "sheet_import_files"

    import_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("sheet_imports.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SheetImportError(Base):
    """One thing that is wrong with the file, in the order of its rows."""

    __tablename__ = "sheet_import_errors"

    import_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("sheet_imports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int]
    header: Mapped[String]
    code: Mapped[String]
    reason: Mapped[String]
