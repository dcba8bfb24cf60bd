"""What can be wrong with a training."""

from common.errors import Rejected


class AttendanceRefused(Rejected):
    """Who does not hold the post on the day of the training was not trained for it. Source: O3.2b."""

    code = "registry.training-attendance-refused"
    title = "培训当日不在岗，不能登记"
    default_clause = "O3.2b"
