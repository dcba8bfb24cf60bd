"""HTTP of indicators."""

from fastapi import APIRouter

router = APIRouter(tags=["indicators"])
