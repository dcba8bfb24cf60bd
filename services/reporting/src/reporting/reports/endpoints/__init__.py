"""HTTP of reports."""

from fastapi import APIRouter

from reporting.reports.endpoints import periods, progress, reports, schedules

router = APIRouter(tags=["reports"])
for part in (schedules, periods, progress, reports):
    router.include_router(part.router)
