"""What can end a use case about assist tasks."""

from common.errors import Conflict, Forbidden, Rejected


class NotOurStation(Rejected):
    """Tasks go to the stations that the office guides, and to nobody else."""

    code = "casework.assist-task.not-our-station"
    title = "只能向接受本机构业务指导的服务站派发任务"
    default_clause = "O1.3c"


class TaskItemUnknown(Rejected):
    """The catalogue has no such item."""

    code = "casework.assist-task.item-unknown"
    title = "事项不存在"
    default_clause = "O4.1b"


class StationsRepeat(Rejected):
    """A station is named twice."""

    code = "casework.assist-task.stations-repeat"
    title = "服务站重复"
    default_clause = "O1.1d"


class DueDayPast(Rejected):
    """Nobody can report before the task was dispatched."""

    code = "casework.assist-task.due-day-past"
    title = "完成期限不得早于今天"
    default_clause = "O1.1d"


class NotDispatcher(Forbidden):
    """Only the office that asked decides about the report."""

    code = "casework.assist-task.not-dispatcher"
    title = "只有派发任务的机构可以办理"
    default_clause = "O1.1d"


class NotAtStation(Forbidden):
    """Only the station that was asked takes and reports a task."""

    code = "casework.assist-task.not-at-station"
    title = "只有接受任务的服务站可以办理"
    default_clause = "O1.1d"


class TaskStateForbids(Conflict):
    """The task is not where this could happen."""

    code = "casework.assist-task.state-forbids"
    title = "任务的当前状态不允许此操作"


class ReasonRequired(Rejected):
    """What was not done has a reason; what was done has none."""

    code = "casework.assist-task.reason-required"
    title = "未完成的应说明原因"
    default_clause = "O1.1d"


class QualityRequired(Rejected):
    """What was done is accepted with its quality; what was not done has none."""

    code = "casework.assist-task.quality-required"
    title = "已完成的任务应评定质量，未完成的不评定"
    default_clause = "O1.4f"


class QualityNeedsReason(Rejected):
    """A quality outside the usual bounds has a reason."""

    code = "casework.assist-task.quality-needs-reason"
    title = "质量系数超出通常范围，应说明理由"
    default_clause = "O1.4f"
