"""What each level has accepted becomes figures."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import structlog
from prometheus_client import Counter
from pydantic import PrivateAttr, ValidationError
from pydantic_core import to_json

from common.consumer import Delivered, PoisonMessage
from common.contracts import CONTRACTS, Contract
from common.contracts.sync import RECORD_ACCEPTED, AcceptedRecord, accepted_topic
from common.db import Connection
from common.divisions import LEVELS, node_at
from reporting.figures import errors
from reporting.figures.domain import READERS, Contribution
from reporting.figures.service import AcceptedVersion, apply_accepted

SKIPPED = Counter(
    "jiceng_reporting_skipped_records",
    "Accepted records of types that the figures do not hold.",
    ("level", "record_type"),
)
log = structlog.get_logger("reporting.figures")


class AcceptedFigure(AcceptedRecord):
    """An accepted record as this consumer reads it: a payload that counts is checked while the message is decoded.

    A record that cannot be counted is so found before the batch begins, and costs the others nothing.
    """

    _contribution: Contribution | None = PrivateAttr(default=None)

    def model_post_init(self, _: Any) -> None:
        """Reads the state out of the payload.

        Raises:
            PoisonMessage: `reporting.payload-unreadable`, `reporting.payload-mismatch`,
                `reporting.accepted-division-mismatch`, `reporting.time-out-of-range`.
        """
        reader = READERS.get(self.record_type)
        if reader is None:
            return
        try:
            state: Any = reader.model.model_validate_json(to_json(self.payload))
        except ValidationError:
            raise PoisonMessage(*errors.PAYLOAD_UNREADABLE) from None
        if "\x00" in getattr(state, "item_code", ""):  # PostgreSQL's text cannot hold it
            raise PoisonMessage(*errors.PAYLOAD_UNREADABLE)
        stated = (state.id, state.version, state.division, state.level)
        if stated != (self.record_id, self.version, self.division, self.level):
            raise PoisonMessage(*errors.PAYLOAD_MISMATCH)
        ways = (self.division, self.routed_division or self.division)
        if self.accepted_division not in {node_at(code, self.accepted_level) for code in ways}:
            raise PoisonMessage(*errors.NODE_MISMATCH)
        try:
            self._contribution = reader.contribute(state)
            _ = (self.occurred_at.astimezone(UTC), self.accepted_at.astimezone(UTC))
        except OverflowError:
            raise PoisonMessage(*errors.TIME_OUT_OF_RANGE) from None

    @property
    def contribution(self) -> Contribution | None:
        """What the record contributes; None where the figures hold no such type."""
        return self._contribution


def figures_contracts() -> dict[str, Contract]:
    """What the figures consumer accepts: the contract of accepted records, read as figures."""
    contract = CONTRACTS[RECORD_ACCEPTED]
    return {RECORD_ACCEPTED: Contract(contract.type, contract.topics, AcceptedFigure, contract.title)}


def figures_topics() -> tuple[str, ...]:
    """The accepted streams of all levels; those that this site does not host stay silent."""
    return tuple(accepted_topic(level) for level in LEVELS)


async def keep_figures(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Applies a batch of accepted records; types that the figures do not hold are counted and left alone."""
    versions = []
    for delivered in batch:
        record = delivered.data
        assert isinstance(record, AcceptedFigure)  # noqa: S101 - the only contract that the consumer accepts
        if record.contribution is None:
            SKIPPED.labels(record.accepted_level.value, record.record_type).inc()
            continue
        versions.append(
            AcceptedVersion(
                record.accepted_level,
                record.record_id,
                record.record_type,
                record.version,
                record.contribution,
                record.occurred_at,
                record.accepted_at,
            )
        )
    if versions:
        count = await apply_accepted(conn, versions)
        log.debug("figures_applied", versions=len(versions), news=count)
