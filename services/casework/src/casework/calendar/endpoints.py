"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/calendar", tags=["calendar"])
