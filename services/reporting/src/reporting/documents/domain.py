"""Chains of documents: what one must say, who it is for, and the tree of who has it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from common.contracts.record import DispatchOrder
from common.contracts.reporting.documents import (
    Classification,
    DocumentReceiptState,
    DocumentState,
    DocumentStatus,
    year_of_number,
)
from common.divisions import LEVELS, Level, ancestors_of, contains, level_of
from reporting.documents.errors import DocumentInvalid, DocumentNotInState, NotAddressed

Holding = Literal["issued", "forwarded", "received", "missing"]
"""How far a division has come with a chain."""

CLASSIFICATION_LABELS: Mapping[Classification, str] = {
    "public": "主动公开",
    "on_request": "依申请公开",
    "internal": "不公开",
}
STATUS_LABELS: Mapping[DocumentStatus, str] = {"registered": "已登记", "published": "已公开", "withdrawn": "已撤回"}
HOLDING_LABELS: Mapping[Holding, str] = {
    "issued": "印发",
    "forwarded": "已转发",
    "received": "已接收，未转发",
    "missing": "未接收",
}
_TITLE, _WITHDRAWN = 200, "（已撤回）"
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Words:
    """What is entered of a document."""

    number: str | None
    title: str
    issuer: str
    signed_on: date | None
    published_on: date | None
    classification: Classification
    index_number: str | None
    addressees: tuple[str, ...]
    down_to: Level


@dataclass(frozen=True, slots=True)
class Node:
    """A document in the tree of a chain.

    Attributes:
        days: from the signing of the document that it forwards to its own; None where a day is unknown.
        from_start: the same from the first document of the chain whose day is known.
        depth: 0 for the first document.
    """

    document: DocumentState
    days: int | None
    from_start: int | None
    depth: int
    receipts: tuple[DocumentReceiptState, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A division that the chain is for, and how far it has come.

    Attributes:
        received_on: None where only the forwarding is known.
        forwarded: 文号 or title of what it passed the document on by.
        days: from the signing that reached it to its receipt, or to its forwarding where no receipt is known.
    """

    division: str
    name: str
    holding: Holding
    received_on: date | None = None
    forwarded_on: date | None = None
    forwarded: tuple[str, ...] = ()
    days: int | None = None


def problems_of(words: Words, *, division: str, before: DocumentState | None, today: date) -> list[str]:
    """Everything that does not fit together, in Chinese; nothing when all is well.

    Source: G1, S0.

    Args:
        division: of the issuing body.
        before: the document that it forwards.
    """
    found = []
    if words.signed_on is not None and words.signed_on > today:
        found.append("成文日期晚于今天")
    if words.published_on is not None and words.published_on > today:
        found.append("公开日期晚于今天")
    if words.published_on is not None and words.signed_on is not None and words.published_on < words.signed_on:
        found.append("公开日期早于成文日期")
    if words.published_on is not None and words.classification == "internal":
        found.append("不公开的文件没有公开日期")
    year = year_of_number(words.number) if words.number else None
    if year is not None and words.signed_on is not None and year > words.signed_on.year:
        found.append("发文字号的年份晚于成文日期")
    found += [f"{code} 不在发文机关的区划之内" for code in words.addressees if not contains(division, code)]
    found += [f"{code} 低于送达的最低层级" for code in words.addressees if _RANK[level_of(code)] > _RANK[words.down_to]]
    if len(set(words.addressees)) < len(words.addressees):
        found.append("主送区划重复")
    return found + (_forward_problems(words, division, before) if before is not None else [])


def require_sound(words: Words, *, division: str, before: DocumentState | None, today: date) -> None:
    """Lets a document through whose parts fit together.

    Source: G1, S0.

    Raises:
        DocumentInvalid: they do not; it names everything at once.
    """
    problems = problems_of(words, division=division, before=before, today=today)
    if problems:
        raise DocumentInvalid("；".join(problems), problems=list(problems))


def is_for(document: DocumentState, division: str) -> bool:
    """Whether a document was sent to a division: to itself, or to one above it, down to its level.

    Source: G1.
    """
    return _RANK[level_of(division)] <= _RANK[document.down_to] and any(
        contains(code, division) for code in document.addressees
    )


def is_sent(document: DocumentState) -> bool:
    """Whether a version of it has gone down the levels.

    Source: G1.
    """
    return document.is_sent or document.dispatch is not None


def withdrawal_order(document: DocumentState) -> DispatchOrder | None:
    """How the withdrawal goes to those whom the document has gone to; None where it has gone to nobody.

    Source: G1; architecture.md §5.
    """
    if not is_sent(document):
        return None
    title = f"{document.title[: _TITLE - len(_WITHDRAWN)]}{_WITHDRAWN}"
    return DispatchOrder(
        title=title, reference_number=document.number, to=document.addressees, down_to=document.down_to
    )


def require_addressed(document: DocumentState, division: str) -> None:
    """Lets through who a document was sent to.

    Source: G1.

    Raises:
        NotAddressed: it was not.
        DocumentNotInState: it was entered by mistake and taken back.
    """
    if document.status == "withdrawn":
        raise DocumentNotInState(status=document.status)
    if document.division == division or not is_for(document, division):
        raise NotAddressed


