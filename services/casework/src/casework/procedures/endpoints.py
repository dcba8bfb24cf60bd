"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/procedures", tags=["procedures"])
