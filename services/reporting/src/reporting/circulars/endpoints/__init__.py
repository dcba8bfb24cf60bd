"""HTTP of circulars."""

from fastapi import APIRouter

from reporting.circulars.endpoints.marks import router as marks
from reporting.circulars.endpoints.reading import router as reading
from reporting.circulars.endpoints.writing import router as writing

router = APIRouter()
router.include_router(reading)
router.include_router(writing)
router.include_router(marks)
