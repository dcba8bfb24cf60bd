"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/assist-tasks", tags=["assist-tasks"])
