"""HTTP of standings."""

from fastapi import APIRouter

router = APIRouter(tags=["standings"])
