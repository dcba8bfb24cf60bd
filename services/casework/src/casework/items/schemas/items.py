"""Answers of the public catalogue."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field

from casework.items.domain import APPLICANT_KIND_LABELS
from casework.items.service import ItemSummary
from common.contracts.casework import ApplicantKind, Duty
from common.divisions import Level
from common.http import AnswerModel, Labelled

ExtentCode = Literal["handle", "accept", "none"]
HandlingCode = Literal["immediate", "promised", "both"]


class HandledAt(AnswerModel):
    """How far offices of one level handle the item."""

    level: Level
    level_label: str
    extent: ExtentCode
    extent_label: str


class ItemAnswer(AnswerModel):
    """An item as lists show it."""

    code: str = Field(examples=["B01"])
    version: int
    name: str
    duty: Duty
    duty_label: str
    handling: HandlingCode
    handling_label: str
    applicants: list[Labelled]
    handled_at: list[HandledAt]
    effective_from: date
    effective_to: date | None

    @classmethod
    def of(cls, item: ItemSummary) -> Self:
        """From the use case's answer."""
        return cls.model_validate(summary_of(item))


class Extension(AnswerModel):
    """By how much a limit may be extended, and when."""

    value: int
    unit: str
    unit_label: str
    condition: str
    mark: str


class Period(AnswerModel):
    """A limit or a filing period as its source states it; the legal clock that applies it is not part of the guide."""

    value: int
    unit: str
    unit_label: str
    mark: str
    unit_mark: str | None = None
    clause: str | None = None
    starts: str | None = None
    starts_label: str | None = None
    event: str | None = None
    seen_at: str | None = None
    document: str | None = None
    silence_accepts: bool | None = Field(default=None, description="受理时限：逾期未告知的，是否依法视为受理。")
    extension: Extension | None = None


class Material(AnswerModel):
    """What the applicant brings; null where nobody has confirmed it yet."""

    name: str
    originals: int | None
    copies: int | None
    required: bool | None
    note: str | None


class LegalBasis(AnswerModel):
    """A text that the item rests on, and how it is known."""

    text: str
    mark: str


class Confirmation(AnswerModel):
    """One fact that was confirmed or laid down, and in which document."""

    field: str
    mark: str
    document: str
    on: date


class Provenance(AnswerModel):
    """How each part of the entry is known (V read in the source, P second hand, K to be confirmed), and from where."""

    marks: dict[str, str]
    sources: list[str]
    to_confirm: list[str]
    remarks: str | None
    confirmations: list[Confirmation] = Field(default_factory=list)


def summary_of(item: ItemSummary) -> dict[str, Any]:
    """The members of ItemAnswer."""
    kinds: list[ApplicantKind] = ["natural_person", "organisation"]
    return {
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "duty": item.duty,
        "duty_label": item.duty_label,
        "handling": item.handling,
        "handling_label": item.handling_label,
        "applicants": [
            {"code": kind, "label": APPLICANT_KIND_LABELS[kind]} for kind in kinds if kind in item.applicants
        ],
        "handled_at": item.handled_at,
        "effective_from": item.effective_from,
        "effective_to": item.effective_to,
    }
