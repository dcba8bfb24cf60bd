"""Every table of the service, so that the metadata is complete for migrations."""

from casework.accountability.models import WarningRun
from casework.appointments.models import HoldRow, SeriesRow, SlotRow, TicketRow
from casework.calendar.models import CalendarDayRow, CalendarVersionRow, CalendarYearRow
from casework.cases.models import CaseRow
from casework.complaints.models import FilingRow
from casework.contacts.models import ReceiptSerial
from casework.exchange.models import Sending
from casework.items.models import DictionaryRow, DutyRow, ItemPromiseRow, ItemRow, ItemVersionRow
from casework.limits.models import QuestionRow
from casework.notices.models import DueDateChangeRow, RecalculationRow, UncountedCaseRow
from casework.online.models import ToldRow
from casework.orm import Base, StoredRecord
from casework.ratings.models import RatingRow
from casework.uploads.models import StoredUpload

metadata = Base.metadata

__all__ = [
    "CalendarDayRow",
    "CalendarVersionRow",
    "CalendarYearRow",
    "CaseRow",
    "DictionaryRow",
    "DueDateChangeRow",
    "DutyRow",
    "FilingRow",
    "HoldRow",
    "ItemPromiseRow",
    "ItemRow",
    "ItemVersionRow",
    "QuestionRow",
    "RatingRow",
    "RecalculationRow",
    "ReceiptSerial",
    "Sending",
    "SeriesRow",
    "SlotRow",
    "StoredRecord",
    "StoredUpload",
    "TicketRow",
    "ToldRow",
    "UncountedCaseRow",
    "WarningRun",
    "metadata",
]
