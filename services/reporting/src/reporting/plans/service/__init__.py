"""Use cases of plans."""

from reporting.plans.service.access import Whose
from reporting.plans.service.executing import (
    GivenInclusion,
    GivenProgress,
    enter_inclusion,
    note_progress,
    pass_stage,
    waive_stage,
)
from reporting.plans.service.filing import accept_plan, file_plan, return_plan
from reporting.plans.service.preparing import GivenLine, GivenPlan, approve_plan, begin_plan, edit_plan
from reporting.plans.service.reading import (
    CityStanding,
    Coverage,
    get_execution,
    get_filing,
    get_plan,
    list_coverage,
    list_inclusions,
    list_plans,
    list_progress,
    overview,
)

__all__ = [
    "CityStanding",
    "Coverage",
    "GivenInclusion",
    "GivenLine",
    "GivenPlan",
    "GivenProgress",
    "Whose",
    "accept_plan",
    "approve_plan",
    "begin_plan",
    "edit_plan",
    "enter_inclusion",
    "file_plan",
    "get_execution",
    "get_filing",
    "get_plan",
    "list_coverage",
    "list_inclusions",
    "list_plans",
    "list_progress",
    "note_progress",
    "overview",
    "pass_stage",
    "return_plan",
    "waive_stage",
]
