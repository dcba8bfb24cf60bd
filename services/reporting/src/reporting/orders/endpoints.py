"""HTTP of orders."""

from fastapi import APIRouter

router = APIRouter(tags=["orders"])
