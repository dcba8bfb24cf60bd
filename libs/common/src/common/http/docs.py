"""Swagger UI without the internet: its files come from an installed package, the page has no inline script."""

import json
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_PACKAGE = "fastapi_swagger.resources"
_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)
_CACHED = {"Cache-Control": "public, max-age=86400", "Content-Security-Policy": _POLICY}

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{base}/favicon-32x32.png">
<link rel="stylesheet" href="{base}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{base}/swagger-ui-bundle.js"></script>
<script src="{base}/start.js"></script>
</body>
</html>
"""

_START = """window.ui = SwaggerUIBundle(Object.assign({{
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null
}}, {{ url: {url} }}));
"""


def docs_routes(name: str, title: str) -> list[Route]:
    """The page at `/<name>/docs` and the files beside it; they are read when asked for, not kept in memory."""
    base = f"/{name}/docs"

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE.format(title=title, base=base), headers={"Content-Security-Policy": _POLICY})

    async def start(_: Request) -> Response:
        script = _START.format(url=json.dumps(f"/{name}/openapi.json"))
        return Response(script, media_type="text/javascript", headers=_CACHED)

    return [
        Route(base, page, include_in_schema=False),
        Route(f"{base}/start.js", start, include_in_schema=False),
        *(_file(base, file_name, kind) for file_name, kind in _FILES.items()),
    ]


def _file(base: str, file_name: str, kind: str) -> Route:
    async def send(_: Request) -> Response:
        return Response((files(_PACKAGE) / file_name).read_bytes(), media_type=kind, headers=_CACHED)

    return Route(f"{base}/{file_name}", send, include_in_schema=False)
