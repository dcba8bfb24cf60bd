"""Rules of the division tree: keys, parents, validity. Pure."""

from datetime import date
from uuid import UUID, uuid5

from common.contracts.registry import DivisionState
from common.divisions import parent_of
from registry.data.rows import KIND_LABELS, DivisionKind, DivisionRow

__all__ = ["KIND_LABELS", "DivisionKind", "division_id", "first_state", "parent_code_of"]

_NAMESPACE = UUID("7a6f4f52-8f0b-5d4e-9c39-6a1f2b7e4d10")


def division_id(row: DivisionRow, valid_from: date) -> UUID:
    """The id of a division of the committed file, the same at every site that loads it.

    Source: ADR 0006.
    """
    return uuid5(_NAMESPACE, f"{row.code}/{row.level}/{valid_from.isoformat()}")


def parent_code_of(row: DivisionRow) -> str | None:
    """The code of the division above; a filler repeats a city and hangs on that city, which has the same code.

    Source: O1.3a, ADR 0006.
    """
    return row.code if row.kind is DivisionKind.FILLER else parent_of(row.code)


def first_state(row: DivisionRow, valid_from: date) -> DivisionState:
    """A division of the committed file as it begins.

    Source: ADR 0006.
    """
    return DivisionState(
        id=division_id(row, valid_from),
        code=row.code,
        level=row.level,
        name=row.name,
        kind=row.kind.value,
        parent_code=parent_code_of(row),
        valid_from=valid_from,
        valid_to=None,
        version=1,
    )
