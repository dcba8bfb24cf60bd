"""Staff over HTTP. No personal data stands in an address; answers are masked."""

from fastapi import APIRouter

from registry.staff.endpoints.establishments import router as establishments
from registry.staff.endpoints.matrix import router as matrix
from registry.staff.endpoints.persons import router as persons
from registry.staff.endpoints.posts import router as posts
from registry.staff.endpoints.recruitments import router as recruitments
from registry.staff.endpoints.standards import router as standards

router = APIRouter()
for part in (posts, matrix, persons, establishments, standards, recruitments):
    router.include_router(part)

__all__ = ["router"]
