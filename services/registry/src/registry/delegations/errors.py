"""What can be wrong with a delegated power."""

from common.errors import Conflict, Rejected


class DelegationRefused(Rejected):
    """Powers are handed down to the offices of towns. Source: O1.1b."""

    code = "registry.delegation-refused"
    title = "下放事权只登记于乡镇（街道）服务所"
    default_clause = "O1.1b"


class DelegatorRefused(Rejected):
    """Only the county above the office (the city where there is none) hands powers down to it. Source: O1.1b."""

    code = "registry.delegator-refused"
    title = "下放事权的区划不是该机构的上级县（不设县的为市）"
    default_clause = "O1.1b"


class DelegationTermRefused(Rejected):
    """It would end before it began. Source: O1.1b."""

    code = "registry.delegation-term-refused"
    title = "收回日期不得早于下放日期的次日"
    default_clause = "O1.1b"


class DelegationExists(Conflict):
    """The office holds this power already on one of the days. Source: O1.1b."""

    code = "registry.delegation-exists"
    title = "该事权已下放至该机构"
    default_clause = "O1.1b"
