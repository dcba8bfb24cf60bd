"""The table of cases. Personal data is sealed bytes; nothing of it stands in clear."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, DateTime, Index, LargeBinary, Text, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base

OPEN_STATUSES = text("status IN ('registered', 'supplementing', 'accepted')")
DUE = text("coalesce(due_on, 'infinity'::date)")
"""Worklists are in the order of the last day; what stands still comes last."""
ENDED_BY_WORK = text("status = 'closed' AND closing_result NOT IN ('voided', 'deleted')")
"""What was closed by handling it; a voided or deleted case was an error of entry."""


class CaseRow(Base):
    """One case.

    `item_code` has no foreign key: the register statement's own lookup has just read the item, items are never
    deleted, and a key lock on one popular item's row by every writer would be paid for nothing.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            "status IN ('registered', 'supplementing', 'accepted', 'refused', 'withdrawn', 'closed')", name="status"
        ),
        CheckConstraint("(status = 'closed') = (closing_result IS NOT NULL)", name="closing_result"),
        Index(None, "registered_at", "id", "division"),
        Index(None, "division", "registered_at", "id"),
        Index("ix_cases_open", "division", "registered_at", "id", postgresql_where=OPEN_STATUSES),
        Index("ix_cases_due", DUE, "id", "division", postgresql_where=OPEN_STATUSES),
        Index("ix_cases_registered_due", DUE, "id", postgresql_where=text("status = 'registered'")),
        Index("ix_cases_division_due", "division", DUE, "id", postgresql_where=OPEN_STATUSES),
        Index("ix_cases_holder_due", "holder", DUE, "id", postgresql_where=OPEN_STATUSES),
        Index("ix_cases_holder_division_due", "holder_division", DUE, "id", postgresql_where=OPEN_STATUSES),
        Index(None, "item_code", "registered_at", "id"),
        Index("ix_cases_item_due", "item_code", DUE, "id", postgresql_where=OPEN_STATUSES),
        Index(
            "ix_cases_division_closed",
            "division",
            "closed_at",
            postgresql_include=["is_on_time", "handled_by"],
            postgresql_where=ENDED_BY_WORK,
        ),
        Index("ix_cases_offered_division", "offered_division", postgresql_where=text("offered_division IS NOT NULL")),
        Index(None, "applicant_index", "registered_at", "id"),
        Index("uq_cases_case_number", "case_number", unique=True),
        Index(None, "application_id", postgresql_where=text("application_id IS NOT NULL")),
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
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default="1970-01-01 00:00:00+00")
    case_number: Mapped[str] = mapped_column(
        Text(collation="C"), server_default=text("('JC-'::text || gen_random_uuid())")
    )
    channel: Mapped[str] = mapped_column(Text, server_default="window")
    handling: Mapped[str] = mapped_column(Text, server_default="promised")
    application_id: Mapped[UUID | None]
    stage: Mapped[str | None] = mapped_column(Text)
    is_deemed_accepted: Mapped[bool] = mapped_column(server_default=false())
    is_favourable: Mapped[bool | None]
    is_on_time: Mapped[bool | None]
    collected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date | None]
    statutory_due_on: Mapped[date | None]
    step_due_on: Mapped[date | None]
    is_due_provisional: Mapped[bool] = mapped_column(server_default=false())
    holder: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    holder_division: Mapped[str] = mapped_column(CHAR(12, collation="C"), server_default="")
    offered_division: Mapped[str | None] = mapped_column(CHAR(12, collation="C"))
    file: Mapped[Any] = mapped_column(JSONB, server_default="{}")
