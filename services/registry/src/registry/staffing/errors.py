"""What can be wrong with the number of people that an office needs."""

from common.errors import Rejected


class StaffingNotForKind(Rejected):
    """The rule of thumb is one for the offices of towns and streets. Source: O1.4b."""

    code = "registry.staffing-not-for-kind"
    title = "人员配备测算只用于乡镇（街道）服务所"
    default_clause = "O1.4b"


class ServedUnknown(Rejected):
    """Nothing can be added to a range that nobody knows. Source: O1.4b."""

    code = "registry.staffing-served-unknown"
    title = "服务对象人数未知，不能核定增加"
    default_clause = "O1.4b"


class OverrideNoIncrease(Rejected):
    """Where the work is heavy, people may be added; the clause takes nobody away. Source: O1.4c."""

    code = "registry.staffing-override-no-increase"
    title = "核定人数应多于测算上限"
    default_clause = "O1.4c"


class OverrideExpired(Rejected):
    """A decision that has expired already. Source: O1.4c."""

    code = "registry.staffing-override-expired"
    title = "有效期应在今天以后"
    default_clause = "O1.4c"
