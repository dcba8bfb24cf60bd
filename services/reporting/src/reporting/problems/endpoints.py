"""HTTP of problems."""

from fastapi import APIRouter

router = APIRouter(tags=["problems"])
