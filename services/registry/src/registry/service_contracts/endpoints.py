"""service contracts over HTTP."""

from fastapi import APIRouter

router = APIRouter(tags=["service_contracts"])
