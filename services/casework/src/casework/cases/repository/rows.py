"""Between rows and cases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.cases.domain import ApplicantKind, Case, CaseStatus, ClosingResult, Stage
from casework.cases.repository.statements import STATE
from common.audit import AuditEntry
from common.contracts.casework.cases import CaseFile
from common.divisions import Level


def context_of(column: str, case_id: UUID) -> str:
    """What a sealed field is bound to."""
    return f"casework.case.{column}:{case_id}"


def values_of(case: Case, columns: Sequence[str]) -> list[Any]:
    """The values of a case for some columns."""
    offer = case.file.offer
    special = {
        "file": case.file.model_dump_json(),
        "holder": case.holder.account,
        "holder_division": case.holder.division,
        "offered_division": None if offer is None else offer.division,
    }
    return [special[name] if name in special else getattr(case, name) for name in columns]


def audit_values(entry: AuditEntry) -> tuple[Any, ...]:
    """The values of an audit entry."""
    return (
        entry.actor,
        entry.actor_division,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.division,
        entry.reason,
        entry.trace_id,
    )


def case_of(row: Any) -> Case:
    """The case of a row."""
    values = {name: row[name] for name in STATE}
    result, stage = row["closing_result"], row["stage"]
    values["level"] = Level(row["level"])
    values["applicant_kind"] = ApplicantKind(row["applicant_kind"])
    values["status"] = CaseStatus(row["status"])
    values["closing_result"] = None if result is None else ClosingResult(result)
    values["stage"] = None if stage is None else Stage(stage)
    values["file"] = CaseFile.model_validate_json(row["file"])
    return Case(**values)
