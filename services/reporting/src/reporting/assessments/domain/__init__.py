"""Pure rules of assessments and the ledger."""

from reporting.assessments.domain import rounds
from reporting.assessments.domain.reckoning import (
    Graded,
    Reckoned,
    grade,
    permille_of,
    reckon,
    require_scheme,
    require_values,
)

__all__ = ["Graded", "Reckoned", "grade", "permille_of", "reckon", "require_scheme", "require_values", "rounds"]
