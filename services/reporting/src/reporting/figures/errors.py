"""What can be wrong with an accepted record; each is a reason to set it aside, with words for people."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """A stable code and one Chinese sentence without values of the record."""

    code: str
    reason: str


NODE_MISMATCH = Refusal("reporting.accepted-division-mismatch", "入账节点不在记录的上级链中")
PAYLOAD_UNREADABLE = Refusal("reporting.payload-unreadable", "载荷不是所称类型记录的状态")
PAYLOAD_MISMATCH = Refusal("reporting.payload-mismatch", "载荷与入账信息不一致")
TIME_OUT_OF_RANGE = Refusal("reporting.time-out-of-range", "记录中的时间超出可统计的范围")
