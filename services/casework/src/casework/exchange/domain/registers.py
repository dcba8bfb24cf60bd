"""Rows of tables 10 and 11 of GB/T 39046-2020: consultations, complaints, and what e-supervision has found.

Who asked or complained, whom they named and what they wrote stand in no state and in no row (O4.3f); of a consultation
that was made public, the masked question and answer do. Table 10 lists no number of a complaint and table 11 leaves its
warning types open: `x_number` and `x_warning_type` are extension fields, and 监察预警类型代码 tells the colour.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casework.complaints.domain import FINDING_LABELS, KIND_LABELS, SUBJECT_LABELS
from casework.exchange.domain.forms import GBT39046, Row
from casework.exchange.domain.places import BASIC
from common.contracts.casework.accountability import WarningState
from common.contracts.casework.complaints import ComplaintState

RegisterName = Literal["consultations", "complaints", "supervision"]
WARNING_TYPES: Mapping[str, str] = {"reminder": "1", "yellow": "2", "red": "3"}
"""Ours: the standard has the field and no code set for it."""
_REGION_LENGTH = 9
_MOST_DAYS = 999
_WHOLE = frozenset(
    {"case_no", "consult_no", "supervise_no", "rule_no", "handle_org_code", "handled_by", "handle_person"}
)
"""Half of one of these would name something else."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What a row tells beside the record itself.

    Attributes:
        office_name: of the office whose record it is; None where nobody serves any more.
        office_code: its unified social credit code.
        case_number: of the case that a warning is about.
        item_type: code of A.1 of the item of that case.
    """

    office_name: str | None = None
    office_code: str | None = None
    case_number: str | None = None
    item_type: str | None = None


def write_consultation(state: ComplaintState, _handling: Handling) -> Row:
    """One row of table 10, 1 to 12.

    Source: O4.3f; GB/T 39046-2020 table 10.
    """
    told = state.publication
    return _row(
        "consultations",
        consult_no=state.number,
        consult_title=SUBJECT_LABELS[state.subject],
        consult_content=None if told is None else told.question,
        consulted_at=_at(state.filed_at),
        handled_at=_at(state.replied_at),
        handled_by=state.holder,
        reply=None if told is None else told.answer,
        overdue_days=state.overdue_days,
        **_extension(state),
        region_code=state.division[:_REGION_LENGTH],
    )


def write_complaint(state: ComplaintState, handling: Handling) -> Row:
    """One row of table 10, 13 to 30: a complaint or a report, as whoever handles it may tell it.

    Source: O4.3f; GB/T 39046-2020 table 10.
    """
    days = state.promised_days
    return _row(
        "complaints",
        x_number=state.number,
        complaint_title=f"{KIND_LABELS[state.kind]}：{SUBJECT_LABELS[state.subject]}",
        complained_at=_at(state.filed_at),
        handle_org_code=handling.office_code,
        handle_org_name=handling.office_name,
        handle_person=state.holder,
        undertaken_at=_at(state.taken_up_at),
        feedback=None if state.finding is None else FINDING_LABELS[state.finding],
        feedback_at=_at(state.replied_at),
        promised_limit=None if days is None else f"{days}个工作日",
        overdue_days=state.overdue_days,
        **_extension(state),
        region_code=state.division[:_REGION_LENGTH],
    )


def write_warning(state: WarningState, handling: Handling) -> Row:
    """One row of table 11.

    Source: O4.3c; GB/T 39046-2020 table 11.
    """
    return _row(
        "supervision",
        case_no=handling.case_number,
        supervise_content=state.content,
        org_name=handling.office_name,
        item_type_code=handling.item_type,
        issued_at=_at(state.raised_at),
        supervise_no=state.number,
        rule_no=state.rule_number,
        warning_type=WARNING_TYPES[state.colour],
        x_warning_type=state.kind,
        status_at=_at(state.lifted_at or state.raised_at),
        result_desc=state.finding,
        responsible_dept=handling.office_name,
    )


WRITERS: Mapping[RegisterName, Callable[[Any, Handling], Row]] = {
    "consultations": write_consultation,
    "complaints": write_complaint,
    "supervision": write_warning,
}


def _extension(state: ComplaintState) -> Row:
    if state.extension is None:
        return {}
    return {"extend_limit": f"{state.extension.working_days}个工作日", "extend_reason": state.extension.reason}


def _at(instant: Any) -> str | None:
    return None if instant is None else BASIC.write(instant.isoformat())


def _row(table: str, **values: Any) -> Row:
    """Without what is not known; words are cut where the field ends, a number that is too long is left out."""
    longest = {field.name: field.longest for field in GBT39046.tables[table].fields}
    fitting = {name: _fitting(name, value, longest.get(name)) for name, value in values.items()}
    return {name: value for name, value in fitting.items() if value is not None}


def _fitting(name: str, value: Any, most: int | None) -> Any:
    if isinstance(value, int) and value > _MOST_DAYS:
        return None
    if not isinstance(value, str) or most is None or len(value) <= most:
        return value
    return None if name in _WHOLE else value[:most]
