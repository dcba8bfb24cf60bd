"""What is worked out about offices: a name, the duties covered, the signs."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, Labelled
from registry.offices.domain import DutyCoverage
from registry.offices.naming import OFFICE_KIND_LABELS, OfficeKind
from registry.offices.service import ProposedName, SignCount


class NameProposal(AnswerModel):
    """统一命名规则给出的机构名称；规则不能成名时 `name` 为 null，并说明原因。"""

    division: str
    level: Level
    level_label: str
    kind: OfficeKind
    kind_label: str
    name: str | None
    mark: str | None = Field(description="V：已读原文；P：二手页面；K：推断，待核。")
    source: str | None
    clause: str
    explanation: str | None = Field(description="不能成名的原因。")

    @classmethod
    def of(cls, proposed: ProposedName, clause: str) -> Self:
        """From the rule."""
        named, unnamed = proposed.named, proposed.unnamed
        return cls(
            division=proposed.division,
            level=proposed.level,
            level_label=LEVEL_LABELS[proposed.level],
            kind=proposed.kind,
            kind_label=OFFICE_KIND_LABELS[proposed.kind],
            name=named.name if named else None,
            mark=named.mark if named else None,
            source=named.source if named else None,
            clause=unnamed.clause if unnamed else clause,
            explanation=unnamed.explanation if unnamed else None,
        )


class SeventhDuty(AnswerModel):
    """第七项职责（自主择业军队转业干部管理服务）的主管系统；2018年机构改革划转。"""

    lead: str
    since: date
    document: str


class DutyCoverageAnswer(AnswerModel):
    """机构承担该日各项职责的情况（O1.1a）。"""

    office_id: UUID
    on: date
    covered: list[Labelled]
    missing: list[Labelled]
    clause: str
    demobilised_officers: SeventhDuty | None = Field(description="该日尚无规定时为 null。")

    @classmethod
    def of(cls, office_id: UUID, on: date, coverage: DutyCoverage) -> Self:
        """From the rule."""
        lead = coverage.seventh_lead
        return cls(
            office_id=office_id,
            on=on,
            covered=[Labelled(code=one.code, label=one.label) for one in coverage.covered],
            missing=[Labelled(code=one.code, label=one.label) for one in coverage.missing],
            clause="O1.1a",
            demobilised_officers=SeventhDuty(lead=lead[0], since=lead[1], document=lead[2]) if lead else None,
        )


class SignCoverageOfKind(AnswerModel):
    """一类机构的标识覆盖情况。"""

    kind: OfficeKind
    kind_label: str
    operating: int
    installed: int
    rate_percent: str | None = Field(description="两位小数；没有运行中的机构时为 null。")


class SignCoverage(AnswerModel):
    """区划内运行中的服务所、服务站设置统一公共服务标识的比例（O2.1c）。"""

    division: str
    on: date
    operating: int
    installed: int
    rate_percent: str | None
    clause: str
    kinds: list[SignCoverageOfKind]

    @classmethod
    def of(cls, division: str, on: date, counts: Sequence[SignCount]) -> Self:
        """From the counts."""
        operating, installed = sum(one.operating for one in counts), sum(one.installed for one in counts)
        return cls(
            division=division,
            on=on,
            operating=operating,
            installed=installed,
            rate_percent=_percent(installed, operating),
            clause="O2.1c",
            kinds=[
                SignCoverageOfKind(
                    kind=one.kind,
                    kind_label=OFFICE_KIND_LABELS[one.kind],
                    operating=one.operating,
                    installed=one.installed,
                    rate_percent=_percent(one.installed, one.operating),
                )
                for one in counts
            ],
        )


def _percent(part: int, whole: int) -> str | None:
    """Hundredths of a percent, cut and not rounded: 100.00 means all."""
    if whole == 0:
        return None
    return f"{part * 10000 // whole // 100}.{part * 10000 // whole % 100:02d}"
