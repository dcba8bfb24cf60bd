"""HTTP of inspections (督导考核). Source: S2, S5, S6."""

from fastapi import APIRouter

from reporting.inspections.endpoints.running import running
from reporting.inspections.endpoints.templates import templates
from reporting.inspections.endpoints.visits import visits

router = APIRouter(tags=["inspections"])
router.include_router(templates)
router.include_router(visits)
router.include_router(running)

__all__ = ["router"]
