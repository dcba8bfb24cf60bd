"""The summary over HTTP: public."""

from fastapi import APIRouter

from registry.deps import AsOf, ReadSession
from registry.summaries import service
from registry.summaries.schemas import SummaryAnswer

router = APIRouter(prefix="/summary", tags=["summary"])


@router.get("", summary="区划与机构数量", description="无需登录。")
async def get_summary(session: ReadSession, on: AsOf) -> SummaryAnswer:
    """Counts divisions and offices."""
    found = await service.get_summary(session, on=on)
    return SummaryAnswer(
        divisions=found.divisions,
        county_fillers=found.fillers,
        formal_towns=found.formal_towns,
        offices=found.offices,
        naming_reports=found.naming_reports,
    )
