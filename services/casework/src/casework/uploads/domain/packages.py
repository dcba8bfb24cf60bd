"""Word and Excel files from inside: what their parts are declared to be, and where their relationships lead.

A macro is one by its declared content type or by the relationship that leads to it, whatever its part is called. A
template, an object or a frame that lies elsewhere is fetched and run by whoever opens the file.
"""

import zipfile
from collections.abc import Callable
from xml.parsers import expat

from casework.uploads.errors import FileDamaged, FileUnsafe

_CONTENT_TYPES = "[content_types].xml"
_RELATIONSHIPS = ".rels"
_PIECE = 64 * 1024
_RUNNING_TYPES = (
    "macroenabled", "vbaproject", "vbadata", "activex", "oleobject", "macrosheet", "ms-package", "x-msdownload",
    "javascript", "x-shockwave", "attachedtoolbars", "dialogsheet",
)  # fmt: skip
_RUNNING_RELATIONS = (
    "vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "oleobject", "activexcontrol", "/control",
    "/package", "attachedtoolbars", "customui", "ui/extensibility", "userxmldata", "dialogsheet",
)  # fmt: skip
_ELSEWHERE_ALLOWED = "/hyperlink"
_ELSEWHERE = ("//", "\\\\")


def require_inert_package(archive: zipfile.ZipFile) -> None:
    """Raises unless the parts of an office document are inert and lie in it; links that a reader clicks may lead away.

    Source: O4.2b.

    Raises:
        FileUnsafe: macros, controls or objects; a template or another part that lies elsewhere.
        FileDamaged: its declarations cannot be read.
    """
    for entry in archive.infolist():
        name = entry.filename.lower()
        if name == _CONTENT_TYPES:
            _read(archive, entry, _require_inert_type)
        elif name.endswith(_RELATIONSHIPS):
            _read(archive, entry, _require_inert_relation)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, judge: Callable[[str, dict[str, str]], None]) -> None:
    """Reads a part to its end, piece by piece; a document type has no place there and could unfold without measure."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = judge
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise FileDamaged from None


def _refuse_document_type(*_: object) -> None:
    raise FileUnsafe("文档内部声明含有文档类型定义", reason="doctype")


def _require_inert_type(_element: str, attributes: dict[str, str]) -> None:
    declared = attributes.get("ContentType", "").lower()
    if any(word in declared for word in _RUNNING_TYPES):
        raise FileUnsafe("含有宏、控件或者嵌入对象", reason="programmes")


def _require_inert_relation(_element: str, attributes: dict[str, str]) -> None:
    kind, target = attributes.get("Type", "").lower(), attributes.get("Target", "").strip()
    if any(word in kind for word in _RUNNING_RELATIONS):
        raise FileUnsafe("含有宏、控件或者嵌入对象", reason="programmes")
    is_external = attributes.get("TargetMode", "").lower() == "external"
    leads_away = is_external or ":" in target or any(word in target for word in _ELSEWHERE)
    if leads_away and not kind.endswith(_ELSEWHERE_ALLOWED):
        raise FileUnsafe("含有指向文件之外的模板或者内容", reason="elsewhere")
