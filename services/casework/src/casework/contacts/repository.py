"""All SQL of first contacts beside their records: the numbers of receipts."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from casework.contacts.models import ReceiptSerial


async def next_serial(session: AsyncSession, prefix: str, division: str, day: date) -> int:
    """The next number of an office on a day, without gaps: a transaction that is taken back gives its number back.

    Locks: the office's row of the day, until the transaction ends.
    """
    first = insert(ReceiptSerial).values(prefix=prefix, division=division, day=day, last=1)
    drawn = first.on_conflict_do_update(
        index_elements=[ReceiptSerial.prefix, ReceiptSerial.division, ReceiptSerial.day],
        set_={"last": ReceiptSerial.last + 1},
    ).returning(ReceiptSerial.last)
    serial: int | None = await session.scalar(drawn)
    assert serial is not None  # noqa: S101 - one of the two has written
    return serial
