"""Appointments and queues over HTTP."""

from fastapi import APIRouter

from casework.appointments.endpoints.appointments import router as appointments
from casework.appointments.endpoints.queues import router as queues

router = APIRouter()
router.include_router(appointments)
router.include_router(queues)
