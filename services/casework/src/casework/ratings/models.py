"""The table of ratings: one row each, for what may be rated once, for figures and for signs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Code, Key, String


class RatingRow(Base):
    """Of a rating, what is counted. Nothing about who rated, and no text. Source: O4.3f.

    `occasion` is `matter` or `visit:<day>`; with the case and the number it may be there once.
    `ended_at` is when the case had ended, if it had when it was rated.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        Index("uq_ratings_case_id_occasion_number", "case_id", "occasion", "number", unique=True),
        Index(None, "rated_on", "division"),
        Index(None, "registered_on", "division"),
        Index(None, "office_id", "rated_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(Uuid)
    occasion: Mapped[String]
    number: Mapped[int] = mapped_column()
    division: Mapped[Code]
    office_id: Mapped[UUID] = mapped_column(Uuid)
    item_code: Mapped[String]
    duty: Mapped[String]
    rating: Mapped[String]
    terminal: Mapped[String | None]
    rated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    rated_on: Mapped[date]
    registered_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_excluded: Mapped[bool] = mapped_column(server_default=text("false"))
