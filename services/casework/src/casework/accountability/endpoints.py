"""Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/accountability", tags=["accountability"])
