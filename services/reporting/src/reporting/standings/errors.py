"""What can be wrong with an accepted standing; each is a reason to set it aside, with words for people."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """A stable code and one Chinese sentence without values of the record."""

    code: str
    reason: str


PAYLOAD_NOT_READINESS = Refusal("reporting.payload-not-readiness", "载荷不是机构达标情况")
PAYLOAD_MISMATCH = Refusal("reporting.standing-payload-mismatch", "载荷与入账信息不一致")
NODE_MISMATCH = Refusal("reporting.standing-division-mismatch", "入账节点不在记录的上级链中")
FIGURE_REPEATED = Refusal("reporting.standing-figure-repeated", "同一数字在一条记录中出现两次")
