"""Why something about an order is refused."""

from common.errors import Conflict, Forbidden, Rejected


class OrderNotInState(Conflict):
    """The order is past that, or not yet there."""

    code = "reporting.order.not-in-state"
    title = "督办事项当前状态不允许此操作"


class NotTheIssuer(Forbidden):
    """Only the division that issued it accepts, returns, extends and withdraws. Source: S6."""

    code = "reporting.order.not-the-issuer"
    title = "只有督办机关可以进行此操作"


class NotTheAddressee(Forbidden):
    """Only the division addressed acknowledges, answers and asks for more time. Source: S6."""

    code = "reporting.order.not-the-addressee"
    title = "只有被督办单位可以进行此操作"


class NotAbove(Rejected):
    """Orders go to a division below. Source: S6, O6.3a."""

    code = "reporting.order.not-above"
    title = "督办只能由上级向下级发出"
    default_clause = "S6"


class DueInThePast(Rejected):
    """Nobody can do anything until yesterday. Source: S6."""

    code = "reporting.order.due-in-the-past"
    title = "办理期限不得早于今天"
    default_clause = "S6"


class ClauseUnknown(Rejected):
    """An order rests on a clause. Source: S6."""

    code = "reporting.order.clause-unknown"
    title = "没有这一条款"
    default_clause = "S6"


class AboutUnknown(Rejected):
    """The record that it is about is not there. Source: S6."""

    code = "reporting.order.about-unknown"
    title = "督办所涉记录不存在"
    default_clause = "S6"


class EvidenceMissing(Rejected):
    """An answer proves what was done. Source: S6."""

    code = "reporting.order.evidence-missing"
    title = "答复须附办理情况的佐证材料"
    default_clause = "S6"


class ExtensionPending(Conflict):
    """One request at a time."""

    code = "reporting.order.extension-pending"
    title = "已有未决定的延期申请"


class NoExtensionPending(Conflict):
    """There is nothing to decide."""

    code = "reporting.order.no-extension-pending"
    title = "没有待决定的延期申请"


class ExtensionNotLater(Rejected):
    """More time ends later, and not in the past. Source: S6."""

    code = "reporting.order.extension-not-later"
    title = "延期后的期限须晚于原期限和今天"
    default_clause = "S6"
