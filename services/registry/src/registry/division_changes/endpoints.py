"""division changes over HTTP."""

from fastapi import APIRouter

router = APIRouter(tags=["division_changes"])
