"""What can be wrong with a document of a chain."""

from common.errors import Conflict, NotFound, Rejected


class DocumentNotFound(NotFound):
    """There is none, or it was not sent to the asker."""

    code = "reporting.document.not-found"
    title = "文件不存在或不可见"


class DocumentInvalid(Rejected):
    """Its parts do not fit together; the answer names everything at once. Source: G1."""

    code = "reporting.document.invalid"
    title = "文件登记的内容不符合要求"
    default_clause = "G1"


class DocumentNumberTaken(Conflict):
    """A 文号 names one document of the body that gives it."""

    code = "reporting.document.number-taken"
    title = "本机关已登记该发文字号"


class DocumentNotInState(Conflict):
    """The act does not follow the state. Source: G1."""

    code = "reporting.document.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "G1"


class NotAddressed(Rejected):
    """Who a document was not sent to cannot have received it. Source: G1."""

    code = "reporting.document.not-addressed"
    title = "该文件未发送至本区划"
    default_clause = "G1"


class AlreadyReceived(Conflict):
    """A division receives a document once. Source: G1."""

    code = "reporting.document.already-received"
    title = "本区划已登记接收该文件"
    default_clause = "G1"


class HasForwards(Conflict):
    """What was passed on or received is not taken back as if it had not been. Source: G1."""

    code = "reporting.document.has-followers"
    title = "该文件已被接收或者转发，不能作为误登撤回"
    default_clause = "G1"
