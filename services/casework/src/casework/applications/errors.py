"""What can end a use case about applications."""

from common.errors import Rejected


class ItemsRepeat(Rejected):
    """An item is asked for twice."""

    code = "casework.application.items-repeat"
    title = "事项重复"
    default_clause = "O4.1c"


class ItemsMissing(Rejected):
    """Either a bundle or items: one of them, and not both."""

    code = "casework.application.items-missing"
    title = "应选择一件事主题，或逐一选择事项，二者选一"
    default_clause = "O4.1c"
