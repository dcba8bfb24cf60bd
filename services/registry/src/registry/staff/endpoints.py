"""staff over HTTP."""

from fastapi import APIRouter

router = APIRouter(tags=["staff"])
