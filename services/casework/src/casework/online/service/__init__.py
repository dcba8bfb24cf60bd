"""Use cases of what the public does itself."""

from casework.online.service.applying import (
    ApplicationInput,
    OwnCase,
    apply_online,
    get_case_application,
    get_own_application,
    list_own_applications,
    supply_own_case,
    withdraw_own_case,
)
from casework.online.service.asking import ask_progress
from casework.online.service.attaching import attach_materials
from casework.online.service.telling import Happened, list_own_notifications, tell_applicants

__all__ = [
    "ApplicationInput",
    "Happened",
    "OwnCase",
    "apply_online",
    "ask_progress",
    "attach_materials",
    "get_case_application",
    "get_own_application",
    "list_own_applications",
    "list_own_notifications",
    "supply_own_case",
    "tell_applicants",
    "withdraw_own_case",
]
