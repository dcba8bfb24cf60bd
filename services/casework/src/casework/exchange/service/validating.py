"""Whether a document fits its form, and what it holds, before anybody relies on it."""

from dataclasses import dataclass
from typing import Any

from casework.exchange.domain import import_case, parse_document, validate_document
from casework.exchange.errors import DocumentInvalid
from casework.exchange.service.access import EXPORTERS
from common.auth import Actor, require_role

_NO_JSON = {"code": "json", "reason": "不是 UTF-8 编码的 JSON"}


@dataclass(frozen=True, slots=True)
class Validated:
    """What was found.

    Attributes:
        findings: what does not fit; empty if everything does.
        is_complete: the document also holds the extension fields, so that it gives the very case back.
        status: of the case that it holds; None if it holds none.
        ratings: how many it holds.
    """

    findings: list[dict[str, Any]]
    is_complete: bool = False
    status: str | None = None
    ratings: int = 0


def check_document(actor: Actor, content: bytes) -> Validated:
    """Checks one document against the schema of its form; nothing of it is kept.

    Source: O4.2a; GB/T 39046-2020.

    Raises:
        RoleRequired: the actor exchanges nothing.
    """
    require_role(actor, *EXPORTERS)
    document = parse_document(content)
    if document is None:
        return Validated([_NO_JSON])
    findings = validate_document(document)
    if findings:
        return Validated([one.told() for one in findings])
    try:
        read = import_case(document)
    except DocumentInvalid:
        return Validated([])
    return Validated([], is_complete=True, status=read.state.status, ratings=len(read.ratings))
