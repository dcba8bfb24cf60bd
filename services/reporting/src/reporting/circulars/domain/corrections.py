"""What a correction (更正) sets right: numbers with their reasons, passages, and the sentence that says so. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from common.contracts.reporting.circulars import (
    AttachmentState,
    BlockState,
    CircularState,
    NumberChange,
    QueryState,
    WordChange,
)
from common.divisions import Level
from reporting.circulars.domain.labels import chinese_day
from reporting.circulars.domain.snapshot import Difference, Snapshot, differences
from reporting.circulars.domain.words import Passage
from reporting.circulars.errors import (
    CircularNotInState,
    CorrectionAsksTheSame,
    CorrectionReachesLess,
    CorrectionReasonMissing,
    NothingToCorrect,
    PassageNotFound,
)

NONE = "—"
_DOWNWARD = tuple(Level)
_NAMED_AT_MOST = 50


def changes_of(
    old: Snapshot, new: Snapshot, reasons: Mapping[str, str], *, otherwise: str | None
) -> tuple[NumberChange, ...]:
    """Each number that is not the same, with its reason.

    Source: O6.3b.

    Args:
        reasons: by the number's name.
        otherwise: for those without a reason of their own.

    Raises:
        CorrectionReasonMissing: a number without any.
    """
    found = differences(old, new)
    missing = [one.name for one in found if not (reasons.get(one.name) or otherwise)]
    if missing:
        raise CorrectionReasonMissing(count=len(missing), numbers=[*missing[:_NAMED_AT_MOST]])
    return tuple(_explained(one, reasons.get(one.name) or otherwise or "") for one in found)


def require_passages(changes: Iterable[WordChange], passages: Iterable[Passage]) -> None:
    """Whoever sets words right names words that were published.

    Source: O6.3b.

    Raises:
        PassageNotFound: they were not.
    """
    texts = [passage.text for passage in passages]
    for change in changes:
        if not any(change.old in text for text in texts):
            raise PassageNotFound


def require_something(numbers: Sequence[NumberChange], words: Sequence[WordChange]) -> None:
    """A correction corrects something.

    Source: O6.3b.

    Raises:
        NothingToCorrect.
    """
    if not numbers and not words:
        raise NothingToCorrect


def correction_title(corrected: CircularState) -> str:
    """The title that a correction begins with.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).
    """
    return f"关于更正《{corrected.words.title}》的通知"[:200]


def opening_of(corrected: CircularState) -> BlockState:
    """The sentence that names what is corrected: title, number and day.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).
    """
    number = "" if corrected.document is None else f"（{corrected.document.number}）"
    day = "" if corrected.document is None else chinese_day(corrected.document.signed_on)
    text = f"{day}印发的《{corrected.words.title}》{number}有关内容需要更正，现将更正内容通知如下。"
    return BlockState(kind="paragraph", text=text)


def corrected_tables(tables: tuple[BlockState, ...]) -> tuple[AttachmentState, ...]:
    """The tables as they are now, as the attachment of a correction.

    Source: O6.3b.
    """
    return (AttachmentState(title="更正后的数据表", blocks=tables),) if tables else ()


def require_same_question(state: CircularState, *, scope: str, on: date, queries: tuple[QueryState, ...]) -> bool:
    """A correction asks what the corrected one asked; only its words are its own.

    Source: O6.3b.

    Raises:
        CorrectionAsksTheSame: another scope, day or query.
    """
    if (scope, on, queries) != (state.scope, state.on, state.queries):
        raise CorrectionAsksTheSame
    return True


def require_same_reach(corrected: CircularState, *, is_public: bool, down_to: Level) -> None:
    """Whoever could read what was wrong reads what sets it right: as public, and down to the same level at least.

    Source: O6.3b, G1.

    Raises:
        CorrectionReachesLess: somebody could not; or what was not public would become so by a correction.
    """
    if is_public != corrected.is_public or _DOWNWARD.index(down_to) < _DOWNWARD.index(corrected.down_to):
        raise CorrectionReachesLess


def require_correction(state: CircularState) -> UUID:
    """What a correction corrects.

    Source: O6.3b.

    Raises:
        CircularNotInState: it is no correction.
    """
    if state.corrects is None:
        raise CircularNotInState(kind=state.kind)
    return state.corrects


def require_no_correction(state: CircularState) -> None:
    """The figures of a correction are frozen together with the reasons for what they change.

    Source: O6.3b.

    Raises:
        CircularNotInState: it is a correction.
    """
    if state.corrects is not None:
        raise CircularNotInState(kind=state.kind)


def _explained(one: Difference, why: str) -> NumberChange:
    return NumberChange(name=one.name, label=one.label, old=one.old, new=one.new, why=why)
