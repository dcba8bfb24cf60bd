"""What can end a print."""

from common.errors import Conflict


class NoticeNotIssued(Conflict):
    """The case has no document of this kind or number: it is issued with the act that it tells of, then printed."""

    code = "casework.printing.notice-not-issued"
    title = "该办件没有出具过此文书"
