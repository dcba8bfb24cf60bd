"""What an office must have on the day on which it opens. Pure."""

from collections.abc import Iterable
from datetime import date

from common.contracts.registry.places import PremisesState
from common.policy import Parameter, ParameterNotInForce, parameter
from registry.offices.errors import PublicWindowRequired
from registry.offices.naming import OfficeKind


def public_windows(premises: Iterable[PremisesState], *, on: date) -> int:
    """How many windows for the public an office has on a day, over all its premises.

    Source: O2.2b.
    """
    current = (one for one in premises if one.ended_on is None or one.ended_on > on)
    return sum(window.is_public for one in current for window in one.windows)


def rule_of_windows(kind: str, *, on: date) -> Parameter | None:
    """The rule of the windows as it stands on a day; it is for the offices of towns and streets that operate.

    A window on a shared platform is under it too: it is one itself.

    Source: O2.2b, O1.1c.
    """
    if kind != OfficeKind.SERVICE_OFFICE:
        return None
    try:
        return parameter("public_windows_min", on=on)
    except ParameterNotInForce:
        return None


def require_window_to_operate(premises: Iterable[PremisesState], kind: str, *, on: date) -> None:
    """An office that operates, or is to operate from a day, has at least one window for the public (应) that day.

    Source: O2.2b.

    Raises:
        PublicWindowRequired: with these premises it has none, or fewer than the rule of the day asks for.
    """
    rule = rule_of_windows(kind, on=on)
    if rule is None:
        return
    found = public_windows(premises, on=on)
    if found < rule.number:
        raise PublicWindowRequired(
            f"应设置不少于{rule.number}个对外服务窗口，现为{found}个",
            value=found,
            required=rule.number,
            on=on.isoformat(),
            document=rule.document,
        )
