"""Over HTTP: the public files, tracks and appeals without a token; staff work on what is theirs. Source: O4.3f."""

from fastapi import APIRouter

from casework.complaints.endpoints.handling import handling
from casework.complaints.endpoints.public import public

router = APIRouter()
router.include_router(public)
router.include_router(handling)

__all__ = ["router"]
