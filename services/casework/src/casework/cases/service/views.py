"""What a use case tells: the case, its labels, and the applicant masked."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.cases.domain import Applicant, ApplicantKind, Case
from casework.cases.errors import AlreadyAnswered, CaseChangedMeanwhile
from casework.cases.repository import OnceKey, StoredCase, Written
from common.crypto import mask_id_number, mask_name, mask_phone


@dataclass(frozen=True, slots=True)
class MaskedApplicant:
    """An applicant as every answer but a disclosure shows them. Source: ADR 0005."""

    kind: ApplicantKind
    name: str
    identifier: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it is answered."""

    case: Case
    applicant: MaskedApplicant
    item_name: str
    duty_label: str


Remember = Callable[[CaseView], OnceKey]
"""Told what the answer will be, gives the row that keeps the request from being done twice."""


def masked(applicant: Applicant) -> MaskedApplicant:
    """The applicant as answers show them."""
    return MaskedApplicant(
        kind=applicant.kind,
        name=mask_name(applicant.name),
        identifier=mask_id_number(applicant.identifier),
        phone=None if applicant.phone is None else mask_phone(applicant.phone),
    )


def view_of(stored: StoredCase) -> CaseView:
    """A stored case as it is answered."""
    return CaseView(stored.case, masked(stored.applicant), stored.item_name, stored.duty_label)


def require_written(written: Written) -> None:
    """Raises unless the statement has written.

    Raises:
        AlreadyAnswered: the same request has been done before.
        CaseChangedMeanwhile: somebody else changed the case between our reading and our writing.
    """
    if not written.is_first:
        raise AlreadyAnswered
    if not written.is_done:
        raise CaseChangedMeanwhile
