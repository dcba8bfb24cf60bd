"""The policy's own chain of documents, as far as its text tells: what it does not state stays empty."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from common.contracts.reporting.documents import DocumentState
from common.divisions import Level, level_of
from common.policy import DOCUMENTS


def packaged_documents(*, at: datetime) -> list[DocumentState]:
    """First states of the packaged documents, the first of the chain first. Source: G1, S0."""
    rows = json.loads(files("reporting.documents").joinpath("packaged.json").read_text(encoding="utf-8"))
    return [_document(row, rows[0]["key"], at) for row in rows]


def document_id(key: str) -> UUID:
    """The id of a packaged document."""
    return uuid5(NAMESPACE_URL, f"jiceng/reporting/document/{key}")


def _document(row: dict[str, Any], root: str, at: datetime) -> DocumentState:
    known = DOCUMENTS.get(row["number"])
    published_on = known.published_on if known else None
    return DocumentState(
        id=document_id(row["key"]),
        version=1,
        division=row["division"],
        level=level_of(row["division"]),
        changed_at=at,
        number=row["number"],
        title=known.title if known else row["title"],
        issuer=known.issuer if known else row["issuer"],
        signed_on=known.issued_on if known else None,
        published_on=published_on,
        classification=row["classification"],
        index_number=known.index_number if known else None,
        addressees=tuple(row["addressees"]),
        down_to=Level(row["down_to"]),
        forwards=document_id(row["forwards"]) if row["forwards"] else None,
        root=document_id(root),
        entered_afterwards=True,
        status="published" if published_on else "registered",
    )
