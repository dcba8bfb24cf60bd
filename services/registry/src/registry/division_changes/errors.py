"""What can be wrong with a change of divisions. Source: S0; standards.md §1 (Order 79)."""

from common.errors import NotFound, Rejected


class ChangeNotFound(NotFound):
    """There is no such change."""

    code = "registry.division-change-not-found"
    title = "区划调整记录不存在"


class ChangeIncomplete(Rejected):
    """What the kind of change needs is missing, or something is there that it cannot have."""

    code = "registry.division-change-incomplete"
    title = "区划调整的内容不完整"
    default_clause = "S0"


class ChangeInFuture(Rejected):
    """The tree of a day to come is not kept: a change is entered on its day or afterwards."""

    code = "registry.division-change-in-future"
    title = "区划调整的生效日期不得晚于今天"
    default_clause = "S0"


class ChangesOverlap(Rejected):
    """A division concerned has changed on that day or later."""

    code = "registry.division-changes-overlap"
    title = "该区划在此日或此后已有调整"
    default_clause = "S0"


class CodeUnknown(Rejected):
    """No division ever had the code."""

    code = "registry.division-change-code-unknown"
    title = "区划代码不存在"
    default_clause = "S0"


class CodeRetired(Rejected):
    """The code was a division's once, and is no more."""

    code = "registry.division-change-code-retired"
    title = "区划代码已废止"
    default_clause = "S0"


class CodeReused(Rejected):
    """A new division gets a code that never was: 废码不用, 唯一对应."""

    code = "registry.division-change-code-reused"
    title = "新区划不得使用已有或已废止的代码"
    default_clause = "S0"


class ParentWrong(Rejected):
    """The division above, by the digits of the code, is not one in force, or not the one that the change needs."""

    code = "registry.division-change-parent-wrong"
    title = "按新代码，其上级区划不对"
    default_clause = "O1.3a"


class LevelWrong(Rejected):
    """Counties, towns and villages change here, and what follows one of them is of its level."""

    code = "registry.division-change-level-wrong"
    title = "区划层级不对"
    default_clause = "O1.3a"


class DivisionsRemain(Rejected):
    """Divisions below would lose the one above."""

    code = "registry.division-change-divisions-remain"
    title = "其下仍有区划，不能撤销"
    default_clause = "O1.3a"


class HeirRequired(Rejected):
    """An office stands there, and nobody said which one takes over."""

    code = "registry.division-change-heir-required"
    title = "该区划仍有服务机构，须指明由何处承接"
    default_clause = "O1.3a"


class HeirWrong(Rejected):
    """The division that is to take over is not one that can."""

    code = "registry.division-change-heir-wrong"
    title = "承接的区划不对"
    default_clause = "O1.3a"


class RecodeWrong(Rejected):
    """The mapping of codes names something that does not lie below what changes."""

    code = "registry.division-change-recode-wrong"
    title = "代码对照所列区划不在调整范围之内"
    default_clause = "S0"


class ImportRefused(Rejected):
    """A file with at least one wrong line; nothing of it was done."""

    code = "registry.division-changes-import-refused"
    title = "区划调整文件有误"
    default_clause = "S0"
