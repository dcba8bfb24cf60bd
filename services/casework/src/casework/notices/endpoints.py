"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/holiday-notices", tags=["holiday-notices"])
