"""funding over HTTP."""

from fastapi import APIRouter

router = APIRouter(tags=["funding"])
