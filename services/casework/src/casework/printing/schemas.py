"""Requests and answers about documents."""

from typing import Annotated, Any, Self

from pydantic import Field

from casework.printing.domain import KIND_LABELS
from common.contracts.casework.cases import DocumentKind, DocumentState
from common.http import AnswerModel, BeijingTime, StrictModel

DocumentNumber = Annotated[str, Field(min_length=1, max_length=64, description="文书编号；不填为该类最近一份。")]


class PrintBody(StrictModel):
    """Which document of a kind is printed."""

    number: DocumentNumber | None = None


class DocumentAnswer(AnswerModel):
    """一份文书。"""

    kind: DocumentKind
    kind_label: str
    number: str
    issued_at: BeijingTime

    @classmethod
    def of(cls, document: DocumentState) -> Self:
        """From a case's file."""
        return cls(
            kind=document.kind,
            kind_label=KIND_LABELS[document.kind],
            number=document.number,
            issued_at=document.issued_at,
        )


class DocumentsAnswer(AnswerModel):
    """一个办件的文书。"""

    items: list[DocumentAnswer]


def file_of(media_type: str) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI tells that the answer is a file."""
    return {200: {"description": "文件", "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}
