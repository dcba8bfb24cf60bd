"""What can be wrong with what the public does itself. Nothing here tells whether somebody else's case is there."""

from common.errors import Conflict, NotFound, Rejected


class NoSuchCase(NotFound):
    """The number is none, or the identity is another: nobody learns which."""

    code = "casework.online.no-such-case"
    title = "没有与该办件编号和证件号码相符的办件"


class ApplicationNotFound(NotFound):
    """There is none, or it is somebody else's."""

    code = "casework.online.application-not-found"
    title = "网上申请不存在"


class DuplicateApplication(Conflict):
    """This account has an open case for the applicant about the item. Of cases of others nobody is told."""

    code = "casework.online.duplicate-application"
    title = "该事项已有正在办理的办件，请勿重复申请"


class SupplementIncomplete(Rejected):
    """Not everything is there that was asked for at once."""

    code = "casework.online.supplement-incomplete"
    title = "补正材料不齐全"
    default_clause = "O4.3c"


class CaseEnded(Conflict):
    """Nothing is added to a case that has ended."""

    code = "casework.online.case-ended"
    title = "办件已终结，不能再提交材料"
