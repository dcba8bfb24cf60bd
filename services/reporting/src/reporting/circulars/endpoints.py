"""HTTP of circulars."""

from fastapi import APIRouter

router = APIRouter(tags=["circulars"])
