"""The rules by which the tree of divisions changes, pure: the service does exactly what they say."""

from registry.division_changes.domain.planning import plan_change
from registry.division_changes.domain.scope import concerned_codes, require_author, smallest_common
from registry.division_changes.domain.tree import (
    CHANGE_LABELS,
    Beginning,
    Change,
    ChangeKind,
    Ending,
    Plan,
    Standing,
    Target,
    Tree,
    apply_plan,
    kind_of_code,
)

__all__ = [
    "CHANGE_LABELS",
    "Beginning",
    "Change",
    "ChangeKind",
    "Ending",
    "Plan",
    "Standing",
    "Target",
    "Tree",
    "apply_plan",
    "concerned_codes",
    "kind_of_code",
    "plan_change",
    "require_author",
    "smallest_common",
]
