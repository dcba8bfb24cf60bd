"""HTTP of programmes."""

from fastapi import APIRouter

router = APIRouter(tags=["programmes"])
