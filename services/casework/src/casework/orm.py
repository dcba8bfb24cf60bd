"""The declarative base of casework's tables, and the column types that several of them share."""

from typing import Annotated
from uuid import UUID

from sqlalchemy import CHAR, Index, MetaData, Text, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from common.db import NAMING
from common.records.tables import StoredRecordColumns, record_indexes


class Base(DeclarativeBase):
    """All tables of this service share one metadata and one way of naming constraints."""

    metadata = MetaData(naming_convention=NAMING)


Code = Annotated[str, mapped_column(CHAR(12, collation="C"))]
"""A division code; byte order makes a subtree a range."""

String = Annotated[str, mapped_column(Text)]
Key = Annotated[UUID, mapped_column(Uuid, primary_key=True)]


class StoredRecord(StoredRecordColumns, Base):
    """Every record that is no case; those about a case are found by it. Source: ADR 0017."""

    __table_args__ = (
        *record_indexes(),
        Index(None, "case_id", "record", postgresql_where=text("case_id IS NOT NULL")),
    )

    case_id: Mapped[UUID | None] = mapped_column(Uuid)
