"""Every event type with its topic and its model: the one list that schemas, AsyncAPI and consumers are made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from common.contracts import casework, registry, reporting, sync
from common.contracts.dead_letters import DeadLetter, dead_letter_type
from common.contracts.model import EventData
from common.contracts.record import Record
from common.divisions import LEVELS

EventModel = type[EventData]


@dataclass(frozen=True, slots=True)
class Contract:
    """One event type.

    Attributes:
        type: CloudEvents type.
        topics: where it is published.
        model: the data; its JSON Schema is committed under schemas/events/.
        title: what happened, in Chinese.
    """

    type: str
    topics: tuple[str, ...]
    model: EventModel
    title: str


_ALL = (
    *(Contract(record.type, (record.topic,), record.model, record.title) for record in registry.RECORDS),
    Contract(casework.CASE_REGISTERED, (casework.CASE_TOPIC,), casework.CaseState, "办件收件登记"),
    Contract(casework.CASE_ACCEPTED, (casework.CASE_TOPIC,), casework.CaseState, "办件受理"),
    Contract(casework.CASE_REFUSED, (casework.CASE_TOPIC,), casework.CaseState, "办件不予受理"),
    Contract(casework.CASE_CLOSED, (casework.CASE_TOPIC,), casework.CaseState, "办件办结"),
    Contract(casework.CASE_WITHDRAWN, (casework.CASE_TOPIC,), casework.CaseState, "办件撤回"),
    Contract(casework.CASE_CHANGED, (casework.CASE_TOPIC,), casework.CaseState, "办件进展"),
    *(
        Contract(record.type, (record.topic,), record.model, record.title)
        for record in (*casework.RECORDS, *reporting.RECORDS)
    ),
    Contract(
        sync.RECORD_SUBMITTED,
        tuple(sync.inbox_topic(level) for level in sync.RECEIVING_LEVELS),
        sync.SubmittedRecord,
        "记录上报",
    ),
    Contract(
        sync.RECORD_ACCEPTED, tuple(sync.accepted_topic(level) for level in LEVELS), sync.AcceptedRecord, "记录入账"
    ),
    Contract(sync.RECEIPT_ISSUED, (sync.RECEIPTS_TOPIC,), sync.Receipt, "回执签发"),
    Contract(
        sync.DISPATCH_SENT,
        tuple(sync.dispatch_topic(level) for level in sync.DISPATCH_LEVELS),
        sync.SentDispatch,
        "下达发送",
    ),
    Contract(
        sync.DISPATCH_ENDED,
        tuple(sync.dispatch_topic(level) for level in sync.DISPATCH_LEVELS),
        sync.EndedDispatch,
        "下达失效",
    ),
    Contract(sync.DISPATCH_DELIVERED, (sync.DISPATCH_RECEIPTS_TOPIC,), sync.DeliveredDispatch, "下达送达"),
    Contract(sync.DISPATCH_SIGNED, (sync.DISPATCH_RECEIPTS_TOPIC,), sync.SignedDispatch, "下达签收"),
    Contract(sync.DISPATCH_REMINDED, (sync.DISPATCH_REMINDERS_TOPIC,), sync.RemindedDispatch, "下达催签"),
    *(
        Contract(dead_letter_type(service), (), DeadLetter, "死信登记")
        for service in ("casework", "registry", "reporting", "sync")
    ),
)

CONTRACTS: Mapping[str, Contract] = {contract.type: contract for contract in _ALL}


_RECORDS: Mapping[EventModel, Record] = {
    record.model: record for record in (*registry.RECORDS, *casework.RECORDS, *reporting.RECORDS)
}


def record_of(model: EventModel) -> Record:
    """The kind of record whose state this model is."""
    return _RECORDS[model]


DISPATCHABLE: tuple[Record, ...] = tuple(
    record for record in (*casework.RECORDS, *reporting.RECORDS) if "dispatch" in record.model.model_fields
)
"""Kinds of records whose versions may go down the levels: those whose state has a member `dispatch`."""


def contracts_of(types: Iterable[str]) -> dict[str, Contract]:
    """The contracts of some types, for a consumer that accepts exactly these."""
    return {name: CONTRACTS[name] for name in types}
