"""What can be wrong with equipment."""

from common.errors import Conflict, Rejected


class EquipmentKindNotInForce(Rejected):
    """The list of the day does not have the kind. Source: O2.3."""

    code = "registry.equipment-kind-not-in-force"
    title = "该日期的设备清单没有此类设备"
    default_clause = "O2.3"


class AidGrantRequired(Rejected):
    """What provincial aid paid for names the grant and the cost, and nothing else names a grant. Source: O5.2."""

    code = "registry.aid-grant-required"
    title = "由省补助购置的须注明补助和费用，其他来源的不得注明补助"
    default_clause = "O5.2"


class AcquiredAfterEffect(Rejected):
    """A state that would hold from before the pieces were there. Source: O2.3."""

    code = "registry.equipment-acquired-later"
    title = "购置日期不得晚于生效日期"
    default_clause = "O2.3"


class EquipmentScrapped(Conflict):
    """Scrapped pieces stay on file as they were. Source: O2.3."""

    code = "registry.equipment-scrapped"
    title = "设备已报废，不能变更"
    default_clause = "O2.3"


class SplitRefused(Rejected):
    """A part is less than the whole, and in another condition. Source: O2.3."""

    code = "registry.equipment-split-refused"
    title = "拆分的数量须少于原数量，且状态须不同"
    default_clause = "O2.3"
