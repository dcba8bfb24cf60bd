"""What can be wrong with a file that somebody hands in. Nothing of its content is ever told."""

from common.errors import Conflict, Invalid, NotFound, Rejected, TooMany, Unavailable


class UploadNotFound(NotFound):
    """There is none, or it is not the asker's to see."""

    code = "casework.upload.not-found"
    title = "材料文件不存在或不可见"


class FileEmpty(Rejected):
    """There is nothing in it."""

    code = "casework.upload.empty"
    title = "材料文件为空"
    default_clause = "O4.2b"


class FileTooLarge(Rejected):
    """More bytes came than a file may have; the edge refuses most of them earlier, by their declared length."""

    code = "casework.upload.too-large"
    title = "材料文件过大"
    default_clause = "O4.2b"


class FileTypeRefused(Rejected):
    """The content is of no kind that is taken, whatever it is called."""

    code = "casework.upload.type-refused"
    title = "材料文件类型不受支持"
    default_clause = "O4.2b"


class FileTypeMismatch(Rejected):
    """The content is another kind than was declared."""

    code = "casework.upload.type-mismatch"
    title = "材料文件的内容与声明的类型不一致"
    default_clause = "O4.2b"


class FileDamaged(Rejected):
    """It begins like a kind that is taken and does not go on like one."""

    code = "casework.upload.damaged"
    title = "材料文件已损坏或无法识别"
    default_clause = "O4.2b"


class FileUnsafe(Rejected):
    """Whoever opens it would come to harm: it unfolds without measure, runs programmes, or writes where it likes."""

    code = "casework.upload.unsafe"
    title = "材料文件存在安全风险"
    default_clause = "O4.2b"


class TooManyPending(Conflict):
    """The person has handed in many files that belong to no case yet."""

    code = "casework.upload.too-many-pending"
    title = "未提交的材料文件过多，请先提交或删除"


class TooManyOfCase(Conflict):
    """The case has so many files as a case may have."""

    code = "casework.upload.too-many-of-case"
    title = "该办件的材料文件过多"


class UploadAttached(Conflict):
    """It belongs to a case already, and stays in its file."""

    code = "casework.upload.attached"
    title = "材料文件已提交，不能重复提交或删除"


class UploadRemoved(Conflict):
    """It has been removed."""

    code = "casework.upload.removed"
    title = "材料文件已删除"


class UploadLost(Unavailable):
    """The store does not have it, though the books say so: it must be handed in again, or the store be restored."""

    code = "casework.upload.lost"
    title = "材料文件暂不可读取"


class StoreUnavailable(Unavailable):
    """The place where files are kept does not answer."""

    code = "casework.upload.store-unavailable"
    title = "材料存储暂不可用"


class StoreForeign(Unavailable):
    """What answers does not keep the file by which we know our own store: a volume not mounted, another's bucket."""

    code = "casework.upload.store-foreign"
    title = "材料存储不是本系统的存储，已停止清理"


class SweepRefused(Unavailable):
    """So much would be lost or removed at once that something else must be wrong; nothing was."""

    code = "casework.upload.sweep-refused"
    title = "缺失或无主的材料文件过多，已停止清理"


class StoreNotConfigured(Unavailable):
    """Nobody has said where files are kept."""

    code = "casework.upload.store-not-configured"
    title = "未配置材料存储"


class TooManyAtOnce(TooMany):
    """The account sends as many files at once as it may."""

    code = "casework.upload.too-many-at-once"
    title = "同时上传的材料文件过多，请稍后重试"


class FileTooSlow(Invalid):
    """The file did not arrive in the time that one may take."""

    code = "casework.upload.too-slow"
    title = "材料文件上传超时，请重试"


class FileIncomplete(Invalid):
    """The sender went away before the end of the file."""

    code = "casework.upload.incomplete"
    title = "材料文件未传完"
