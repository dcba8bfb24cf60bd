"""What can be wrong with a question about a dispatch, or with a signature."""

from common.errors import Conflict, NotFound, Rejected


class DispatchNotFound(NotFound):
    """It was not sent to the actor's subtree, or has not arrived there yet."""

    code = "sync.dispatch.not-found"
    title = "未找到该下达文件"


class DispatchNotAddressed(Rejected):
    """The actor's node only hands it on: nobody waits for its signature."""

    code = "sync.dispatch.not-addressed"
    title = "本单位不是该文件的签收单位"


class DispatchContradicted(Conflict):
    """This version is here with other content; the first stands."""

    code = "sync.dispatch.version-conflict"
    title = "同一版本已以不同内容下达"
