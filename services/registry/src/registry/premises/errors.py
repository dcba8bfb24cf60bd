"""What can be wrong with premises or with their windows."""

from common.errors import Conflict, Rejected


class AreaUnknown(Rejected):
    """Neither a certificate nor a measurement tells the building area. Source: O2.2a."""

    code = "registry.premises-area-unknown"
    title = "须填写证载面积或实测面积"
    default_clause = "O2.2a"


class SharedAreaTooLarge(Rejected):
    """The shared part lies within the area that counts, and cannot exceed it. Source: O2.2a."""

    code = "registry.premises-shared-area-too-large"
    title = "共用面积不得大于建筑面积"
    default_clause = "O2.2a"


class WindowNumbersRepeat(Rejected):
    """Two windows of the same premises have the same number. Source: O2.2b."""

    code = "registry.window-numbers-repeat"
    title = "同一场地的窗口编号重复"
    default_clause = "O2.2b"


class OpeningHoursRefused(Rejected):
    """An opening ends before it begins, or two of one weekday overlap. Source: O2.2b."""

    code = "registry.opening-hours-refused"
    title = "窗口开放时间不合理"
    default_clause = "O2.2b"


class WindowDutyNotInForce(Rejected):
    """The duty was none of the office's on that day. Source: O1.1a."""

    code = "registry.window-duty-not-in-force"
    title = "窗口办理的职责在该日无效"
    default_clause = "O1.1a"


class WaiverExpired(Rejected):
    """A waiver that ends before it begins. Source: O2.2a."""

    code = "registry.waiver-expired"
    title = "豁免到期日不得早于生效日期"
    default_clause = "O2.2a"


class WaiverNotApplicable(Rejected):
    """The rule of the area asks nothing of this office, so there is nothing to waive. Source: O1.1c, O2.2a."""

    code = "registry.waiver-not-applicable"
    title = "面积规定不适用于该机构，无须豁免"
    default_clause = "O2.2a"


class PremisesEnded(Conflict):
    """The office has left; what was stays as it was. Source: O2.2a."""

    code = "registry.premises-ended"
    title = "机构已迁出该场地，不能变更"
    default_clause = "O2.2a"
