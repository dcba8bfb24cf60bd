"""Who is responsible: a hand-over is an offer until somebody accepts it, so nobody can put a case down.

Source: O4.3b.
"""

from datetime import datetime

from casework.cases.domain.case import Case, Stage, following, not_before, require_open, with_answer, with_document
from casework.cases.errors import NothingOffered, NotHolder, NotOfferedToYou, OfferPending
from common.contracts.casework.cases import HolderState, OfferPurpose, OfferState
from common.divisions import Level, level_of, parent_of


def heads(place: str, division: str) -> bool:
    """Whether the head of the office of a division answers for a place: for its own, and for the stations it guides.

    Source: O1.3c, O4.3b.

    Args:
        place: where something is held, as it is called today.
    """
    return place == division or (level_of(place) is Level.VILLAGE and parent_of(place) == division)


def require_holder(case: Case, *, account: str, is_head_there: bool) -> None:
    """Raises unless the account holds the case, or heads the office that does, or the office that guides it.

    Source: O4.3b.

    Raises:
        NotHolder: somebody else is responsible.
    """
    holder = case.holder
    if account != holder.account and not is_head_there:
        raise NotHolder(holder_division=holder.division)


def offer(
    case: Case,
    *,
    purpose: OfferPurpose,
    to_division: str,
    to_account: str | None,
    reason: str | None,
    by: str,
    at: datetime,
) -> Case:
    """Offers the case to an office, or to one account there; the holder stays responsible until it is accepted.

    Source: O4.3b; standards.md §5 (转报).

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        OfferPending: it is offered to somebody already; that offer is taken back first.
    """
    require_open(case)
    if case.file.offer is not None and case.file.offer.purpose != "step":
        raise OfferPending(division=case.file.offer.division)
    at = not_before(case, at)
    made = OfferState(purpose=purpose, division=to_division, account=to_account, offered_at=at, by=by, reason=reason)
    file: dict[str, object] = {**with_answer(case, "lapsed", by=by, at=at), "offer": made}
    if purpose == "referral":
        file |= with_document(case, "referral_notice", at=at)
    return following(case, at=at, file=file)


def take(case: Case, *, by: str, division: str, at: datetime, place: str | None = None, is_head: bool = False) -> Case:
    """Accepts what was offered: from now on `by` is responsible.

    Source: O4.3b.

    Args:
        place: whose the division is today to which it was offered; None for itself.
        is_head: of the office of `division`, who takes also what is offered to a station that the office guides.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        NothingOffered, NotOfferedToYou: nothing is, or it is offered to somebody else.
    """
    _require_offered(case, by=by, division=division, place=place, is_head=is_head)
    at = not_before(case, at)
    held = HolderState(account=by, division=division, since=at)
    answered = with_answer(case, "accepted", by=by, at=at)
    return following(case, at=at, file={"holders": (*case.file.holders, held), **answered})


def take_over(case: Case, *, by: str, division: str, at: datetime) -> Case:
    """The head of an office takes what somebody of the office holds, or what is held below it.

    Source: O4.3b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_open(case)
    at = not_before(case, at)
    held = HolderState(account=by, division=division, since=at)
    answered = with_answer(case, "lapsed", by=by, at=at)
    return following(case, at=at, file={"holders": (*case.file.holders, held), **answered})


def decline(
    case: Case, *, by: str, division: str, at: datetime, place: str | None = None, is_head: bool = False
) -> Case:
    """Declines what was offered; the holder stays responsible.

    Source: O4.3b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        NothingOffered, NotOfferedToYou: nothing is, or it is offered to somebody else.
    """
    _require_offered(case, by=by, division=division, place=place, is_head=is_head)
    at = not_before(case, at)
    return following(case, at=at, file=with_answer(case, "declined", by=by, at=at))


def recall(case: Case, *, by: str, at: datetime) -> Case:
    """Takes an offer back.

    Source: O4.3b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        NothingOffered: nothing is offered.
    """
    require_open(case)
    if case.file.offer is None:
        raise NothingOffered
    at = not_before(case, at)
    return following(case, at=at, file=with_answer(case, "withdrawn", by=by, at=at))


def needs_head(case: Case) -> bool:
    """True while only the head of an office (or a supervisor) may act: the approval. Source: standards.md §5 (批准)."""
    return case.stage is Stage.APPROVING


def _require_offered(case: Case, *, by: str, division: str, place: str | None, is_head: bool) -> None:
    require_open(case)
    made = case.file.offer
    if made is None:
        raise NothingOffered
    asked = place or made.division
    is_asked = heads(asked, division) if is_head else asked == division
    if not is_asked or made.account not in {None, by}:
        raise NotOfferedToYou(division=made.division)
