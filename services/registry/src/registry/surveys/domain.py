"""Rules of the baseline survey: what is asked, along the seven dimensions of S2. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.surveys.errors import CorrectionNeedsReason, FindingRefused, FindingUnknown, SurveyDayRefused

MAX_NUMBER = 10**13
MAX_TEXT = 500
Finding = int | bool | str


class Dimension(StrEnum):
    """What the building of the network consists of. Source: S2."""

    INSTITUTION = "institution"
    STAFF = "staff"
    PREMISES = "premises"
    EQUIPMENT = "equipment"
    FUNDS = "funds"
    SERVICES = "services"
    SYSTEMS = "systems"


DIMENSION_LABELS: Mapping[Dimension, str] = {
    Dimension.INSTITUTION: "机构",
    Dimension.STAFF: "人员",
    Dimension.PREMISES: "场地",
    Dimension.EQUIPMENT: "设备",
    Dimension.FUNDS: "资金",
    Dimension.SERVICES: "服务",
    Dimension.SYSTEMS: "信息化",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the survey asks.

    Attributes:
        kind: of the answer: int, bool or str.
        unit: of a number, Chinese.
    """

    code: str
    label: str
    dimension: Dimension
    kind: type[int | bool | str]
    unit: str | None = None


QUESTIONS: Mapping[str, Question] = {
    one.code: one
    for one in (
        Question("is_set_up", "是否已设机构", Dimension.INSTITUTION, bool),
        Question("has_platform", "所在地是否已建多功能公共服务平台", Dimension.INSTITUTION, bool),
        Question("staff", "工作人员", Dimension.STAFF, int, "人"),
        Question("established_posts", "编制", Dimension.STAFF, int, "个"),
        Question("served_persons", "服务对象", Dimension.STAFF, int, "人"),
        Question("floor_area_dm2", "办公和服务场地建筑面积", Dimension.PREMISES, int, "平方分米"),
        Question("public_windows", "对外服务窗口", Dimension.PREMISES, int, "个"),
        Question("computers", "电脑", Dimension.EQUIPMENT, int, "台"),
        Question("equipment_kinds", "已配备的基本设备类别", Dimension.EQUIPMENT, int, "类"),
        Question("yearly_budget_fen", "年度工作经费", Dimension.FUNDS, int, "分"),
        Question("duties_covered", "已开展的职责", Dimension.SERVICES, int, "项"),
        Question("yearly_cases", "年办件量", Dimension.SERVICES, int, "件"),
        Question("is_networked", "是否已联网", Dimension.SYSTEMS, bool),
        Question("uses_unified_software", "是否使用统一业务软件", Dimension.SYSTEMS, bool),
        Question("remarks", "其他情况（不得填写个人信息）", Dimension.SYSTEMS, str),
    )
}
"""The policy names the dimensions and no questions; these are ours, and answers by further codes are refused."""


def require_findings(findings: Mapping[str, Finding]) -> None:
    """Every answer belongs to a question and is of its kind.

    Source: S2, S3.

    Raises:
        FindingUnknown: there is no such question.
        FindingRefused: a flag where a number is asked for, a negative number, an endless text.
    """
    for code, value in findings.items():
        question = QUESTIONS.get(code)
        if question is None:
            raise FindingUnknown(known=[*sorted(QUESTIONS)])
        fits = type(value) is question.kind
        if type(value) is int:
            fits = fits and 0 <= value <= MAX_NUMBER
        if type(value) is str:
            fits = fits and 0 < len(value) <= MAX_TEXT
        if not fits:
            raise FindingRefused(finding=code, kind=question.kind.__name__)


def require_surveyed(surveyed_on: date, *, effective_on: date) -> None:
    """A survey is told when it was made, or later.

    Source: S3.

    Raises:
        SurveyDayRefused: it would tell what nobody has seen yet.
    """
    if surveyed_on > effective_on:
        raise SurveyDayRefused(latest=effective_on.isoformat())


def require_reason(reason: str | None) -> None:
    """Whoever corrects a baseline says why; the states of before stay in the history, so nothing is forbidden.

    Source: S3.

    Raises:
        CorrectionNeedsReason: nothing was said.
    """
    if reason is None:
        raise CorrectionNeedsReason
