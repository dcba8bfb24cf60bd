"""Over HTTP."""

from fastapi import APIRouter

from casework.accountability.endpoints.ledger import router as ledger
from casework.accountability.endpoints.proceedings import router as proceedings
from casework.accountability.endpoints.warnings import router as warnings

router = APIRouter(prefix="/accountability", tags=["accountability"])
for part in (warnings, proceedings, ledger):
    router.include_router(part)
