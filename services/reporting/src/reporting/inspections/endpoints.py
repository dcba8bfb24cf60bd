"""HTTP of inspections."""

from fastapi import APIRouter

router = APIRouter(tags=["inspections"])
