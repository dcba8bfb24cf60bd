"""What a level examines, and how it answers several versions at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from common.contracts.sync import SubmittedRecord
from common.divisions import Level, level_of
from sync.receipts.domain import Verdict
from sync.records.domain.content import Content
from sync.records.domain.path import hop_at


class RecordKey(NamedTuple):
    """One record at one level: what versions are counted for."""

    record_type: str
    record_id: UUID
    level: str


class Submission(NamedTuple):
    """A record at one version in front of one level.

    Attributes:
        record_type: `<service>.<record>`.
        record_id: id of the record.
        subject: the same as text.
        version: from 1.
        division: the record's own, at its origin.
        origin: level of its origin.
        event_type: the domain event that made this version.
        occurred_at: when that was.
        digest: as claimed by the sender.
        data: the payload's canonical JSON; empty where it has none.
        receiver: the level in front of which it stands.
        receiver_division: the node that it was addressed to.
        traceparent: trace context of the whole journey.
        flaw: what an examination without the database has found.
    """

    record_type: str
    record_id: UUID
    subject: str
    version: int
    division: str
    origin: Level
    event_type: str
    occurred_at: datetime
    digest: bytes
    data: str
    receiver: Level
    receiver_division: str
    traceparent: str | None
    flaw: Verdict | None = None

    @property
    def key(self) -> RecordKey:
        """What versions are counted for."""
        return RecordKey(self.record_type, self.record_id, self.receiver)


def examine(record: SubmittedRecord, tier: Level, content: Content | None) -> Verdict | None:
    """What is wrong with a record that was passed up to `tier`, as far as it can be seen without the database.

    Source: O4.2a, ADR 0010.

    Args:
        record: as received.
        tier: who examines.
        content: the payload's canonical form; None where it has none.
    """
    if record.level is not level_of(record.division):
        return Verdict.ORIGIN_LEVEL_MISMATCH
    hop = hop_at(record.division, tier)
    if hop is None or record.to_level is not tier or record.to_division != hop.node:
        return Verdict.NODE_OFF_PATH
    if record.from_level is not hop.below:
        return Verdict.LEVEL_SKIPPED
    if record.from_division != hop.below_node:
        return Verdict.NODE_OFF_PATH
    if content is None or content.digest.hex() != record.digest:
        return Verdict.DIGEST_MISMATCH
    return None


class Validity(NamedTuple):
    """One period in which a division code is valid; `until` is the first day on which it no longer is."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """True if the code is valid on that day."""
        return self.since <= day and (self.until is None or day < self.until)


def examine_division(periods: Iterable[Validity], day: date) -> Verdict | None:
    """Whether the division stood on the day on which the record was made; late arrival changes nothing.

    Source: standards.md §1 (Order 79), architecture.md §5.
    """
    known = list(periods)
    if not known:
        return Verdict.DIVISION_UNKNOWN
    return None if any(period.covers(day) for period in known) else Verdict.DIVISION_RETIRED


def judge(submissions: Sequence[Submission], before: Mapping[RecordKey, int]) -> list[Verdict]:
    """Answers a batch in its order: every version newer than the newest so far is accepted, all others are duplicates.

    So each of several versions of one record is accepted and goes on by itself, and however deliveries are ordered,
    repeated or cut into batches, a level ends at the highest version that it was given. Source: O4.2a, ADR 0010.

    Args:
        submissions: in order of delivery.
        before: newest version accepted before the batch, per record and level; absent where there was none.
    """
    newest = dict(before)
    verdicts: list[Verdict] = []
    for submission in submissions:
        if submission.flaw is not None:
            verdicts.append(submission.flaw)
            continue
        known = newest.get(submission.key, 0)
        if submission.version > known:
            newest[submission.key] = submission.version
            verdicts.append(Verdict.ACCEPTED)
        elif submission.version == known:
            verdicts.append(Verdict.ALREADY_ACCEPTED)
        else:
            verdicts.append(Verdict.SUPERSEDED)
    return verdicts
