"""Pure rules of inspections: sampling, templates, scoring, visits, and the inspection itself."""

from reporting.inspections.domain import running, visits
from reporting.inspections.domain.labels import (
    COMPARISON_LABELS,
    DIMENSION_LABELS,
    INSPECTION_STATUS_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    STRATUM_LABELS,
    TEMPLATE_STATUS_LABELS,
    VISIT_STATUS_LABELS,
)
from reporting.inspections.domain.sampling import (
    FrameOffice,
    digest_of,
    draw,
    key_of,
    order_of,
    replaced,
    require_scope_below,
)
from reporting.inspections.domain.scoring import compare, permille_of, require_complete, score_of
from reporting.inspections.domain.templates import require_current, require_template
from reporting.inspections.domain.visits import Found

__all__ = [
    "COMPARISON_LABELS",
    "DIMENSION_LABELS",
    "INSPECTION_STATUS_LABELS",
    "KIND_LABELS",
    "MEASURE_LABELS",
    "STRATUM_LABELS",
    "TEMPLATE_STATUS_LABELS",
    "VISIT_STATUS_LABELS",
    "Found",
    "FrameOffice",
    "compare",
    "digest_of",
    "draw",
    "key_of",
    "order_of",
    "permille_of",
    "replaced",
    "require_complete",
    "require_current",
    "require_scope_below",
    "require_template",
    "running",
    "score_of",
    "visits",
]
