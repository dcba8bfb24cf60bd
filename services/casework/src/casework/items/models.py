"""Tables of the catalogue: columns for what rules and filters ask, one document for the rest of the guide."""

from datetime import date
from typing import Any

from sqlalchemy import CHAR, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base


class DutyRow(Base):
    """One duty during one validity. Source: O1.1a."""

    __tablename__ = "duties"
    __table_args__ = (CheckConstraint("effective_to > effective_from", name="validity"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    effective_to: Mapped[date | None]
    ordinal: Mapped[int]
    label: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    competent_authority: Mapped[str] = mapped_column(Text)
    office_role: Mapped[str] = mapped_column(Text)


class _Definition:
    """What an item is: columns for what rules and filters ask, one document for the rest of the guide."""

    name: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(Text)
    handling: Mapped[str] = mapped_column(Text)
    applicants: Mapped[list[str]] = mapped_column(ARRAY(Text))
    town: Mapped[str] = mapped_column(Text)
    village: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    guide: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ItemRow(_Definition, Base):
    """One item as the packaged catalogue has it. Rows are never deleted: a case may name them for ever. Source: O4.1b.

    A new version or promise is made under a lock on this row; what held on a day is asked of `ItemVersionRow`.
    """

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint("effective_to > effective_from", name="validity"),
        CheckConstraint("town IN ('handle', 'accept', 'none')", name="town"),
        CheckConstraint("village IN ('handle', 'accept', 'none')", name="village"),
        Index(None, "duty"),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)


class ItemVersionRow(_Definition, Base):
    """One item during one validity; versions follow one another without an overlap. Source: O4.1b.

    A version that was replaced on its first day has an empty validity; cases of that day may name it.
    `terms` is what handling needs of it, in the form of `domain.terms_of`; `origin` tells the packaged catalogue from
    what the province laid down, which no release overwrites.
    """

    __tablename__ = "item_versions"
    __table_args__ = (
        CheckConstraint("effective_to >= effective_from", name="validity"),
        CheckConstraint("origin IN ('packaged', 'province')", name="origin"),
        CheckConstraint("town IN ('handle', 'accept', 'none')", name="town"),
        CheckConstraint("village IN ('handle', 'accept', 'none')", name="village"),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    origin: Mapped[str] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class ItemPromiseRow(Base):
    """What a city, county or town promises for an item; of several, the last that has begun holds. Source: O4.1b."""

    __tablename__ = "item_promises"
    __table_args__ = (
        CheckConstraint("value > 0", name="value"),
        CheckConstraint("unit IN ('working_days', 'calendar_days')", name="unit"),
    )

    code: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    division: Mapped[str] = mapped_column(CHAR(12, collation="C"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[date]
    value: Mapped[int]
    unit: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)


class DictionaryRow(Base):
    """One value of one of the catalogue's dictionaries, with its label."""

    __tablename__ = "dictionary_entries"

    dictionary: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    ordinal: Mapped[int]
    label: Mapped[str] = mapped_column(Text)
