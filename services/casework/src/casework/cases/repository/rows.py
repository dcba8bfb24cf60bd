"""Between rows and cases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.cases.domain import OFFICE_ACCOUNT, ApplicantKind, Case, CaseStatus, ClosingResult, Stage
from casework.cases.repository.statements import STATE
from casework.clock.domain import started, stopped
from common.clock import beijing_day
from common.contracts.casework.cases import CaseFile, CaseTerms, ClockName, HolderState, Limit, OfferState, StepState
from common.divisions import Level


def context_of(column: str, case_id: UUID) -> str:
    """What a sealed field is bound to."""
    return f"casework.case.{column}:{case_id}"


def values_of(case: Case, columns: Sequence[str]) -> list[Any]:
    """The values of a case for some columns."""
    offer = case.file.offer
    special = {
        "holder": case.holder.account,
        "holder_division": case.holder.division,
        "offered_division": None if offer is None else offer.division,
    }
    return [special[name] if name in special else getattr(case, name) for name in columns]


def case_of(row: Any) -> Case:
    """The case of a row; one that the release before has written meanwhile has the least that its life tells."""
    values = {name: row[name] for name in STATE}
    result, stage = row["closing_result"], row["stage"]
    values["level"] = Level(row["level"])
    values["applicant_kind"] = ApplicantKind(row["applicant_kind"])
    values["status"] = CaseStatus(row["status"])
    values["closing_result"] = None if result is None else ClosingResult(result)
    values["file"] = CaseFile.model_validate_json(row["file"])
    if not values["file"].holders:
        values["file"] = _file_of_before(row)
        stage = "undertaking" if row["accepted_at"] is not None else None
    values["stage"] = None if stage is None else Stage(stage)
    return Case(**values)


def _file_of_before(row: Any) -> CaseFile:
    """One stage, no limit, held by the office; while it is open, offered to the office's people."""
    account, at = f"{OFFICE_ACCOUNT}{row['division']}", row["registered_at"]
    unlimited = Limit(value=5, unit="working_days")
    ledger = started((), clock="acceptance", at=at, from_on=beijing_day(at), statutory=unlimited)
    if row["accepted_at"] is not None:
        ledger = stopped(ledger, clock="acceptance", at=row["accepted_at"])
        ledger = started(ledger, clock="handling", at=row["accepted_at"], from_on=beijing_day(row["accepted_at"]))
    ended_at = row["closed_at"] or row["withdrawn_at"] or row["refused_at"]
    offer = OfferState(purpose="step", division=row["division"], account=None, offered_at=at, by=account)
    if ended_at is not None:
        running: ClockName = "acceptance" if row["accepted_at"] is None else "handling"
        ledger = stopped(ledger, clock=running, at=ended_at)
    return CaseFile(
        terms=CaseTerms(handling="promised", steps=("undertaking",), starts="accepted", acceptance=unlimited),
        holders=(HolderState(account=account, division=row["division"], since=at),),
        offer=offer if ended_at is None else None,
        ledger=ledger,
        steps=(
            StepState(step="receipt", action="pass", by=account, division=row["division"], started_at=at, ended_at=at),
        ),
    )
