"""Tables of inspections: the frames that samples are drawn from."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, Code, DivisionCode


class InspectionFrameRow(Base):
    """An office that an inspection may draw, as it was on the day the frame was frozen; never changed. Source: S5."""

    __tablename__ = "inspection_frames"

    inspection_id: Mapped[UUID] = mapped_column(primary_key=True)
    office_id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode]
    kind: Mapped[Code]
    name: Mapped[str] = mapped_column(Text)
    stratum: Mapped[Code]
