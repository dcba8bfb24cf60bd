"""Charter: who acts, and which rows they may see. Bearer tokens of any OIDC provider become an `Actor`; scope is SQL.

Source: ADR 0005. Nothing here writes a claim, a token or a name to a log.
"""

from common.auth.actor import ROLE_LABELS, SERVICE_ROLES, Actor, Role
from common.auth.errors import KeysUnavailable, OutOfScope, RoleRequired, TokenExpired, TokenInvalid, TokenMissing
from common.auth.scope import require_role, require_scope, scope_bounds, scope_clause
from common.auth.verifier import AuthSettings, TokenVerifier

__all__ = [
    "ROLE_LABELS",
    "SERVICE_ROLES",
    "Actor",
    "AuthSettings",
    "KeysUnavailable",
    "OutOfScope",
    "Role",
    "RoleRequired",
    "TokenExpired",
    "TokenInvalid",
    "TokenMissing",
    "TokenVerifier",
    "require_role",
    "require_scope",
    "scope_bounds",
    "scope_clause",
]
