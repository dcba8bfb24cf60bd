"""The table behind the numbers of receipts."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from casework.orm import Base, Code, String


class ReceiptSerial(Base):
    """The last number that an office has given on a day; one row is locked by one register of one office at a time."""

    __tablename__ = "receipt_serials"

    prefix: Mapped[String] = mapped_column(primary_key=True)
    division: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
