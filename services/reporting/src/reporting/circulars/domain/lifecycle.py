"""How a circular moves on: draft → under review → signed → published → corrected | withdrawn. Pure."""

from datetime import date, datetime
from typing import Any

from common.contracts.record import DispatchOrder
from common.contracts.reporting.circulars import (
    Act,
    CircularState,
    CircularStatus,
    DocumentReference,
    PublishedCell,
    PublishedRow,
    PublishedTable,
)
from common.divisions import Level, contains, level_of
from reporting.circulars.domain.snapshot import Snapshot, Table, numbers_of, rule_of
from reporting.circulars.domain.words import filled
from reporting.circulars.errors import (
    CircularNotInState,
    CircularWithdrawn,
    CorrectionPending,
    DayNotOver,
    DrafterCannotSign,
    NotTheIssuer,
    NotYetSigned,
    OfficeTooLow,
    SnapshotMissing,
)

ISSUING_LEVELS = (Level.PROVINCE, Level.CITY)
TOLD: tuple[CircularStatus, ...] = ("published", "corrected", "withdrawn")
"""What others than the issuer may see, if it was published at all."""
_TITLE_LENGTH = 200


def require_issuer(division: str) -> None:
    """The province circulates within the province, a city within the city; nobody below does.

    Source: S5, O6.3b.

    Raises:
        OfficeTooLow: another level.
    """
    if level_of(division) not in ISSUING_LEVELS:
        raise OfficeTooLow


def require_begun(on: date, *, today: date) -> None:
    """Figures are told of a day that has begun.

    Source: O6.3b.

    Raises:
        DayNotOver: it lies ahead.
    """
    if on > today:
        raise DayNotOver


def require_own(state: CircularState, division: str) -> None:
    """Only the issuer's office works on it; who may see it otherwise may not change it.

    Source: O6.3b.

    Raises:
        NotTheIssuer: another office.
    """
    if state.division != division:
        raise NotTheIssuer


def is_told(state: CircularState) -> bool:
    """Whether others than the issuer may know of it.

    Source: O6.3b.
    """
    return state.published is not None


def is_addressed(state: CircularState, division: str) -> bool:
    """Whether an office may read a published circular: it lies in the scope, or above the issuer.

    Source: S5, O6.3b.
    """
    return is_told(state) and (contains(state.scope, division) or contains(division, state.division))


def edited(state: CircularState, *, by: str, is_same_question: bool, **changes: Any) -> dict[str, Any]:
    """Words, queries and addressees of a draft change; another question needs its figures frozen again.

    Source: O6.3b.

    Raises:
        CircularNotInState: no draft.
    """
    _require(state, "draft")
    kept = {} if is_same_question else {"snapshot": None}
    return {**changes, **kept, "drafters": _with(state.drafters, by)}


def frozen(state: CircularState, *, by: str, **changes: Any) -> dict[str, Any]:
    """The figures of a draft are frozen.

    Source: O6.3b.

    Raises:
        CircularNotInState: no draft.
    """
    _require(state, "draft")
    return {**changes, "drafters": _with(state.drafters, by)}


def submitted(state: CircularState, *, by: str, at: datetime) -> dict[str, Any]:
    """The draft goes to review.

    Source: O6.3b.

    Raises:
        CircularNotInState: no draft.
        SnapshotMissing: its figures are not frozen.
    """
    _require(state, "draft")
    require_snapshot(state)
    return {"status": "under_review", "submitted": Act(by=by, at=at), "drafters": _with(state.drafters, by)}


def require_snapshot(state: CircularState) -> None:
    """Every figure of a circular under review is frozen.

    Source: O6.3b.

    Raises:
        SnapshotMissing: nothing is frozen.
    """
    if state.snapshot is None:
        raise SnapshotMissing


def returned(state: CircularState, *, by: str, at: datetime, reason: str) -> dict[str, Any]:
    """The review sends it back to be changed.

    Source: O6.3b.

    Raises:
        CircularNotInState: not under review.
    """
    _require(state, "under_review")
    return {"status": "draft", "returned": Act(by=by, at=at, reason=reason)}


def require_signable(state: CircularState, *, by: str) -> None:
    """Signed (签发) by somebody who wrote nothing in it, from the review only.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).

    Raises:
        CircularNotInState: not under review.
        DrafterCannotSign: the signer drafted it.
    """
    _require(state, "under_review")
    if by in state.drafters or by == state.holder:
        raise DrafterCannotSign


def signed(state: CircularState, *, by: str, at: datetime, document: DocumentReference) -> dict[str, Any]:
    """It has its number, its day and its official document.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).

    Raises:
        CircularNotInState, DrafterCannotSign: see `require_signable`.
    """
    require_signable(state, by=by)
    return {"status": "signed", "signed": Act(by=by, at=at), "document": document}


