"""The declarative base of casework's tables, and the column types that several of them share."""

from typing import Annotated
from uuid import UUID

from sqlalchemy import CHAR, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

from common.db import NAMING


class Base(DeclarativeBase):
    """All tables of this service share one metadata and one way of naming constraints."""

    metadata = MetaData(naming_convention=NAMING)


Code = Annotated[str, mapped_column(CHAR(12, collation="C"))]
"""A division code; byte order makes a subtree a range."""

String = Annotated[str, mapped_column(Text)]
Key = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
