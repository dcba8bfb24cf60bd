"""Use cases of the records on their way up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from common.clock import iso, now
from common.db import Connection
from common.ids import uuid7s
from common.outbox import Row
from sync.receipts.domain import Receipt, Verdict
from sync.receipts.service import issue_receipts
from sync.records import repository
from sync.records.directory import DirectoryCheck
from sync.records.domain import RecordKey, Submission, hop_on, is_straight, judge
from sync.records.events import rows_of_acceptance
from sync.records.metrics import RECEIPTS

_IDS_EACH = 3
"""A receipt, an event of the accepted stream, an event for the next level."""


async def accept_submissions(
    conn: Connection, submissions: Sequence[Submission], *, directory: DirectoryCheck
) -> list[Verdict]:
    """Answers a batch of submissions: contents, states, receipts and events in the caller's transaction.

    What is accepted goes into the accepted stream of its level and into the inbox of the next level; what is not gets
    its receipt and stays. Source: O4.2a, ADR 0010.

    Args:
        conn: inside the consumer's transaction.
        submissions: in order of delivery, at least one; levels may be mixed.
        directory: examines the divisions.

    Returns:
        One verdict per submission.

    Raises:
        Postponed: the copy of the register has to catch up first.

    Events: sync.record.accepted.v1, sync.receipt.issued.v1, sync.record.submitted.v1, drawn after the state rows.
    Idempotency: by version: redelivery adds receipts (duplicate), no state and nothing that goes on.
    Locks: record_payloads, then level_states, each in key order, so that batches wait for one another in one direction.
    """
    submissions = await _refuse_conflicts(conn, await directory.examine(conn, submissions))
    at = now()
    verdicts = judge(submissions, await _advance(conn, submissions, at))
    ids = iter(uuid7s(_IDS_EACH * len(submissions)))
    receipts = [_receipt(next(ids), *answer, at) for answer in zip(submissions, verdicts, strict=True)]
    receipt_rows = await issue_receipts(conn, receipts)
    await repository.publish(conn, chain(_rows_of_accepted(submissions, verdicts, at, ids), receipt_rows))
    _count(submissions, verdicts)
    return verdicts


async def _refuse_conflicts(conn: Connection, submissions: Sequence[Submission]) -> Sequence[Submission]:
    """Stores the contents of what is fit so far; a version that is here with other content is not."""
    places = [place for place, one in enumerate(submissions) if one.flaw is None]
    if not places:
        return submissions
    found = await repository.store_contents(conn, [submissions[place] for place in places])
    if not found:
        return submissions
    conflicting = {places[index] for index in found}
    return [
        one._replace(flaw=Verdict.VERSION_CONFLICT) if place in conflicting else one
        for place, one in enumerate(submissions)
    ]


async def _advance(conn: Connection, submissions: Sequence[Submission], at: datetime) -> dict[RecordKey, int]:
    """Moves the states to the newest fit versions; returns the version before, of every record of the batch."""
    newest: dict[RecordKey, Submission] = {}
    for one in submissions:
        if one.flaw is None and (one.key not in newest or newest[one.key].version < one.version):
            newest[one.key] = one
    if not newest:
        return {}
    before = await repository.advance_states(conn, newest.values(), at)
    unmoved = newest.keys() - before.keys()
    return before | await repository.find_versions(conn, unmoved) if unmoved else before


def _rows_of_accepted(
    submissions: Sequence[Submission], verdicts: Sequence[Verdict], at: datetime, ids: Iterator[UUID]
) -> Iterator[Row]:
    at_text = iso(at)
    for one, verdict in zip(submissions, verdicts, strict=True):
        hop = hop_on(one.division, one.routed, one.receiver, straight=is_straight(one.record_type))
        if verdict is Verdict.ACCEPTED and hop is not None:
            yield from rows_of_acceptance(one, hop, at, at_text, ids)


def _receipt(receipt_id: UUID, submission: Submission, verdict: Verdict, at: datetime) -> Receipt:
    return Receipt(
        receipt_id,
        submission.record_type,
        submission.record_id,
        submission.subject,
        submission.version,
        submission.division,
        submission.origin,
        submission.receiver,
        submission.receiver_division,
        verdict,
        submission.digest,
        at,
        submission.traceparent,
    )


def _count(submissions: Sequence[Submission], verdicts: Sequence[Verdict]) -> None:
    answers = Counter(zip((one.receiver for one in submissions), verdicts, strict=True))
    for (level, verdict), count in answers.items():
        RECEIPTS.labels(level, verdict.outcome, verdict.reason_code or "").inc(count)
