"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/uploads", tags=["uploads"])
