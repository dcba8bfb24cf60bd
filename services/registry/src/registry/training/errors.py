"""What can be wrong with a training."""

from common.errors import Conflict, Rejected


class AttendanceRefused(Rejected):
    """Who does not hold the post on the day of the training was not trained for it. Source: O3.2b."""

    code = "registry.training-attendance-refused"
    title = "培训当日不在岗，不能登记"
    default_clause = "O3.2b"


class PostMoved(Conflict):
    """The post went to another office in the very moment in which its training was recorded."""

    code = "registry.training-post-moved"
    title = "人员所属机构刚刚变动，请核对后重新登记"
