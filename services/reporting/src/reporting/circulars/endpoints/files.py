"""Word files as answers."""

from typing import Any

from fastapi import Response

from reporting.circulars.rendering import DOCX

FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Word 文件", "content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}
}


def docx(content: bytes, name: str) -> Response:
    """A Word file under a name that tells nothing of anybody."""
    return Response(content, media_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}.docx"'})
