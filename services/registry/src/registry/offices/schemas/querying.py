"""What a list of offices is asked for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from common.contracts.registry.offices import ManagementMode, OfficeForm
from common.contracts.registry.places import EquipmentKind
from common.contracts.registry.readiness import ReadinessStatus
from common.divisions import Level
from common.http import DivisionCode
from registry.offices.domain import OfficeStatus, words_of
from registry.offices.naming import OfficeKind
from registry.offices.repository import OfficeFilter

Within = Annotated[DivisionCode | None, Query(description="只列该区划及其以下。")]
Typed = Annotated[str | None, Query(min_length=1, max_length=50, pattern=r"^[^\x00]+$")]


@dataclass(frozen=True, slots=True)
class OfficeQuery:
    """Which offices a list shows; `of` is the same for the pages of one list."""

    wanted: OfficeFilter
    of: str


def office_query(  # noqa: PLR0917 - FastAPI names them
    level: Annotated[Level | None, Query()] = None,
    kind: Annotated[OfficeKind | None, Query()] = None,
    status: Annotated[OfficeStatus | None, Query()] = None,
    form: Annotated[OfficeForm | None, Query()] = None,
    management_mode: Annotated[ManagementMode | None, Query()] = None,
    readiness: Annotated[ReadinessStatus | None, Query(description="达标情况；尚未评定的为 unknown。")] = None,
    missing_equipment: Annotated[EquipmentKind | None, Query(description="缺少该类设备的。")] = None,
    division: Within = None,
    q: Typed = None,
) -> OfficeQuery:
    """A dependency of the list of offices."""
    wanted = OfficeFilter(
        level=level,
        kind=kind,
        status=status,
        form=form,
        management_mode=management_mode,
        readiness=readiness,
        missing_equipment=missing_equipment,
        within=division,
        words=words_of(q or ""),
    )
    return OfficeQuery(wanted, f"offices:{wanted}")
