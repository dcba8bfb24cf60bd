"""Why a question about a level is refused."""

from common.errors import Forbidden, Invalid


class LevelAboveOwn(Forbidden):
    """What a level above the actor's own has accepted is for that level to tell. Source: ADR 0012."""

    code = "reporting.level-above-own"
    title = "不能查询上级层级的入账数据"


class DivisionAboveLevel(Invalid):
    """The level lies below the division: it keeps figures for its own divisions and those below, not above."""

    code = "reporting.division-above-level"
    title = "该层级没有此区划的汇总，请改用不低于该区划的层级"


class LevelNotOnPath(Invalid):
    """The division's path has no such level (东莞, 中山 have no counties). Source: architecture.md §5."""

    code = "reporting.level-not-on-path"
    title = "该区划的上级链中没有此层级"


class DaysReversed(Invalid):
    """The period ends before it begins."""

    code = "reporting.days-reversed"
    title = "结束日期早于开始日期"


class DaysTooMany(Invalid):
    """The period is longer than one answer may cover."""

    code = "reporting.days-too-many"
    title = "查询期间过长"
