"""What a level examines, and how it answers several versions at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from common.clock import beijing_day
from common.contracts.sync import SubmittedRecord
from common.divisions import Level, level_of
from sync.receipts.domain import Verdict
from sync.records.domain.content import Content
from sync.records.domain.path import hop_on, is_straight


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
        routed: the division that took over the record's own, which is no more; None while that is in force.
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
    routed: str | None = None

    @property
    def key(self) -> RecordKey:
        """What versions are counted for."""
        return RecordKey(self.record_type, self.record_id, self.receiver)


def examine(record: SubmittedRecord, tier: Level, content: Content | None) -> Verdict | None:
    """What is wrong with a record that was passed up to `tier`, as far as it can be seen without the database.

    Source: O4.2a, G2, ADR 0010.

    Args:
        record: as received.
        tier: who examines.
        content: the payload's canonical form; None where it has none.
    """
    if record.level is not level_of(record.division):
        return Verdict.ORIGIN_LEVEL_MISMATCH
    straight = is_straight(record.record_type)
    hop = hop_on(record.division, record.routed_division, tier, straight=straight)
    if hop is None or record.to_level is not tier or record.to_division != hop.node:
        return Verdict.NODE_OFF_PATH
    sender = hop_on(record.division, record.routed_division, record.from_level, straight=straight)
    if sender is None or sender.above is not tier:
        return Verdict.LEVEL_SKIPPED
    if record.from_division != sender.node:
        return Verdict.NODE_OFF_PATH
    if content is None or content.digest.hex() != record.digest:
        return Verdict.DIGEST_MISMATCH
    return Verdict.CONTENT_MISMATCH if _tells_otherwise(record) else None


def _tells_otherwise(record: SubmittedRecord) -> bool:
    """A digest that fits proves that nothing was altered on the way, not that the sender spoke of the same record."""
    claimed = {"id": str(record.record_id), "version": record.version, "division": record.division}
    told = {name: record.payload[name] for name in claimed if name in record.payload}
    return any(type(value) is not type(claimed[name]) or value != claimed[name] for name, value in told.items())


class Validity(NamedTuple):
    """One period in which a division code is valid; `until` is the first day on which it no longer is."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """True if the code is valid on that day."""
        return self.since <= day and (self.until is None or day < self.until)


def examine_division(
    periods: Iterable[Validity], day: date, *, version: int = 1, heir: str | None = None
) -> Verdict | None:
    """Whether the division stood on the day on which the record was made; late arrival changes nothing.

    A record that has begun goes on after the end of its division, and what somebody took over finds its way to them:
    whether something new may still begin there is for those to say who take it in.

    Source: standards.md §1 (Order 79), architecture.md §5, ADR 0014.

    Args:
        periods: in which the code is valid.
        day: of this version of the record.
        version: 1 is the record's beginning.
        heir: who took over.
    """
    known = list(periods)
    if not known:
        return Verdict.DIVISION_UNKNOWN
    if any(period.covers(day) for period in known):
        return None
    has_ended = all(period.until is not None and period.until <= day for period in known)
    return None if has_ended and (heir is not None or version > 1) else Verdict.DIVISION_RETIRED


class Known(NamedTuple):
    """What this site's copy of the register says of a code: when it is valid, and who took over."""

    periods: tuple[Validity, ...] = ()
    heir: str | None = None


def route(submission: Submission, known: Mapping[str, Known]) -> Submission:
    """The submission on the way of today, with a flaw where its division or its sender's way cannot be.

    Source: standards.md §1 (Order 79), architecture.md §5, ADR 0014.
    """
    own = known.get(submission.division, Known())
    day = beijing_day(submission.occurred_at)
    flaw = examine_division(own.periods, day, version=submission.version, heir=own.heir)
    if flaw is not None:
        return submission._replace(flaw=flaw)
    claimed = submission.routed
    if claimed is not None and own.heir not in {claimed, known.get(claimed, Known()).heir} - {None}:
        return submission._replace(flaw=Verdict.NODE_OFF_PATH)
    if own.heir is None:
        return submission
    hop = hop_on(submission.division, own.heir, submission.receiver, straight=is_straight(submission.record_type))
    node = submission.receiver_division if hop is None else hop.node
    return submission._replace(routed=own.heir, receiver_division=node)


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
