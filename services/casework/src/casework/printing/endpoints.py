"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/documents", tags=["documents"])
