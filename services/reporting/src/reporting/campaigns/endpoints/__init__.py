"""HTTP of campaigns for model windows (优质文明窗口). Source: O4.3a."""

from fastapi import APIRouter

from reporting.campaigns.endpoints.applications import applications
from reporting.campaigns.endpoints.awards import awards
from reporting.campaigns.endpoints.campaigns import campaigns

router = APIRouter(tags=["campaigns"])
router.include_router(awards)
router.include_router(applications)
router.include_router(campaigns)

__all__ = ["router"]
