"""Who is responsible: a hand-over is an offer until somebody accepts it, so nobody can put a case down.

Source: O4.3b.
"""

from datetime import datetime

from casework.cases.domain.case import Case, Stage, following, not_before, require_open, with_answer, with_document
from casework.cases.errors import NothingOffered, NotHolder, NotOfferedToYou, OfferPending
from common.contracts.casework.cases import HolderState, OfferPurpose, OfferState


def require_holder(case: Case, *, account: str, is_head_there: bool) -> None:
    """Raises unless the account holds the case, or heads the office that does.

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


def take(case: Case, *, by: str, division: str, at: datetime, place: str | None = None) -> Case:
    """Accepts what was offered: from now on `by` is responsible.

    Source: O4.3b.

    Args:
        place: whose the division is today to which it was offered; None for itself.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        NothingOffered, NotOfferedToYou: nothing is, or it is offered to somebody else.
    """
    _require_offered(case, by=by, division=division, place=place)
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


def decline(case: Case, *, by: str, division: str, at: datetime, place: str | None = None) -> Case:
    """Declines what was offered; the holder stays responsible.

    Source: O4.3b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        NothingOffered, NotOfferedToYou: nothing is, or it is offered to somebody else.
    """
    _require_offered(case, by=by, division=division, place=place)
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


def _require_offered(case: Case, *, by: str, division: str, place: str | None) -> None:
    require_open(case)
    made = case.file.offer
    if made is None:
        raise NothingOffered
    if (place or made.division) != division or made.account not in {None, by}:
        raise NotOfferedToYou(division=made.division)
