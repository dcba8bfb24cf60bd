"""Routes that are asked in vain two hundred times a request, and answer that quickly."""

from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope


class QuickRoute(APIRoute):
    """Looks at the beginning of a path before its pattern does.

    A service has up to 210 routes, and the router asks one after the other: by their patterns alone a fifth of the time
    of a small answer (0.7 ms of 3.4).
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._head = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route is meant."""
        if scope["path"].startswith(self._head) or scope.get("root_path"):
            return super().matches(scope)
        return Match.NONE, {}
