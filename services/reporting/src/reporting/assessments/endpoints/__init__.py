"""HTTP of assessments and the ledger (考核奖惩). Source: O4.3g."""

from fastapi import APIRouter

from reporting.assessments.endpoints.ledger import ledger
from reporting.assessments.endpoints.results import results
from reporting.assessments.endpoints.rounds import rounds

router = APIRouter(tags=["assessments"])
router.include_router(ledger)
router.include_router(results)
router.include_router(rounds)

__all__ = ["router"]
