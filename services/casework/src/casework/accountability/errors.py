"""What can be wrong with rules, proceedings of accountability and the ledger."""

from common.errors import Conflict, Forbidden, NotFound, Rejected


class RuleUnknown(NotFound):
    """There is no rule of this number."""

    code = "casework.accountability.rule-unknown"
    title = "没有该监察规则"


class RulePeriodTooEarly(Rejected):
    """A rule changes from tomorrow at the earliest. Source: O4.3c."""

    code = "casework.accountability.rule-period-too-early"
    title = "监察规则最早自次日起变更"
    default_clause = "O4.3c"


class RuleThresholdUnfit(Rejected):
    """The threshold is counted otherwise. Source: O4.3c."""

    code = "casework.accountability.rule-threshold-unfit"
    title = "阈值的单位或大小不适用于该监察规则"
    default_clause = "O4.3c"


class ProvinceOnly(Forbidden):
    """Rules are the province's. Source: O4.3c."""

    code = "casework.accountability.province-only"
    title = "只有省级管理员可以变更监察规则"
    default_clause = "O4.3c"


class NotOverseer(Forbidden):
    """Neither head of the office nor supervisor of a level above it. Source: O4.3d."""

    code = "casework.accountability.not-overseer"
    title = "只有该机构负责人或上级监督员可以办理"
    default_clause = "O4.3d"


class ConcernedThemselves(Forbidden):
    """Nobody acts in their own matter, or in one that they brought about. Source: O4.3d."""

    code = "casework.accountability.concerned-themselves"
    title = "本人或发起人须回避"
    default_clause = "O4.3d"


class NotThePerson(Forbidden):
    """Only the person concerned states and appeals. Source: O4.3d."""

    code = "casework.accountability.not-the-person"
    title = "只有被追究人本人可以陈述或申诉"
    default_clause = "O4.3d"


class SourceUnfit(Rejected):
    """The source is of another person, was not found true, or is no red warning. Source: O4.3d."""

    code = "casework.accountability.source-unfit"
    title = "所依据的预警、投诉或整改不能作为追究依据"
    default_clause = "O4.3d"


class AlreadyOpened(Conflict):
    """A source leads to one proceeding of a person. Source: O4.3d."""

    code = "casework.accountability.already-opened"
    title = "同一事由已对该人员启动责任追究"
    default_clause = "O4.3d"


class StatementPending(Rejected):
    """Nobody is judged before they were heard or the time for it is over. Source: O4.3d."""

    code = "casework.accountability.statement-pending"
    title = "当事人尚未陈述且陈述期限未满，不得作出决定"
    default_clause = "O4.3d"


class StatementClosed(Conflict):
    """It was stated before, or the decision is made. Source: O4.3d."""

    code = "casework.accountability.statement-closed"
    title = "已经陈述或已经作出决定"
    default_clause = "O4.3d"


class AlreadyDecided(Conflict):
    """There is one decision. Source: O4.3d."""

    code = "casework.accountability.already-decided"
    title = "已经作出处理决定"
    default_clause = "O4.3d"


class DecisionKindUnknown(Rejected):
    """No such kind is in force. Source: O4.3d."""

    code = "casework.accountability.decision-kind-unknown"
    title = "没有该处理方式或其已失效"
    default_clause = "O4.3d"


class AppealNotOpen(Conflict):
    """There is nothing to appeal against, or it was appealed before. Source: O4.3d."""

    code = "casework.accountability.appeal-not-open"
    title = "现在不能申诉（尚无决定、已申诉或已生效）"
    default_clause = "O4.3d"


class AppealTooLate(Rejected):
    """The time for it is over. Source: O4.3d."""

    code = "casework.accountability.appeal-too-late"
    title = "申诉期限已过"
    default_clause = "O4.3d"


class NotAppealed(Conflict):
    """Nobody has appealed, or the appeal is heard. Source: O4.3d."""

    code = "casework.accountability.not-appealed"
    title = "没有待处理的申诉"
    default_clause = "O4.3d"


class AppealMadeWorse(Rejected):
    """Whoever appeals is never worse off for it. Source: O4.3d."""

    code = "casework.accountability.appeal-made-worse"
    title = "变更后的处理须轻于原决定"
    default_clause = "O4.3d"


class LedgerKindUnknown(Rejected):
    """No such kind is in force, or it is another source's. Source: O4.3g."""

    code = "casework.accountability.ledger-kind-unknown"
    title = "没有该奖惩种类或其已失效"
    default_clause = "O4.3g"


class AlreadyReversed(Conflict):
    """An entry is taken back once. Source: O4.3g."""

    code = "casework.accountability.already-reversed"
    title = "该台账记录已经冲销"
    default_clause = "O4.3g"


class ReversalOfReversal(Rejected):
    """What takes back is not taken back itself. Source: O4.3g."""

    code = "casework.accountability.reversal-of-reversal"
    title = "冲销记录不能再冲销"
    default_clause = "O4.3g"
