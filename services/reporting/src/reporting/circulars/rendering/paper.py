"""What a document is made from. Without the libraries that make it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from common.contracts.reporting.circulars import NumberChange, WordChange, WordsState
from reporting.circulars.domain import Table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that the document is made from; equal ones give equal bytes.

    Attributes:
        words: with their numbers filled in.
        tables: by the code of their query.
        number: 发文字号.
        digest: of the snapshot.
    """

    words: WordsState
    tables: Mapping[str, Table]
    number: str
    signed_on: date
    on: date
    digest: str
    changes: tuple[NumberChange, ...] = ()
    word_changes: tuple[WordChange, ...] = ()
