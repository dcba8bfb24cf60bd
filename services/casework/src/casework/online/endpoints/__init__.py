"""What the public does itself, over HTTP."""

from fastapi import APIRouter

from casework.online.endpoints.applications import router as applications
from casework.online.endpoints.materials import router as materials
from casework.online.endpoints.progress import router as progress

router = APIRouter()
router.include_router(applications)
router.include_router(progress)
router.include_router(materials)
