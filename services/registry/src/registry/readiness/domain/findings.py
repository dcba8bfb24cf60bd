"""How a criterion says what it found: the rule with its number, the clause, the evidence. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.contracts.registry import RecordState, record_of
from common.contracts.registry.readiness import CriterionState, CriterionStatus
from common.errors import NotFound
from common.policy import Parameter, parameter


@dataclass(frozen=True, slots=True)
class Rule:
    """What a criterion asks on the day of the rules.

    Attributes:
        text: Chinese, with the number in force.
        basis: the parameter that states it.
    """

    text: str
    basis: Parameter


def basis_on(code: str, rules_on: date) -> Parameter | None:
    """The parameter in force on the day of the rules; None before any document stated it.

    Source: S0.
    """
    try:
        return parameter(code, on=rules_on)
    except NotFound:
        return None


def not_yet(code: str, clause: str, rules_on: date) -> CriterionState:
    """A criterion on a day on which nothing asked for it.

    Source: S0.
    """
    return CriterionState(
        code=code,
        status="not_applicable",
        clause=clause,
        document="",
        strength="fact",
        rule=f"{rules_on.isoformat()}尚无此项规定",
        value="",
        why=None,
        evidence=(),
        waiver_expires_on=None,
    )


def found(
    code: str,
    rule: Rule,
    status: CriterionStatus,
    value: str,
    *,
    why: str | None = None,
    evidence: Iterable[RecordState] = (),
    waiver_expires_on: date | None = None,
    clause: str | None = None,
) -> CriterionState:
    """What a criterion found, with its rule's clause and document.

    Source: S2.
    """
    return CriterionState(
        code=code,
        status=status,
        clause=clause or rule.basis.clause,
        document=rule.basis.document,
        strength=rule.basis.strength.value,
        rule=rule.text,
        value=value,
        why=why,
        evidence=tuple(f"{record_of(type(one)).name}:{one.id}" for one in evidence),
        waiver_expires_on=waiver_expires_on,
    )
