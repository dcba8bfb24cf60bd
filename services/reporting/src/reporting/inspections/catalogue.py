"""The packaged template of inspections: the seven dimensions with criteria of the policy; weights are to be confirmed.

Source: S2, S5.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from common.contracts.reporting.inspections import CriterionState, DimensionWeight


@dataclass(frozen=True, slots=True)
class StartingTemplate:
    """What a first template may be taken from."""

    title: str
    document: str
    to_confirm: str
    veto_cap: int
    weights: tuple[DimensionWeight, ...]
    criteria: tuple[CriterionState, ...]


@lru_cache(maxsize=1)
def starting_template() -> StartingTemplate:
    """Reads the packaged file.

    Raises:
        ValueError: it lacks a member, or a member is of the wrong form.
    """
    read: dict[str, Any] = json.loads(files("reporting.inspections").joinpath("template.json").read_text("utf-8"))
    return StartingTemplate(
        title=read["title"],
        document=read["document"],
        to_confirm=read["to_confirm"],
        veto_cap=read["veto_cap"],
        weights=tuple(DimensionWeight.model_validate_json(json.dumps(row)) for row in read["weights"]),
        criteria=tuple(CriterionState.model_validate_json(json.dumps(row)) for row in read["criteria"]),
    )
