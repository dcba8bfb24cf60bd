"""Who may read records and receipts, and which: bounds for `division BETWEEN $1 AND $2`, never an `if` afterwards."""

from common.auth import SERVICE_ROLES, Actor, require_role, scope_bounds
from common.divisions import subtree_range

READERS = SERVICE_ROLES
"""Everybody who works with records; an administrator manages accounts and sees none."""

Bounds = tuple[str, str]


def reading_bounds(actor: Actor, division: str | None = None) -> Bounds:
    """Inclusive bounds of what the actor may read, narrowed to one division's subtree; empty where the two do not meet.

    Source: architecture.md §6.

    Raises:
        RoleRequired: the actor reads no records.
        InvalidDivisionCode: `division` is no code.
    """
    require_role(actor, *READERS)
    low, high = scope_bounds(actor)
    if division is None:
        return low, high
    narrow_low, narrow_high = subtree_range(division)
    return max(low, narrow_low), min(high, narrow_high)
