"""Who may enter a change, and where it belongs. Pure."""

from common.auth import Actor, OutOfScope, Role, require_role
from common.divisions import Level, ancestors_of, contains
from registry.division_changes.domain.tree import Change, Plan

AUTHOR_LEVELS = frozenset({Level.PROVINCE, Level.CITY})


def concerned_codes(change: Change) -> set[str]:
    """Every code that a change names.

    Source: standards.md §1.
    """
    named = {*change.sources, *change.recode, *change.recode.values(), *(target.code for target in change.targets)}
    return named | ({change.heir} if change.heir else set())


def require_author(actor: Actor, change: Change) -> None:
    """A change is entered by a supervisor of the province or of a city who stands above all that it names.

    Source: O1.3a; standards.md §1 (Order 79: the province sets the codes of towns).

    Raises:
        RoleRequired: no supervisor.
        OutOfScope: of a county or below, or not above all of them.
    """
    require_role(actor, Role.BUREAU_SUPERVISOR)
    named = concerned_codes(change)
    is_above = all(code != actor.division and contains(actor.division, code) for code in named)
    if actor.level not in AUTHOR_LEVELS or not is_above:
        raise OutOfScope(clause="O1.3a")


def smallest_common(plan: Plan) -> str:
    """The smallest division that holds everything that ended, began or changed.

    Source: standards.md §1.
    """
    codes = [one.code for one in plan.endings] + [one.row.code for one in plan.beginnings]
    first = codes[0]
    return next(code for code in [first, *ancestors_of(first)] if all(contains(code, one) for one in codes))
