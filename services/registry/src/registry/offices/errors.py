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


class OfficeStatusChangeRefused(Conflict):
    """The office's life does not go that way."""

    code = "registry.office-status-change-refused"
    title = "机构状态不能这样变更"


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
