"""What each level has accepted of the readiness of offices becomes sums."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import structlog
from pydantic import PrivateAttr, ValidationError
from pydantic_core import to_json

from common.consumer import Delivered, PoisonMessage
from common.contracts import CONTRACTS, Contract
from common.contracts.registry.readiness import ReadinessState
from common.contracts.sync import RECORD_ACCEPTED, AcceptedRecord, accepted_topic
from common.db import Connection
from common.divisions import LEVELS, node_at
from reporting.standings import errors
from reporting.standings.domain import counts_of
from reporting.standings.service import AcceptedStanding, apply_standings

READINESS_RECORD = "registry.readiness"
log = structlog.get_logger("reporting.standings")


class AcceptedReadiness(AcceptedRecord):
    """An accepted record as this consumer reads it: the payload of a readiness is checked while it is decoded."""

    _standing: AcceptedStanding | None = PrivateAttr(default=None)

    def model_post_init(self, _: Any) -> None:
        """Reads the state out of the payload; other records pass by unread.

        Raises:
            PoisonMessage: `reporting.payload-not-readiness`, `reporting.standing-payload-mismatch`,
                `reporting.standing-division-mismatch`, `reporting.standing-figure-repeated`.
        """
        if self.record_type != READINESS_RECORD:
            return
        try:
            state = ReadinessState.model_validate_json(to_json(self.payload))
            instants = (self.occurred_at.astimezone(UTC), self.accepted_at.astimezone(UTC))
        except (ValidationError, OverflowError):
            raise PoisonMessage(*errors.PAYLOAD_NOT_READINESS) from None
        stated = (state.id, state.version, state.division, state.level)
        if stated != (self.record_id, self.version, self.division, self.level):
            raise PoisonMessage(*errors.PAYLOAD_MISMATCH)
        ways = (self.division, self.routed_division or self.division)
        if self.accepted_division not in {node_at(code, self.accepted_level) for code in ways}:
            raise PoisonMessage(*errors.NODE_MISMATCH)
        if len({one.code for one in state.figures}) != len(state.figures):
            raise PoisonMessage(*errors.FIGURE_REPEATED)
        self._standing = AcceptedStanding(
            self.accepted_level, state.id, state.version, state.office_id, state.division, state.effective_on,
            state.status, counts_of(state), *instants,
        )  # fmt: skip

    @property
    def standing(self) -> AcceptedStanding | None:
        """The state of the office; None where the record is another one."""
        return self._standing


def standings_contracts() -> dict[str, Contract]:
    """What the consumer accepts: the contract of accepted records, read as standings."""
    contract = CONTRACTS[RECORD_ACCEPTED]
    return {RECORD_ACCEPTED: Contract(contract.type, contract.topics, AcceptedReadiness, contract.title)}


def standings_topics() -> tuple[str, ...]:
    """The accepted streams of all levels; those that this site does not host stay silent."""
    return tuple(accepted_topic(level) for level in LEVELS)


async def keep_standings(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Applies a batch of accepted records."""
    found = []
    for delivered in batch:
        record = delivered.data
        assert isinstance(record, AcceptedReadiness)  # noqa: S101 - the only contract that the consumer accepts
        if record.standing is not None:
            found.append(record.standing)
    if found:
        count = await apply_standings(conn, found)
        log.debug("standings_applied", states=len(found), news=count)
