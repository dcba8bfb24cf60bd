"""What can be wrong with a problem that is told to the province."""

from common.errors import Conflict, Forbidden, Rejected


class ProvinceItself(Rejected):
    """The province's office has nobody above it to tell. Source: G2."""

    code = "reporting.problem.province-itself"
    title = "省厅自身的问题不经此渠道反映"
    default_clause = "G2"


class ProblemNotInState(Conflict):
    """The step does not follow the state. Source: G2."""

    code = "reporting.problem.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "G2"


class NotTheReporter(Forbidden):
    """Only the office that reported it supplements, closes and reopens it. Source: G2."""

    code = "reporting.problem.not-the-reporter"
    title = "只有反映问题的机构可以办理"
    default_clause = "G2"


class NotTheProvince(Forbidden):
    """Only the province takes up and answers; nobody between stops it. Source: G2."""

    code = "reporting.problem.not-the-province"
    title = "问题径由省厅办理，其他层级不得受理、答复或者停办"
    default_clause = "G2"


class NotBetween(Forbidden):
    """Notes are of the levels between the reporter and the province. Source: G2."""

    code = "reporting.problem.not-between"
    title = "只有反映机构与省厅之间的各级可以附注意见"
    default_clause = "G2"


class AlreadyReopened(Rejected):
    """Once only. Source: G2."""

    code = "reporting.problem.already-reopened"
    title = "同一问题只能重新提起一次"
    default_clause = "G2"


class NotesExhausted(Rejected):
    """An office between may note a few times; what it decides nothing about it does not flood. Source: G2."""

    code = "reporting.problem.notes-exhausted"
    title = "本机关对该问题附注意见已达次数上限"
    default_clause = "G2"


class SatisfiedReporter(Rejected):
    """Whoever was satisfied does not reopen it; what is new is reported anew. Source: G2."""

    code = "reporting.problem.satisfied"
    title = "已表示满意的不再重新提起，新的情况请另行反映"
    default_clause = "G2"


class CannotMerge(Rejected):
    """It cannot be answered with that one: itself, merged, leading others, or answered. Source: G2."""

    code = "reporting.problem.cannot-merge"
    title = "不能并入该问题"
    default_clause = "G2"


class ClauseUnknown(Rejected):
    """The policy has no such clause. Source: S0."""

    code = "reporting.problem.clause-unknown"
    title = "没有该条款"
    default_clause = "S0"


class ProgrammeUnknown(Rejected):
    """There is no such programme. Source: G2."""

    code = "reporting.problem.programme-unknown"
    title = "没有该工作方案"
    default_clause = "G2"
