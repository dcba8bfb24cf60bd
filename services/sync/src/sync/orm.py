"""The declarative base of sync's tables."""

from typing import Annotated

from sqlalchemy import CHAR, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from common.db import NAMING

DivisionCode = Annotated[str, mapped_column(CHAR(12, collation="C"))]
"""A 12-digit code; the collation makes `BETWEEN` on a subtree an index range."""


class Base(DeclarativeBase):
    """All tables of this service share one metadata and one way of naming constraints."""

    metadata = MetaData(naming_convention=NAMING)
