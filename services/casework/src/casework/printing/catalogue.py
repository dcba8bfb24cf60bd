"""The packaged Word templates, how they are filled, and how the same facts always give the same bytes."""

import io
import zipfile
from functools import lru_cache
from importlib.resources import files

from casework.printing.domain import Notice, NoticeKind

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENT_TYPES = "[Content_Types].xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o600 << 16


def render_notice(notice: Notice) -> bytes:
    """The notice as a Word document; its facts are text only, whatever they hold.

    The libraries are loaded with the first notice: they take 30 MB, and most processes never print.

    Source: O4.3b.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - see above
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    template = DocxTemplate(io.BytesIO(template_of(notice.kind)))
    template.render(dict(notice.facts), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    written = io.BytesIO()
    template.save(written)
    return repacked(written.getvalue())


@lru_cache(maxsize=16)
def template_of(kind: NoticeKind) -> bytes:
    """The packaged template of a kind."""
    return files("casework.printing").joinpath("templates", f"{kind}.docx").read_bytes()


def repacked(document: bytes) -> bytes:
    """The same parts in one order and of one day, so that equal documents have equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as given, zipfile.ZipFile(packed, "w") as made:
        for name in sorted(given.namelist(), key=lambda name: (name != CONTENT_TYPES, name)):
            part = zipfile.ZipInfo(name, _FIRST_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = _READABLE
            made.writestr(part, given.read(name))
    return packed.getvalue()
