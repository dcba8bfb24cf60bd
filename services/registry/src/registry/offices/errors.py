"""What can be wrong with an office, or with what somebody wants of it."""

from common.errors import Conflict, NotFound, Rejected


class OfficeNotFound(NotFound):
    """There is no such office."""

    code = "registry.office-not-found"
    title = "机构不存在"


class OfficeDivisionUnknown(Rejected):
    """No division has this code today, so no government could lead the office. Source: O1.3a."""

    code = "registry.office-division-unknown"
    title = "设立机构的区划不存在或已撤销"
    default_clause = "O1.3a"


class OfficeAlreadyExists(Conflict):
    """The division has an office that is not closed."""

    code = "registry.office-already-exists"
    title = "该区划已有服务机构"


class OfficeClosed(Conflict):
    """A closed office stays as it was."""

    code = "registry.office-closed"
    title = "机构已撤销，不能变更"


class GuidedOfficesRemain(Conflict):
    """Offices that are not closed would lose their business guidance. Source: O1.3a, O1.3c."""

    code = "registry.guided-offices-remain"
    title = "仍有受其业务指导的机构，不能撤销"
    default_clause = "O1.3c"


class OfficeNotEmpty(Conflict):
    """Nobody would follow the office, and it still has people, things, contracts or open money. Source: O1.3a."""

    code = "registry.office-not-empty"
    title = "机构仍有未了结的人员、资产、合同或资金事项，不能撤销"
    default_clause = "O1.3a"


class OfficeStatusChangeRefused(Conflict):
    """The office's life does not go that way."""

    code = "registry.office-status-change-refused"
    title = "机构状态不能这样变更"


class PublicWindowRequired(Rejected):
    """An operating office without any window for the public. Source: O2.2b."""

    code = "registry.public-window-required"
    title = "运行中的机构应设置对外服务窗口"
    default_clause = "O2.2b"


class OfficeNameRefused(Rejected):
    """The fixed words of the name are not met. Source: O2.1a, O2.1b, O1.3a."""

    code = "registry.office-name-refused"
    title = "机构名称不符合统一命名规定"
    default_clause = "O2.1a"


class OfficeNameNeedsApproval(Rejected):
    """The name differs from the ruled one in a way that an approval can cover. Source: O2.1a, O2.1b, S6."""

    code = "registry.office-name-needs-approval"
    title = "机构名称与规定不一致，须有批准依据和理由"
    default_clause = "O2.1a"


class GuidingOfficeMissing(Rejected):
    """Nobody above could give the business guidance. Source: O1.3a, O1.3c."""

    code = "registry.guiding-office-missing"
    title = "上一级没有可作业务指导的机构"
    default_clause = "O1.3c"


class OfficeNotYet(NotFound):
    """The office exists, and did not on the day asked for."""

    code = "registry.office-not-yet"
    title = "该日尚无此机构"


class OfficeFormRefused(Rejected):
    """Not a form that the policy gives to such an office on that day. Source: O1.1c, S3."""

    code = "registry.office-form-refused"
    title = "机构形式不符合规定"
    default_clause = "O1.1c"


class PlatformMismatch(Rejected):
    """A part of something larger says of what; an office of its own does not. Source: O1.1c, S3."""

    code = "registry.platform-mismatch"
    title = "平台名称与机构形式不一致"
    default_clause = "O1.1c"


class UsccRefused(Rejected):
    """No such code can exist (GB 32100-2015). Source: O1.2a."""

    code = "registry.uscc-refused"
    title = "统一社会信用代码格式或校验位不正确"
    default_clause = "O1.2a"


class ProvisionModeRefused(Rejected):
    """Only stations have their services provided by somebody else. Source: O1.2b."""

    code = "registry.provision-mode-refused"
    title = "提供方式只适用于村（社区）服务站点"
    default_clause = "O1.2b"


class ManagementModeRefused(Rejected):
    """Only a town's office can be a branch of the county. Source: O1.3b."""

    code = "registry.management-mode-refused"
    title = "管理体制不适用于该机构"
    default_clause = "O1.3b"


class ManagementModeNeedsGround(Rejected):
    """Who changes the mode says why, and by which document. Source: O1.3b."""

    code = "registry.management-mode-needs-ground"
    title = "变更管理体制须说明理由并附文号"
    default_clause = "O1.3b"


class DutyNotInForce(Rejected):
    """Not a duty of the policy on that day. Source: O1.1a."""

    code = "registry.duty-not-in-force"
    title = "该日没有此项职责的规定"
    default_clause = "O1.1a"


class SignRefused(Rejected):
    """The sign says more than can be. Source: O2.1c."""

    code = "registry.sign-refused"
    title = "公共服务标识登记有误"
    default_clause = "O2.1c"


class SuccessorRefused(Rejected):
    """Only another office of the same level that is not closed can take over."""

    code = "registry.successor-refused"
    title = "并入的机构须为同级、未撤销的其他机构"
    default_clause = "O1.3a"
