"""Answers about standings, and what measures are called."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.http import AnswerModel
from reporting.levels.schemas import AnsweredPlace
from reporting.standings.domain import FIGURE_LABELS, KIND_LABELS, PAIRS, OfficeStanding

_PLAIN = {
    "offices": "机构数",
    "judged": "已核机构数",
    "status.planned": "规划",
    "status.building": "在建",
    "status.operating": "运行",
    "status.suspended": "暂停",
    "status.closed": "撤销",
    "readiness.ready": "达标",
    "readiness.ready_with_waivers": "达标（含放宽）",
    "readiness.not_ready": "未达标",
    "readiness.unknown": "待核实",
    "staffing_range.short": "人员不足",
    "staffing_range.within": "人员在规定范围内",
    "staffing_range.over": "人员超配",
}
_FINDINGS = {
    "met": "达标",
    "waived": "经批准放宽",
    "unmet": "未达标",
    "not_applicable": "不适用",
    "known": "有数据的机构",
}


def measure_label(measure: str) -> str:
    """What a measure is called; its code where there is no word for it."""
    kind, _, what = measure.partition(".")
    return f"{KIND_LABELS.get(kind, kind)}：{_what(what)}"


def _what(what: str) -> str:
    if what in _PLAIN:
        return _PLAIN[what]
    stem, _, finding = what.rpartition(".")
    if finding in _FINDINGS:
        return f"{_what(stem)}（{_FINDINGS[finding]}）"
    one, _, base = what.partition("@")
    label = FIGURE_LABELS.get(one, (one, ""))[0]
    return f"{label}（同时有{FIGURE_LABELS.get(base, (base, ''))[0]}的机构）" if base else label


class StandingMeasure(AnswerModel):
    """一个可用于指标的数据项。"""

    code: str
    label: str
    unit: str


class StandingMeasures(AnswerModel):
    """可用于指标定义的数据项；另有各项标准的 `类别.标准.met|waived|unmet|not_applicable`。"""

    measures: list[StandingMeasure]


def measures() -> StandingMeasures:
    """Every measure with a word of its own."""
    found = []
    for kind in KIND_LABELS:
        codes = [(code, "个") for code in _PLAIN]
        codes += [(code, unit) for code, (_, unit) in FIGURE_LABELS.items()]
        codes += [(f"{code}.known", "个") for code in FIGURE_LABELS]
        codes += [(f"{one}@{base}", FIGURE_LABELS.get(one, ("", ""))[1]) for one, base in PAIRS]
        codes += [(f"{base}@{one}", FIGURE_LABELS.get(base, ("", ""))[1]) for one, base in PAIRS]
        found += [(f"{kind}.{code}", unit) for code, unit in codes]
    return StandingMeasures(
        measures=[StandingMeasure(code=code, label=measure_label(code), unit=unit) for code, unit in found]
    )


class StandingView(AnswerModel):
    """本层级所知的一个机构的现状。"""

    office_id: UUID
    division: str
    record_id: UUID
    record_version: int
    effective_on: date = Field(description="该状态自此日起。")
    readiness: str
    counts: dict[str, int] = Field(description="各数据项；没有数据的不列。")

    @classmethod
    def of(cls, office: OfficeStanding) -> Self:
        """From the standing."""
        return cls(
            office_id=office.office_id,
            division=office.division,
            record_id=office.record_id,
            record_version=office.version,
            effective_on=office.effective_on,
            readiness=office.status,
            counts=dict(office.counts),
        )


class StandingsPage(AnsweredPlace):
    """一页机构现状，按区划代码排列。"""

    on: date
    items: list[StandingView]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )
