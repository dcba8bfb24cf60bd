"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/online", tags=["online"])
