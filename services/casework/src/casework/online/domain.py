"""What an applicant must be told. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.cases.domain import Brought
from casework.online.errors import SupplementIncomplete
from common.contracts.casework import CaseState
from common.contracts.casework.online import NotificationKind

NOTIFICATION_LABELS: Mapping[NotificationKind, str] = {
    "received": "已收件",
    "supplement_needed": "需要补正材料",
    "accepted": "已受理",
    "refused": "不予受理",
    "due_date_moved": "办结日期调整",
    "decided": "已作出决定",
    "ready": "结果可领取",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
_ENDS: Mapping[str, NotificationKind] = {"refused": "refused", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Told:
    """What of a case its applicant knows.

    Attributes:
        due_on: the last day that was told; it stays while the clock stands still.
    """

    version: int
    status: str
    supplements: int
    is_decided: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class News:
    """One thing that the applicant must know, with what its message needs."""

    kind: NotificationKind
    details: Mapping[str, Any]


def told_after(before: Told | None, case: CaseState) -> Told:
    """What the applicant knows once this version was told.

    Source: O4.2b.
    """
    known = before.due_on if before is not None else None
    due_on = (case.due_on or known) if case.status == "accepted" else None
    return Told(case.version, case.status, len(case.file.supplements), case.is_favourable is not None, due_on)


def news_of(before: Told | None, case: CaseState) -> list[News]:
    """What is new to the applicant: receipt, what is missing, acceptance, refusal, another due date, decision, end.

    A date is told again only when it differs from the last one told, so a pause tells it once it has ended.

    Source: O4.2b, O4.3c.

    Args:
        before: None for a case that nobody was told about; only its receipt is news then.
    """
    if before is None:
        return [News("received", {"due_on": case.due_on})] if case.version == 1 else []
    if case.version <= before.version:
        return []
    return [*_progress(before, case), *_end(before, case)]


def _progress(before: Told, case: CaseState) -> Iterator[News]:
    if len(case.file.supplements) > before.supplements:
        asked = case.file.supplements[-1]
        yield News("supplement_needed", {"materials": asked.materials, "due_on": asked.due_on})
    if case.status == "accepted" and before.status != "accepted":
        yield News("accepted", {"due_on": case.due_on})
    elif case.status == "accepted" and None not in (case.due_on, before.due_on) and case.due_on != before.due_on:
        yield News("due_date_moved", {"due_on": case.due_on, "previous_due_on": before.due_on})
    if case.is_favourable is not None and not before.is_decided:
        yield News("decided", {"is_favourable": case.is_favourable})


def _end(before: Told, case: CaseState) -> Iterator[News]:
    if case.status == before.status:
        return
    if case.status in _ENDS:
        yield News(_ENDS[case.status], {})
    elif case.status == "closed":
        yield News("ready" if case.closing_result == "granted" else "closed", {"result": case.closing_result})


def uploaded(files: Sequence[tuple[UUID, str]]) -> tuple[Brought, ...]:
    """Files as what was brought: each a copy of the material that it was handed in as.

    Source: O4.2b; standards.md §5 (SBCL).
    """
    counted = Counter(material for _, material in files)
    return tuple(Brought(material, "copy", count, "upload") for material, count in counted.items())


def require_supplement(missing: Sequence[str], brought: Sequence[str]) -> None:
    """Everything that was asked for at once is brought at once.

    Source: O4.3c; standards.md §6.

    Raises:
        SupplementIncomplete: tells what still lacks.
    """
    lacking = [material for material in missing if material not in brought]
    if lacking:
        raise SupplementIncomplete(missing=[*lacking])
