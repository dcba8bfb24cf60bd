"""The rules of the way up: the path, the digest, what a level examines, and how it answers several versions at once."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from common.contracts.sync import SubmittedRecord
from common.divisions import LEVELS, Level, ancestors_of, level_of, node_at
from sync.receipts.domain import Verdict

_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


class NotCanonical(ValueError):
    """The payload has no JSON form that every system reads the same: NaN, infinity, half a surrogate pair."""


class Content(NamedTuple):
    """A payload in its one form.

    Attributes:
        data: JSON with sorted keys and no blanks; in UTF-8 equal to RFC 8785 where no number is a fraction.
        digest: SHA-256 of its UTF-8 bytes.
    """

    data: str
    digest: bytes


def content_of(payload: Mapping[str, Any]) -> Content:
    """The canonical form of a payload and its digest, the same on every level.

    Source: ADR 0010.

    Raises:
        NotCanonical: see there.
    """
    try:
        data = _canonical(payload)
        return Content(data, hashlib.sha256(data.encode()).digest())
    except ValueError:
        raise NotCanonical from None


class RecordKey(NamedTuple):
    """One record at one level: what versions are counted for."""

    record_type: str
    record_id: UUID
    level: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One level's place on a record's path.

    Attributes:
        level: the level.
        node: its node's division code.
        below: the level that passes the record to it; None at the origin.
        below_node: that level's node.
        above: the level that it passes the record to; None at the province.
        above_node: that level's node.
    """

    level: Level
    node: str
    below: Level | None
    below_node: str | None
    above: Level | None
    above_node: str | None


@lru_cache(maxsize=262_144)
def hop_at(division: str, level: Level) -> Hop | None:
    """The place of `level` on the path of a record of `division`; None where the path does not pass it.

    A level that does not exist above the division (东莞 and 中山 have no county) is not on the path; nothing else is
    left out. Source: O4.2a, architecture.md §5.
    """
    path = [division, *ancestors_of(division)]
    node = node_at(division, level)
    if node is None:
        return None
    place = path.index(node)
    below = path[place - 1] if place else None
    above = path[place + 1] if place + 1 < len(path) else None
    return Hop(
        level=level,
        node=node,
        below=None if below is None else level_of(below),
        below_node=below,
        above=None if above is None else level_of(above),
        above_node=above,
    )


def path_of(division: str) -> list[Hop]:
    """The record's path, origin first. Source: O4.2a."""
    hops = (hop_at(division, level) for level in reversed(LEVELS))
    return [hop for hop in hops if hop is not None]


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
