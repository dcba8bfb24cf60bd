"""Answers about readiness."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.registry.readiness import CriterionState, CriterionStatus, ReadinessState, ReadinessStatus
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel
from registry.offices.service import Standing
from registry.readiness.domain import (
    CRITERION_LABELS,
    CRITERION_STATUS_LABELS,
    READINESS_STATUS_LABELS,
    STRENGTH_LABELS,
)


class Criterion(AnswerModel):
    """一项标准：规定、现状、条款、依据；`why` 说明为何未达标。"""

    code: str
    label: str
    status: CriterionStatus
    status_label: str
    strength: str = Field(description="hard：应、不得；soft：一般、原则上；fact：只陈述。")
    strength_label: str
    clause: str
    document: str = Field(description="文号；该日尚无规定时为空。")
    rule: str
    value: str
    why: str | None
    evidence: list[str] = Field(description="作为依据的记录，`类别:编号`。")
    waiver_expires_on: date | None

    @classmethod
    def of(cls, state: CriterionState) -> Self:
        """From the finding."""
        return cls(
            code=state.code,
            label=CRITERION_LABELS[state.code],
            status=state.status,
            status_label=CRITERION_STATUS_LABELS[state.status],
            strength=state.strength,
            strength_label=STRENGTH_LABELS[state.strength],
            clause=state.clause,
            document=state.document,
            rule=state.rule,
            value=state.value,
            why=state.why,
            evidence=list(state.evidence),
            waiver_expires_on=state.waiver_expires_on,
        )


class Readiness(AnswerModel):
    """一个机构在某日按某日规定的达标情况。"""

    office_id: UUID
    division: str
    level: Level
    level_label: str
    on: date = Field(description="按该日的情况。")
    rules_on: date = Field(description="按该日有效的规定。")
    status: ReadinessStatus
    status_label: str
    criteria: list[Criterion]
    why_not: list[str] = Field(description="未达标和无记录的各项原因。")

    @classmethod
    def of(cls, state: ReadinessState) -> Self:
        """From the state."""
        return cls(
            office_id=state.office_id,
            division=state.division,
            level=state.level,
            level_label=LEVEL_LABELS[state.level],
            on=state.effective_on,
            rules_on=state.rules_on,
            status=state.status,
            status_label=READINESS_STATUS_LABELS[state.status],
            criteria=[Criterion.of(one) for one in state.criteria],
            why_not=[
                f"{CRITERION_LABELS[one.code]}：{one.why}（{one.clause}）"
                for one in state.criteria
                if one.why and one.status in {"unmet", "unknown"}
            ],
        )


class StatusCount(AnswerModel):
    """某一达标情况的机构数。"""

    status: ReadinessStatus
    status_label: str
    offices: int


class DivisionStanding(AnswerModel):
    """一个下级区划（含以下）各达标情况的机构数。"""

    division: str
    offices: int
    statuses: list[StatusCount]


class Reason(AnswerModel):
    """一项标准在多少机构处于何种情况。"""

    criterion: str
    criterion_label: str
    status: CriterionStatus
    status_label: str
    offices: int


class ReadinessSummary(AnswerModel):
    """一个区划的达标汇总：总数、各直接下级、各项标准；截至今日，随变动更新。"""

    division: str
    offices: int
    statuses: list[StatusCount]
    children: list[DivisionStanding]
    reasons: list[Reason] = Field(description="已核各项标准的情况，机构多者在前。")

    @classmethod
    def of(
        cls,
        division: str,
        standings: Mapping[str, Sequence[Standing]],
        reasons: Mapping[tuple[str, str], int],
    ) -> Self:
        """From what is kept: standings by the child that holds them, the division's own office under its own code."""
        everything = [standing for found in standings.values() for standing in found]
        return cls(
            division=division,
            offices=sum(standing.offices for standing in everything),
            statuses=_statuses(everything),
            children=[
                DivisionStanding(
                    division=child,
                    offices=sum(standing.offices for standing in found),
                    statuses=_statuses(found),
                )
                for child, found in sorted(standings.items())
            ],
            reasons=[
                Reason.model_validate(
                    {
                        "criterion": code,
                        "criterion_label": CRITERION_LABELS[code],
                        "status": status,
                        "status_label": CRITERION_STATUS_LABELS[status],
                        "offices": count,
                    }
                )
                for (code, status), count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
            ],
        )


def _statuses(standings: Iterable[Standing]) -> list[StatusCount]:
    counts: dict[str, int] = {}
    for standing in standings:
        counts[standing.status] = counts.get(standing.status, 0) + standing.offices
    return [
        StatusCount.model_validate({"status": status, "status_label": label, "offices": counts[status]})
        for status, label in READINESS_STATUS_LABELS.items()
        if status in counts
    ]
