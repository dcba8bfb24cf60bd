"""What can be wrong with a record."""

from common.errors import Conflict, NotFound


class RecordNotFound(NotFound):
    """There is none, or it is not the asker's to see."""

    code = "record.not-found"
    title = "记录不存在或不可见"


class RecordExists(Conflict):
    """There may be one only."""

    code = "record.exists"
    title = "该记录已存在"
