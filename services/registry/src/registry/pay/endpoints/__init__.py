"""Pay over HTTP. Source: O1.4e, O1.4f, O1.4g."""

from fastapi import APIRouter

from registry.pay.endpoints.public_employees import router as public_employees
from registry.pay.endpoints.rates import router as rates
from registry.pay.endpoints.recoveries import router as recoveries
from registry.pay.endpoints.rosters import router as rosters
from registry.pay.endpoints.runs import router as runs
from registry.pay.endpoints.tasks import router as tasks

router = APIRouter()
for part in (tasks, rates, runs, recoveries, rosters, public_employees):
    router.include_router(part)

__all__ = ["router"]
