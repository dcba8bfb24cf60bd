"""The table of records: the state that holds now, and what is sealed beside it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CHAR, DateTime, Index, LargeBinary, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

_Text = Annotated[str, mapped_column(Text)]


class StoredRecordColumns:
    """A record as it stands now: the very state that its last event carried. Mixed into a service's `records`.

    `status`, `holder` and `due_on` repeat members of the state, where it has them, so that lists find them. `sealed`
    holds personal data as one encrypted document; `subject_index` the blind index of whom it is about.

    Source: ADR 0017.
    """

    __tablename__ = "records"

    id: Mapped[Annotated[UUID, mapped_column(Uuid, primary_key=True)]]
    record: Mapped[_Text]
    version: Mapped[int]
    division: Mapped[Annotated[str, mapped_column(CHAR(12, collation="C"))]]
    office_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[str | None] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[Any] = mapped_column(JSONB)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject_index: Mapped[bytes | None] = mapped_column(LargeBinary)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 - SQLAlchemy calls it with the class
        """What lists are found by; a service that mirrors more members adds their indexes."""
        return record_indexes()


def record_indexes() -> tuple[Index, ...]:
    """The indexes of a `records` table."""
    return (
        Index(None, "record", "division", "id"),
        Index(None, "record", "status", "id", postgresql_where=text("status IS NOT NULL")),
        Index(None, "holder", "record", postgresql_where=text("holder IS NOT NULL")),
        Index(None, "record", "due_on", postgresql_where=text("due_on IS NOT NULL")),
        Index(None, "subject_index", "record", postgresql_where=text("subject_index IS NOT NULL")),
        Index("ix_records_state", "state", postgresql_using="gin", postgresql_ops={"state": "jsonb_path_ops"}),
    )


class _Base(DeclarativeBase):
    metadata = MetaData()


class StoredRecord(StoredRecordColumns, _Base):
    """The table as this part's SQL names it, whichever service it belongs to.

    `case_id` exists where the service mirrors it; states without that member never name it.
    """

    __table_args__ = ()

    case_id: Mapped[UUID | None] = mapped_column(Uuid)
