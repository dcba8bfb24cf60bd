"""What can be wrong with a version of a record."""

from common.errors import Conflict, NotFound, Rejected


class RecordNotFound(NotFound):
    """No record of this kind has this id, in whatever the reader may see."""

    code = "registry.record-not-found"
    title = "记录不存在"


class EffectiveDateRefused(Rejected):
    """A state would hold from a day on which it cannot: after today, or before the state that it follows."""

    code = "registry.effective-date-refused"
    title = "生效日期不合理"
    default_clause = "S0"


class RecordExists(Conflict):
    """There may be one only: of this kind for the office, or for the office and year."""

    code = "registry.record-exists"
    title = "该机构已有此记录，请变更原记录"


class RecordEnded(Conflict):
    """What has ended stays as it was."""

    code = "registry.record-ended"
    title = "记录已终止，不能变更"
