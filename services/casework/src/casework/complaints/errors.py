"""What can be wrong with a consultation, a complaint or a report."""

from common.errors import Conflict, Forbidden, NotFound, Rejected


class ComplaintNotFound(NotFound):
    """Wrong number or wrong secret: one answer for both. Source: O4.3f."""

    code = "casework.complaint.not-found"
    title = "编号或查询码不正确"


class NobodyAbove(Rejected):
    """No office above the accused one handles complaints here. Source: O4.3f."""

    code = "casework.complaint.nobody-above"
    title = "没有可以受理的上级机构，请向同级党委政府或上级主管部门反映"
    default_clause = "O4.3f"


class FilingKeyReused(Conflict):
    """The same key was used for something else. Source: O4.3f."""

    code = "casework.complaint.key-reused"
    title = "该提交标识已用于另一内容"


class AttachmentsNeedOwner(Rejected):
    """Files are handed in under an account, so an anonymous complaint has none. Source: O4.3f."""

    code = "casework.complaint.attachments-need-owner"
    title = "添加附件须由上传人登录后提交"
    default_clause = "O4.3f"


class AttachmentNotFound(NotFound):
    """There are fewer files. Source: O4.3f."""

    code = "casework.complaint.attachment-not-found"
    title = "没有该附件"


class ComplaintNotInState(Conflict):
    """The step does not follow the state. Source: O4.3f."""

    code = "casework.complaint.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "O4.3f"


class NotTheHandler(Forbidden):
    """Somebody else handles it. Source: O4.3b."""

    code = "casework.complaint.not-the-handler"
    title = "只有承办人可以办理"
    default_clause = "O4.3b"


class AccusedCannotHandle(Rejected):
    """Nobody handles a complaint about themselves. Source: O4.3f."""

    code = "casework.complaint.accused-cannot-handle"
    title = "被投诉人不得承办"
    default_clause = "O4.3f"


class AlreadyExtended(Conflict):
    """Once only. Source: standards.md §4 (表10)."""

    code = "casework.complaint.already-extended"
    title = "已延期一次，不能再次延期"


class ExtensionRefused(Rejected):
    """Too long, or asked for after the day was over. Source: O4.3c."""

    code = "casework.complaint.extension-refused"
    title = "延期超过上限，或者期限已过"
    default_clause = "O4.3c"


class FindingDoesNotFit(Rejected):
    """A consultation has no finding; everything else has one. Source: O4.3f."""

    code = "casework.complaint.finding-does-not-fit"
    title = "投诉、举报须填写认定结论，咨询不填写"
    default_clause = "O4.3f"


class AppealNotPossible(Rejected):
    """A consultation, a re-examination, or too late. Source: O4.3f."""

    code = "casework.complaint.appeal-not-possible"
    title = "不能申请复查，或者已超过期限"
    default_clause = "O4.3f"


class AlreadyAppealed(Conflict):
    """Once, to the next level. Source: O4.3f."""

    code = "casework.complaint.already-appealed"
    title = "已申请复查"
    default_clause = "O4.3f"


class NotPublishable(Rejected):
    """Only answered consultations are made public. Source: O4.3e, O4.3f."""

    code = "casework.complaint.not-publishable"
    title = "只有已答复的咨询可以公开"
    default_clause = "O4.3e"
