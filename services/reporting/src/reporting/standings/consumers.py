"""What each level has accepted of the readiness of offices becomes sums."""

from collections.abc import Sequence
from typing import Any

import structlog
from pydantic import PrivateAttr

from common.consumer import Delivered, PoisonMessage
from common.contracts.registry.readiness import ReadinessState
from common.contracts.sync import AcceptedRecord
from common.db import Connection
from reporting.accepted import Refusal, instants_of, state_in
from reporting.standings.domain import counts_of
from reporting.standings.service import AcceptedStanding, apply_standings

READINESS_RECORD = "registry.readiness"
FIGURE_REPEATED = Refusal("reporting.standing-figure-repeated", "同一数字在一条记录中出现两次")
log = structlog.get_logger("reporting.standings")


class AcceptedReadiness(AcceptedRecord):
    """An accepted record as this consumer reads it: the payload of a readiness is checked while it is decoded."""

    _standing: AcceptedStanding | None = PrivateAttr(default=None)

    def model_post_init(self, _: Any) -> None:
        """Reads the state out of the payload; other records pass by unread.

        Raises:
            PoisonMessage: what `state_in` and `instants_of` find wrong, `reporting.standing-figure-repeated`.
        """
        if self.record_type != READINESS_RECORD:
            return
        state = state_in(self, ReadinessState)
        if len({one.code for one in state.figures}) != len(state.figures):
            raise PoisonMessage(*FIGURE_REPEATED)
        self._standing = AcceptedStanding(
            self.accepted_level, state.id, state.version, state.office_id, state.division, state.effective_on,
            state.status, counts_of(state), *instants_of(self),
        )  # fmt: skip

    @property
    def standing(self) -> AcceptedStanding | None:
        """The state of the office; None where the record is another one."""
        return self._standing


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