def days_between(before: date | None, after: date | None) -> int | None:
    """Days from one day to a later one; None where one is unknown.

    Source: G1.
    """
    return None if before is None or after is None else (after - before).days


def chain_of(documents: Iterable[DocumentState], receipts: Iterable[DocumentReceiptState]) -> list[Node]:
    """The tree of a chain, each document before what forwards it, with the days in between.

    Source: G1.
    """
    standing = [one for one in documents if one.status != "withdrawn"]
    known = {one.id: one for one in standing}
    by_document: dict[UUID, list[DocumentReceiptState]] = {}
    for receipt in receipts:
        by_document.setdefault(receipt.document_id, []).append(receipt)
    below: dict[UUID | None, list[DocumentState]] = {}
    for one in standing:
        below.setdefault(one.forwards if one.forwards in known else None, []).append(one)
    start = min((one.signed_on for one in standing if one.signed_on is not None), default=None)
    found: list[Node] = []
    waiting = [(one, 0) for one in reversed(_ordered(below.get(None, [])))]
    while waiting:
        one, depth = waiting.pop()
        before = known.get(one.forwards) if one.forwards else None
        taken = tuple(sorted(by_document.get(one.id, []), key=lambda receipt: (receipt.received_on, receipt.division)))
        days = days_between(before.signed_on, one.signed_on) if before else None
        found.append(Node(one, days, days_between(start, one.signed_on), depth, taken))
        waiting += [(child, depth + 1) for child in reversed(_ordered(below.get(one.id, [])))]
    return found


def holders_of(nodes: Sequence[Node], places: Mapping[str, str]) -> list[Holder]:
    """Who of these divisions has the chain's document, who passed it on, who has not, in the order of codes.

    Only divisions that some document of the chain was sent to, or that issued one, are told; who forwarded it has it.

    Source: G1.

    Args:
        places: code → name.
    """
    own, taken, sent = _by_division(nodes)
    found = []
    for code, name in sorted(places.items()):
        if code in own or code in taken or _is_sent_to(sent, code):
            found.append(_holder(code, name, own.get(code, []), sorted(taken.get(code, []), key=_received)))
    return found


def count_holdings(holders: Iterable[Holder]) -> dict[Holding, int]:
    """How many divisions have come how far.

    Source: G1.
    """
    counts: dict[Holding, int] = dict.fromkeys(("issued", "forwarded", "received", "missing"), 0)
    for one in holders:
        counts[one.holding] += 1
    return counts


def _by_division(
    nodes: Iterable[Node],
) -> tuple[dict[str, list[Node]], dict[str, list[DocumentReceiptState]], dict[str, dict[str, int]]]:
    """One pass over the chain: nodes by issuer, receipts by receiver, and per addressee how far down each sender sent.

    A division has as many senders as there are levels, so that asking for one division takes no longer in a long chain.
    """
    own: dict[str, list[Node]] = {}
    taken: dict[str, list[DocumentReceiptState]] = {}
    sent: dict[str, dict[str, int]] = {}
    for node in nodes:
        document = node.document
        own.setdefault(document.division, []).append(node)
        for receipt in node.receipts:
            taken.setdefault(receipt.division, []).append(receipt)
        for addressee in document.addressees:
            senders = sent.setdefault(addressee, {})
            senders[document.division] = max(senders.get(document.division, 0), _RANK[document.down_to])
    return own, taken, sent


def _is_sent_to(sent: Mapping[str, Mapping[str, int]], code: str) -> bool:
    """As `is_for` says, by somebody else than the division itself."""
    rank = _RANK[level_of(code)]
    return any(
        rank <= lowest and sender != code
        for above in (code, *ancestors_of(code))
        for sender, lowest in sent.get(above, {}).items()
    )


def _holder(code: str, name: str, own: Sequence[Node], taken: Sequence[DocumentReceiptState]) -> Holder:
    received_on = taken[0].received_on if taken else None
    if not own:
        if not taken:
            return Holder(code, name, "missing")
        return Holder(code, name, "received", received_on, days=taken[0].days)
    forwards = [node for node in own if node.document.forwards is not None]
    first = min((node.document.signed_on for node in own if node.document.signed_on is not None), default=None)
    reached = taken[0].days if taken else (forwards[0].days if forwards else None)
    names = tuple(node.document.number or node.document.title for node in own)
    return Holder(code, name, "forwarded" if forwards else "issued", received_on, first, names, reached)


def _forward_problems(words: Words, division: str, before: DocumentState) -> list[str]:
    found = []
    if words.signed_on is not None and before.signed_on is not None and words.signed_on < before.signed_on:
        found.append("成文日期早于所转发的文件")
    if not is_for(before, division) and division != before.division:
        found.append("所转发的文件未发送至本区划")
    return found


def _received(receipt: DocumentReceiptState) -> tuple[date, str]:
    return receipt.received_on, str(receipt.id)


def _ordered(documents: Sequence[DocumentState]) -> list[DocumentState]:
    return sorted(documents, key=lambda one: (one.signed_on or date.min, one.division, str(one.id)))
