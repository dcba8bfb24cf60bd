"""The declarative base of reporting's tables."""

from typing import Annotated

from sqlalchemy import CHAR, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from common.db import NAMING
from common.records.tables import StoredRecordColumns

DivisionCode = Annotated[str, mapped_column(CHAR(12, collation="C"))]
"""A 12-digit code; the collation makes `BETWEEN` on a subtree an index range."""

Code = Annotated[str, mapped_column(Text(collation="C"))]
"""A level, a measure, an item: a name of code, never a text for people."""


class Base(DeclarativeBase):
    """All tables of this service share one metadata and one way of naming constraints."""

    metadata = MetaData(naming_convention=NAMING)


class StoredRecord(StoredRecordColumns, Base):
    """Every record of reporting that people write: programmes, plans, reports, inspections … Source: ADR 0017."""
