"""Scope is a range of codes: the actor's own division and everything below, to the digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, column
from sqlalchemy.dialects import postgresql

from common.auth import Actor, OutOfScope, Role, RoleRequired, require_role, require_scope, scope_bounds, scope_clause
from common.divisions import contains, level_of

ROOTS = ["440000000000", "440300000000", "440303000000", "440303003000", "440303003001", "441900003000", "441900000000"]
CODES = [
    *ROOTS,
    "440304000000",
    "440303004000",
    "440303003002",
    "430300000000",
    "450000000000",
    "441900003001",
    "441901000000",
]


def actor_of(division: str, *roles: Role) -> Actor:
    level = level_of(division) if division else level_of("440303003001")
    return Actor("s", "n", None, level, division, frozenset(roles or {Role.WINDOW_CLERK}))


@given(st.sampled_from(ROOTS), st.sampled_from(CODES))
def test_scope_is_exactly_the_subtree(root: str, code: str) -> None:
    low, high = scope_bounds(actor_of(root))
    assert (low <= code <= high) == contains(root, code)
    if contains(root, code):
        require_scope(actor_of(root), code)
    else:
        with pytest.raises(OutOfScope):
            require_scope(actor_of(root), code)


@pytest.mark.parametrize("code", ["", "44", "4403030030010", "440303003abc", "４４０３０３００３００１"])
def test_what_is_no_code_is_in_nobodys_scope(code: str) -> None:
    with pytest.raises(OutOfScope):
        require_scope(actor_of("440000000000"), code)


@pytest.mark.parametrize("code", CODES)
def test_a_citizen_sees_no_division(code: str) -> None:
    low, high = scope_bounds(actor_of("", Role.CITIZEN))
    assert not low <= code <= high
    with pytest.raises(OutOfScope):
        require_scope(actor_of("", Role.CITIZEN), code)


def test_the_sql_predicate_carries_the_same_bounds() -> None:
    clause = scope_clause(column("division", String), actor_of("440303003000"))
    text = str(clause.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    assert text == "division BETWEEN '440303003000' AND '440303003999'"


def test_roles_are_asked_by_name() -> None:
    require_role(actor_of("440000000000", Role.AUDITOR), Role.AUDITOR, Role.ADMINISTRATOR)
    with pytest.raises(RoleRequired) as refusal:
        require_role(actor_of("440000000000", Role.CITIZEN), Role.AUDITOR, Role.ADMINISTRATOR)
    assert refusal.value.facts == {"required_roles": ["administrator", "auditor"]}
