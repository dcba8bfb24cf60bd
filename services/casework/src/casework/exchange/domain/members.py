"""What a state is made of: members with a value of their own, and lists that become tables."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseFile
from common.contracts.casework.ratings import RatingState

CASE_MEMBERS: tuple[str, ...] = tuple(name for name in CaseState.model_fields if name != "file")
RATING_MEMBERS: tuple[str, ...] = tuple(RatingState.model_fields)


def _listed(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) is not tuple:
        return None
    held = get_args(annotation)[0]
    return held if isinstance(held, type) and issubclass(held, BaseModel) else None


FILE_LISTS: Mapping[str, type[BaseModel]] = {
    name: model for name, field in CaseFile.model_fields.items() if (model := _listed(field.annotation)) is not None
}
"""Members of the file that hold many: ledger, steps, holders …"""
FILE_MEMBERS: tuple[str, ...] = tuple(name for name in CaseFile.model_fields if name not in FILE_LISTS)
"""Members of the file that hold one: terms, offer, whether it is itemised."""
