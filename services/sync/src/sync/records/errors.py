"""What can be wrong with a question about records, and what lets a tier wait."""

from common.errors import NotFound, Unavailable


class RecordNotFound(NotFound):
    """No level of this site knows the record, or the actor may not see it."""

    code = "sync.record-not-found"
    title = "未找到该记录"


class DirectoryBehind(Unavailable):
    """A division is unknown here, and this site's copy of the register has not yet read all that was published."""

    code = "sync.directory-behind"
    title = "区划名录尚未同步完成"
