"""Data scope: a predicate in the SQL statement, never an `if` after the query."""

from typing import TYPE_CHECKING

from common.auth.actor import Actor, Role
from common.auth.errors import OutOfScope, RoleRequired
from common.divisions import is_code, subtree_range

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

NOTHING = ("1", "0")
"""Bounds that no code lies between."""


def scope_bounds(actor: Actor) -> tuple[str, str]:
    """Inclusive bounds for `division BETWEEN lo AND hi`; an actor without a division sees nothing.

    Source: ADR 0005.
    """
    return subtree_range(actor.division) if actor.division else NOTHING


def scope_clause(column: "ColumnElement[str] | InstrumentedAttribute[str]", actor: Actor) -> "ColumnElement[bool]":
    """The same for SQLAlchemy; the column must be `char(12) COLLATE "C"`.

    Source: ADR 0005.
    """
    low, high = scope_bounds(actor)
    return column.between(low, high)


def require_scope(actor: Actor, division: str) -> None:
    """For writes that name a division before any row exists.

    Source: ADR 0005.

    Raises:
        OutOfScope: the division is not the actor's own and not below it; also when it is no code at all.
    """
    low, high = scope_bounds(actor)
    if not (is_code(division) and low <= division <= high):
        raise OutOfScope


def require_role(actor: Actor, *roles: Role) -> None:
    """Lets through who holds at least one of the roles.

    Source: ADR 0005.

    Raises:
        RoleRequired: none of them; the answer names the roles that would do.
    """
    if not actor.has_role(*roles):
        raise RoleRequired(required_roles=[role.value for role in sorted(roles)])