def published(state: CircularState, *, by: str, at: datetime, snapshot: Snapshot) -> dict[str, Any]:
    """It is told to its scope, and goes down the levels, its numbers in its words; a secret one goes on paper only.

    Source: S5, O6.3b, G1.

    Raises:
        CircularNotInState: not signed, or published, or withdrawn.
        PlaceholderUnknown, PlaceholderEmpty: a number is not in the snapshot.
    """
    _require(state, "signed")
    told = filled(state.words, numbers_of(snapshot))
    return {
        "status": "published",
        "published": Act(by=by, at=at),
        "told": told if state.words.secrecy is None else None,
        "tables": tuple(told_table(table) for table in snapshot.tables) if state.words.secrecy is None else (),
        "dispatch": dispatch_of(state),
    }


def corrected(state: CircularState, *, by_correction: CircularState) -> dict[str, Any]:
    """A published correction stands beside it; its own text and numbers stay as they were published.

    Source: O6.3b.

    Raises:
        CircularNotInState: not published.
        CorrectionPending: corrected before.
    """
    require_correctable(state)
    return {"status": "corrected", "corrected_by": by_correction.id, "dispatch": dispatch_of(state, "已更正")}


def reinstated(state: CircularState, *, by_correction: CircularState) -> dict[str, Any]:
    """Its correction was withdrawn: it is what was published again, goes down once more, and can be corrected anew.

    Source: O6.3b, S0.

    Raises:
        CircularNotInState: it was corrected by another one, or by none.
    """
    if state.corrected_by != by_correction.id:
        raise CircularNotInState(status=state.status)
    _require(state, "corrected")
    return {"status": "published", "corrected_by": None, "dispatch": dispatch_of(state, "更正已撤回")}


def require_correctable(state: CircularState) -> None:
    """What is published is corrected once; what sets it right may be corrected in its turn.

    Source: O6.3b.

    Raises:
        CircularNotInState: not published.
        CorrectionPending: corrected before.
    """
    if state.corrected_by is not None:
        raise CorrectionPending(correction=str(state.corrected_by))
    _require(state, "published")


def withdrawn(state: CircularState, *, by: str, at: datetime, reason: str) -> dict[str, Any]:
    """It is withdrawn, before or after its publication; its number is not given again.

    Source: O6.3b, S0.

    Raises:
        CircularNotInState: withdrawn or corrected.
    """
    _require(state, "draft", "under_review", "signed", "published")
    dispatch = dispatch_of(state, "已撤回") if is_told(state) else None
    return {"status": "withdrawn", "withdrawn": Act(by=by, at=at, reason=reason), "dispatch": dispatch}


def require_document(state: CircularState) -> DocumentReference:
    """The official document: there is one from the signature on, and none of what was withdrawn.

    Source: O6.3b.

    Raises:
        CircularWithdrawn, NotYetSigned.
    """
    require_not_withdrawn(state)
    if state.document is None:
        raise NotYetSigned
    return state.document


def require_not_withdrawn(state: CircularState) -> None:
    """What is withdrawn is still listed, and told no more.

    Source: O6.3b.

    Raises:
        CircularWithdrawn.
    """
    if state.status == "withdrawn":
        raise CircularWithdrawn


def dispatch_of(state: CircularState, mark: str | None = None) -> DispatchOrder | None:
    """How it goes down the levels; None for a secret one.

    Source: S5, O6.3b, G1; standards.md §9 (GB/T 9704-2012).

    Args:
        mark: what a later version tells, `已更正`; nobody is given a new day to sign it.
    """
    if state.words.secrecy is not None:
        return None
    title = f"〔{mark}〕{state.words.title}" if mark else state.words.title
    return DispatchOrder(
        title=title[:_TITLE_LENGTH],
        reference_number=state.document.number if state.document else None,
        to=(state.scope,),
        down_to=state.down_to,
        sign_by=None if mark else state.sign_by,
    )


def number_text(mark: str, year: int, sequence: int) -> str:
    """发文字号: mark, year in 〔〕, sequence without 第 and without leading zeros.

    Source: S0; standards.md §9 (GB/T 9704-2012).
    """
    return f"{mark}〔{year}〕{sequence}号"


def told_table(table: Table) -> PublishedTable:
    """A table as those read it who receive the circular.

    Source: O6.3b.
    """
    columns = table.columns
    return PublishedTable(
        code=table.query.code,
        title=table.query.title,
        columns=tuple((column.code, column.title) for column in columns),
        ranked_by=rule_of(table),
        as_of=table.as_of,
        rows=tuple(
            PublishedRow(
                division=row.division,
                name=row.name,
                rank=row.rank,
                cells=tuple(
                    PublishedCell(
                        column=column.code,
                        value=cell.value,
                        as_of=cell.as_of,
                        known=cell.known,
                        expected=cell.expected,
                    )
                    for column, cell in zip(columns, row.cells, strict=True)
                ),
            )
            for row in table.all_rows
        ),
    )


def _with(drafters: tuple[str, ...], by: str) -> tuple[str, ...]:
    return drafters if by in drafters else (*drafters, by)


def _require(state: CircularState, *statuses: CircularStatus) -> None:
    if state.status not in statuses:
        raise CircularNotInState(status=state.status)
