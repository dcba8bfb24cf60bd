"""SQL of campaigns that the store of records does not have: who holds a title on a day, who may know a campaign."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, between, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_bounds
from common.contracts.reporting.campaigns import CampaignState, WindowAwardState
from common.divisions import ancestors_of, subtree_range
from reporting.orm import StoredRecord

_FAR = "9999-12-31"


class Awards:
    """Titles."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def holders(self, *, on: date, within: str | None, after: UUID | None, limit: int) -> list[WindowAwardState]:
        """Awards held on a day, in the order of their making; ISO days compare as texts."""
        day = on.isoformat()
        state = StoredRecord.state
        query = select(cast(state, Text)).where(
            StoredRecord.record == "reporting.window-award",
            state["awarded_on"].astext <= day,
            state["valid_until"].astext >= day,
            func.coalesce(state["withdrawn_on"].astext, _FAR) > day,
        )
        if within is not None:
            query = query.where(between(StoredRecord.division, *subtree_range(within)))
        if after is not None:
            query = query.where(StoredRecord.id > after)
        rows = await self._session.scalars(query.order_by(StoredRecord.id).limit(limit))
        return [WindowAwardState.model_validate_json(row) for row in rows]


class Campaigns:
    """Campaigns as far as somebody takes part in them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, campaign_id: UUID, *, actor: Actor) -> CampaignState | None:
        """One campaign."""
        found = await self._session.scalar(_query(actor).where(StoredRecord.id == campaign_id))
        return None if found is None else CampaignState.model_validate_json(found)

    async def page(self, *, actor: Actor, after: UUID | None, limit: int) -> list[CampaignState]:
        """Campaigns in the order of their making."""
        query = _query(actor)
        if after is not None:
            query = query.where(StoredRecord.id > after)
        rows = await self._session.scalars(query.order_by(StoredRecord.id).limit(limit))
        return [CampaignState.model_validate_json(row) for row in rows]


def _query(actor: Actor) -> Any:
    """Campaigns of the actor's subtree, and those of a level above that are meant for it. Source: O4.3a."""
    above = [actor.division, *ancestors_of(actor.division)] if actor.division else []
    low, high = scope_bounds(actor)
    meant = [StoredRecord.state.contains({"scope": [code]}) for code in above]
    return select(cast(StoredRecord.state, Text)).where(
        StoredRecord.record == "reporting.campaign", or_(between(StoredRecord.division, low, high), *meant)
    )
