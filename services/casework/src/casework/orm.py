"""The declarative base of casework's tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from common.db import NAMING


class Base(DeclarativeBase):
    """All tables of this service share one metadata and one way of naming constraints."""

    metadata = MetaData(naming_convention=NAMING)
