"""How far an office is from the standard (达标)."""

from datetime import date
from typing import Literal

from pydantic import Field

from common.contracts.model import EventData
from common.contracts.record import Record
from common.contracts.registry.offices import OfficeForm, OfficeKind, OfficeStatus
from common.contracts.registry.record import RecordState

CriterionStatus = Literal["met", "waived", "unmet", "unknown", "not_applicable"]
ReadinessStatus = Literal["ready", "ready_with_waivers", "not_ready", "unknown"]


class CriterionState(EventData):
    """One criterion of an office on a day.

    Attributes:
        rule: what is asked, Chinese, with the number in force.
        value: what the office has, Chinese.
        evidence: records that tell it, `registry.premises:<id>`.
        strength: hard (应, 不得) or soft (原则上, 一般).
    """

    code: str = Field(min_length=1, max_length=60)
    status: CriterionStatus
    clause: str
    document: str
    strength: Literal["hard", "soft", "fact"]
    rule: str
    value: str
    why: str | None
    evidence: tuple[str, ...]
    waiver_expires_on: date | None


FigureUnit = Literal["count", "person", "dm2", "hectare", "fen", "flag"]


class OfficeFigure(EventData):
    """One figure of an office on a day, out of the records that its readiness rests on. Source: S2, S3.

    Attributes:
        code: what is counted: `staff_total`, `floor_area_counted`, `equipment_computer_working`, `baseline_staff` …
        value: whole units; of a flag 1 or 0.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    value: int
    unit: FigureUnit


class ReadinessState(RecordState):
    """The readiness of an office as it stood on `effective_on`, under the rules of `rules_on`. Source: S2, S3.

    Attributes:
        figures: what the office has, by code; what nobody has told is absent, never zero.
        kind, form, office_status: of the office; None in states of before they were told.
        operating_since: the first day of the present operation; None while it does not operate.
    """

    status: ReadinessStatus
    rules_on: date
    criteria: tuple[CriterionState, ...]
    figures: tuple[OfficeFigure, ...] = ()
    kind: OfficeKind | None = None
    form: OfficeForm | None = None
    office_status: OfficeStatus | None = None
    operating_since: date | None = None


RECORDS = (Record("registry.readiness", ReadinessState, "达标情况变动"),)
