"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/ratings", tags=["ratings"])
