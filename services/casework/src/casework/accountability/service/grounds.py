"""What a proceeding rests on: a red warning, a complaint or a rectification that was found true, or a finding."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.errors import SourceUnfit
from common.auth import Actor
from common.contracts.casework.accountability import ProceedingSource, WarningState
from common.contracts.casework.complaints import ComplaintState
from common.contracts.casework.ratings import RectificationState
from common.contracts.record import StoredState
from common.records.service import get_record

S = TypeVar("S", bound=StoredState)
_TRUE = frozenset({"substantiated", "partly_substantiated"})


@dataclass(frozen=True, slots=True)
class NewProceeding:
    """A proceeding as somebody opens it.

    Attributes:
        source_id: None of a finding.
        person: the account concerned.
        division: of the office at which the person works.
    """

    source: ProceedingSource
    source_id: UUID | None
    person: str
    division: str
    grounds: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the source adds.

    Attributes:
        case_id: of a warning alone; the case of a complaint or of a rating tells who complained or rated.
        barred: who looked into it, and so neither decides nor hears.
    """

    case_id: UUID | None = None
    office_id: UUID | None = None
    barred: tuple[str, ...] = ()


async def check_source(session: AsyncSession, actor: Actor, new: NewProceeding) -> Grounds:
    """What the proceeding rests on.

    Source: O4.3d, O4.3f.

    Raises:
        RecordNotFound: not there, or not the actor's to see.
        SourceUnfit: no red warning, not found true, or about somebody else.
    """
    if new.source == "warning":
        return _of_warning(await _source(session, WarningState, actor, new), new)
    if new.source == "complaint":
        complaint = await _source(session, ComplaintState, actor, new)
        again = complaint.appeal_id
        standing = complaint if again is None else await get_record(session, ComplaintState, again)
        return _of_complaint(complaint, standing, new)
    if new.source == "rectification":
        return _of_rectification(await _source(session, RectificationState, actor, new), new)
    if new.source_id is not None:
        raise SourceUnfit
    return Grounds()


async def _source(session: AsyncSession, model: type[S], actor: Actor, new: NewProceeding) -> S:
    if new.source_id is None:
        raise SourceUnfit
    return await get_record(session, model, new.source_id, actor=actor)


def _of_warning(warning: WarningState, new: NewProceeding) -> Grounds:
    if warning.colour != "red" or (warning.holder, warning.division) != (new.person, new.division):
        raise SourceUnfit
    return Grounds(warning.case_id, warning.office_id)


def _of_complaint(complaint: ComplaintState, standing: ComplaintState, new: NewProceeding) -> Grounds:
    """`standing` is the re-examination where there is one: its finding stands over the first one."""
    is_theirs = complaint.accused_account in {None, new.person}
    is_there = complaint.accused_division in {None, new.division}
    if standing.finding not in _TRUE or not (is_theirs and is_there):
        raise SourceUnfit
    handlers = (complaint.holder, complaint.accepted_by, standing.holder, standing.accepted_by)
    barred = tuple(sorted({account for account in handlers if account is not None}))
    return Grounds(office_id=complaint.accused_office_id, barred=barred)


def _of_rectification(rectification: RectificationState, new: NewProceeding) -> Grounds:
    if rectification.finding not in _TRUE or new.person not in rectification.rated_accounts:
        raise SourceUnfit
    barred = () if rectification.holder is None else (rectification.holder,)
    return Grounds(office_id=rectification.office_id, barred=barred)
