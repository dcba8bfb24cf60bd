"""How long each step of a proceeding may take, as parameters of policy say it."""

from datetime import date

from casework.accountability.domain import Periods
from common.policy import parameter


def periods_on(day: date) -> Periods:
    """The periods that hold on a day. Source: O4.3d; ADR 0011."""
    return Periods(
        statement_working_days=parameter("accountability_statement_working_days", on=day).number,
        decision_working_days=parameter("accountability_decision_working_days", on=day).number,
        appeal_days=parameter("accountability_appeal_days", on=day).number,
        outcome_days=parameter("accountability_appeal_outcome_days", on=day).number,
    )
