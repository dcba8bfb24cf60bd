"""The mapping between cases and the standards' tables. Pure: named values inside, codes at the edge."""

from casework.exchange.domain.arriving import Obstacle, find_obstacle, make_arrival
from casework.exchange.domain.documents import Party, ReadCase, export_case, import_case
from casework.exchange.domain.forms import FORMS, About, FormName
from casework.exchange.domain.registers import WRITERS, Handling, RegisterName
from casework.exchange.domain.schemas_of import document_schema
from casework.exchange.domain.validation import Finding, parse_document, validate_document

__all__ = [
    "FORMS",
    "WRITERS",
    "About",
    "Finding",
    "FormName",
    "Handling",
    "Obstacle",
    "Party",
    "ReadCase",
    "RegisterName",
    "document_schema",
    "export_case",
    "find_obstacle",
    "import_case",
    "make_arrival",
    "parse_document",
    "validate_document",
]
