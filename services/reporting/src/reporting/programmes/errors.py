"""What can be wrong with a programme."""

from common.errors import Conflict, NotFound, Rejected


class ProgrammeNotFound(NotFound):
    """There is none, or it does not concern the asker."""

    code = "reporting.programme.not-found"
    title = "建设任务不存在或不可见"


class ProgrammeInvalid(Rejected):
    """Its parts do not fit together; the answer names everything at once. Source: O6.1a-O6.1c."""

    code = "reporting.programme.invalid"
    title = "建设任务的内容不符合要求"
    default_clause = "O6.1a"


class ProgrammeCodeTaken(Conflict):
    """Another programme of this division has the code."""

    code = "reporting.programme.code-taken"
    title = "同一区划内已有相同编号的建设任务"


class ProgrammeNotInState(Conflict):
    """The act does not follow the state. Source: O6.1a."""

    code = "reporting.programme.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "O6.1a"


class NothingChanged(Rejected):
    """A new version says something new."""

    code = "reporting.programme.nothing-changed"
    title = "内容没有变化，不形成新版本"


class CohortUnknown(NotFound):
    """The programme has no such cohort."""

    code = "reporting.programme.cohort-unknown"
    title = "建设任务中没有该批次"


class CohortHasNoList(Rejected):
    """Towns are entered only where a cohort has a rule `listed`. Source: O6.1b."""

    code = "reporting.programme.cohort-without-list"
    title = "该批次不以名单确定，不能录入乡镇（街道）"
    default_clause = "O6.1b"


class ListEntriesRefused(Rejected):
    """Some towns cannot be entered or removed; nothing was, and the answer names every one. Source: O6.1b."""

    code = "reporting.programme.list-entries-refused"
    title = "名单中有不能录入或移出的乡镇（街道），全部未处理"
    default_clause = "O6.1b"


class TownUnknown(NotFound):
    """No formal or informal town has this code, or it does not concern the asker."""

    code = "reporting.programme.town-unknown"
    title = "乡镇（街道）不存在或不可见"
