"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/applications", tags=["applications"])
