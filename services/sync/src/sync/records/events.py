"""The events of a record on its way up, as outbox rows: written as text, because this is the hot path of the platform.

The tests hold every row against its contract.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from common.clock import iso
from common.contracts.sync import RECEIVING_LEVELS, RECORD_ACCEPTED, RECORD_SUBMITTED, accepted_topic, inbox_topic
from common.divisions import LEVELS
from common.outbox import Row
from sync.records.domain import Hop, Submission

SOURCE = "/jiceng/sync"

_ACCEPTED_TOPICS = {level: accepted_topic(level) for level in LEVELS}
_INBOX_TOPICS = {level: inbox_topic(level) for level in RECEIVING_LEVELS}
_quoted = lru_cache(maxsize=256)(json.dumps)


def rows_of_acceptance(submission: Submission, hop: Hop, at: datetime, at_text: str, ids: Iterator[UUID]) -> list[Row]:
    """The accepted stream's event, and the one for the next level's inbox where there is a next level.

    Args:
        submission: accepted.
        hop: the receiver's place on its path.
        at: when.
        at_text: the same as the events carry it.
        ids: where event ids come from.
    """
    head = _head(submission)
    accepted = (
        f'{head},"accepted_level":"{hop.level}","accepted_division":"{hop.node}",'
        f'"accepted_at":"{at_text}","payload":{submission.data}}}'
    )
    rows = [_row(submission, _ACCEPTED_TOPICS[hop.level], next(ids), RECORD_ACCEPTED, at, accepted)]
    if hop.above is not None:
        submitted = (
            f'{head},"from_level":"{hop.level}","from_division":"{hop.node}",'
            f'"to_level":"{hop.above}","to_division":"{hop.above_node}","payload":{submission.data}}}'
        )
        rows.append(_row(submission, _INBOX_TOPICS[hop.above], next(ids), RECORD_SUBMITTED, at, submitted))
    return rows


def _head(submission: Submission) -> str:
    """What both events open with. Only the type is free text: the contract binds the other values to plain forms."""
    return (
        f'{{"record_type":"{submission.record_type}","record_id":"{submission.subject}",'
        f'"version":{submission.version},"division":"{submission.division}","level":"{submission.origin}",'
        f'"event_type":{_quoted(submission.event_type)},"occurred_at":"{iso(submission.occurred_at)}",'
        f'"digest":"{submission.digest.hex()}"' + _routed(submission)
    )


def _routed(submission: Submission) -> str:
    return "" if submission.routed is None else f',"routed_division":"{submission.routed}"'


def _row(submission: Submission, topic: str, event_id: UUID, type_: str, at: datetime, data: str) -> Row:
    return (
        topic,
        event_id,
        type_,
        SOURCE,
        submission.subject,
        at,
        submission.division,
        submission.origin,
        submission.version,
        submission.subject,
        submission.traceparent,
        data,
    )
