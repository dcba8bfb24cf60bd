"""How far an office is from the standard (达标): criteria, each with value, rule, clause, evidence and waiver. Pure."""

from registry.readiness.domain.criteria import CRITERIA, CRITERION_LABELS, judge, judged_status
from registry.readiness.domain.figures import figures_of
from registry.readiness.domain.labels import CRITERION_STATUS_LABELS, READINESS_STATUS_LABELS, STRENGTH_LABELS
from registry.readiness.domain.picture import MODELS, Picture, picture_of
from registry.readiness.domain.places import missing_equipment_of

__all__ = [
    "CRITERIA",
    "CRITERION_LABELS",
    "CRITERION_STATUS_LABELS",
    "MODELS",
    "READINESS_STATUS_LABELS",
    "STRENGTH_LABELS",
    "Picture",
    "figures_of",
    "judge",
    "judged_status",
    "missing_equipment_of",
    "picture_of",
]
