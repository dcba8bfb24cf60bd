"""What can be wrong with a rating or with its rectification."""

from common.errors import Conflict, Forbidden, Invalid, NotFound, Rejected


class MatterNotFound(NotFound):
    """Wrong number, wrong identity or a wrong token: one answer for all of them. Source: O4.3f."""

    code = "casework.rating.matter-not-found"
    title = "没有相符的办件，请核对办件编号、证件号码或评价码"


class StaffCannotRate(Forbidden):
    """Ratings are the public's. Source: O4.3f."""

    code = "casework.rating.staff-cannot-rate"
    title = "工作人员不能评价，也不能代为评价"
    default_clause = "O4.3f"


class RatingNotOpenYet(Rejected):
    """Nobody has taken the matter on. Source: O4.3f."""

    code = "casework.rating.not-open-yet"
    title = "办件受理后方可评价"
    default_clause = "O4.3f"


class RatingNoLongerOpen(Rejected):
    """The matter ended too long ago. Source: O4.3f."""

    code = "casework.rating.no-longer-open"
    title = "已超过评价期限"
    default_clause = "O4.3f"


class VisitNotProven(Rejected):
    """A visit is rated with the code that the window gave out on that day. Source: O4.3f."""

    code = "casework.rating.visit-not-proven"
    title = "现场评价须使用窗口当日出具的评价码"
    default_clause = "O4.3f"


class ServedInTheCase(Forbidden):
    """Who has served in a case gets no code of it: nobody rates themselves. Source: O4.3f."""

    code = "casework.rating.served-in-the-case"
    title = "经办过该办件的人员不能出具其评价码"
    default_clause = "O4.3f"


class NoVisitToday(Rejected):
    """The case's file tells of no visit on that day. Source: O4.3f."""

    code = "casework.rating.no-visit"
    title = "该办件当日没有现场办理记录，不能出具评价码"
    default_clause = "O4.3f"


class AspectsDoNotFit(Rejected):
    """An aspect is unknown, or belongs to another level of satisfaction. Source: O4.3f."""

    code = "casework.rating.aspects-do-not-fit"
    title = "评价项与满意度不符"
    default_clause = "O4.3f"


class AlreadyRated(Conflict):
    """One first rating of a visit or of a matter (一次一评, 一事一评). Source: O4.3f."""

    code = "casework.rating.already-rated"
    title = "已评价过，如需补充请追评"
    default_clause = "O4.3f"


class NothingToSupplement(Conflict):
    """A supplement follows a first rating. Source: O4.3f."""

    code = "casework.rating.nothing-to-supplement"
    title = "尚未评价，不能追评"
    default_clause = "O4.3f"


class AlreadySupplemented(Conflict):
    """One supplement only (评价次数 2). Source: O4.3f."""

    code = "casework.rating.already-supplemented"
    title = "已追评过，不能再次追评"
    default_clause = "O4.3f"


class RatingAlreadyExcluded(Conflict):
    """It counts no longer. Source: O4.3f."""

    code = "casework.rating.already-excluded"
    title = "该评价已不计入统计"


class MaliceNotProven(Rejected):
    """The rectification has not ended with the finding that nothing was wrong. Source: O4.3f."""

    code = "casework.rating.malice-not-proven"
    title = "整改核实结束且认定不属实后，方可认定恶意评价"
    default_clause = "O4.3f"


class NoTextToMask(Conflict):
    """The rater wrote nothing. Source: O4.3f."""

    code = "casework.rating.no-text"
    title = "该评价没有文字内容"


class NotTheHandler(Forbidden):
    """Somebody else has accepted the rectification. Source: O4.3f."""

    code = "casework.rectification.not-the-handler"
    title = "只有承办人可以办理该整改"
    default_clause = "O4.3f"


class RectificationNotInState(Conflict):
    """The step does not follow the state. Source: O4.3f."""

    code = "casework.rectification.wrong-state"
    title = "整改的当前状态不允许此操作"
    default_clause = "O4.3f"


class MeasuresMissing(Rejected):
    """What was found right is put right. Source: O4.3f."""

    code = "casework.rectification.measures-missing"
    title = "认定属实的，须先登记整改措施"
    default_clause = "O4.3f"


class RatingCodeUnknown(Rejected):
    """Neither the standard nor the interfaces in use have this code. Source: standards.md §4, §7."""

    code = "casework.rating.code-unknown"
    title = "满意度或渠道代码无法识别"


class PeriodRefused(Invalid):
    """A period that ends before it begins, or is too long."""

    code = "casework.rating.period-refused"
    title = "统计时段不正确"
