"""Why a question about indicators, or a new definition, is refused."""

from common.errors import Conflict, Invalid, NotFound, Rejected


class IndicatorUnknown(NotFound):
    """No definition of this code holds on that day."""

    code = "reporting.indicators.unknown"
    title = "该日没有此指标"


class TermUnknown(Rejected):
    """A term names what its source does not measure. Source: S2."""

    code = "reporting.indicators.term-unknown"
    title = "指标引用了不存在的数据项"


class DefinitionIncomplete(Rejected):
    """What the definition says does not fit together. Source: S2."""

    code = "reporting.indicators.definition-incomplete"
    title = "指标定义前后不一致"


class ClauseUnknown(Rejected):
    """The definition cites a clause that the policy does not have. Source: S2."""

    code = "reporting.indicators.clause-unknown"
    title = "所引条款不存在"


class DefinitionTooEarly(Conflict):
    """The version before holds from a later day. Source: S2."""

    code = "reporting.indicators.definition-too-early"
    title = "生效日期早于上一版本"


class IndicatorWithdrawn(Conflict):
    """The indicator has been withdrawn already."""

    code = "reporting.indicators.withdrawn"
    title = "指标已停用"


class NotTheProvince(Rejected):
    """Indicators are the same in the whole province, so that areas can be compared. Source: S1."""

    code = "reporting.indicators.not-the-province"
    title = "指标由省级统一制定"


class TooManyPoints(Invalid):
    """A series has more points than one answer may hold."""

    code = "reporting.indicators.too-many-points"
    title = "时间点过多"


class LevelNotBelow(Invalid):
    """The divisions to compare lie above the one that is asked about, or above the level that is asked."""

    code = "reporting.indicators.level-not-below"
    title = "比较的层级须在所选区划之下"
