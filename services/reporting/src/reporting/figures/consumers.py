"""What each level has accepted becomes figures."""

from collections.abc import Sequence
from typing import Any

import structlog
from prometheus_client import Counter
from pydantic import PrivateAttr

from common.consumer import Delivered, PoisonMessage
from common.contracts.sync import AcceptedRecord
from common.db import Connection
from reporting.accepted import PAYLOAD_UNREADABLE, TIME_OUT_OF_RANGE, instants_of, state_in
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
        state: Any = state_in(self, reader.model)
        if "\x00" in getattr(state, "item_code", ""):  # PostgreSQL's text cannot hold it
            raise PoisonMessage(*PAYLOAD_UNREADABLE)
        instants_of(self)
        try:
            self._contribution = reader.contribute(state)
        except OverflowError:
            raise PoisonMessage(*TIME_OUT_OF_RANGE) from None

    @property
    def contribution(self) -> Contribution | None:
        """What the record contributes; None where the figures hold no such type."""
        return self._contribution


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
