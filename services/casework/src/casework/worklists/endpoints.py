"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/worklists", tags=["worklists"])
