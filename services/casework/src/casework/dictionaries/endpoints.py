"""All dictionaries in one answer, public like the catalogue. Source: O4.3e."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter

from casework.cases.domain import CLOSING_RESULT_LABELS, STATUS_LABELS
from casework.deps import ReadConnection
from casework.dictionaries.schemas import Dictionaries, DutyAnswer
from casework.items import service
from casework.items.domain import APPLICANT_KIND_LABELS, EXTENT_LABELS, HANDLING_LABELS
from common.divisions import LEVEL_LABELS
from common.http import Labelled

router = APIRouter(prefix="/dictionaries", tags=["dictionaries"])

_FIXED: Mapping[str, Mapping[str, str]] = {
    "case_statuses": {status.value: label for status, label in STATUS_LABELS.items()},
    "closing_results": {result.value: label for result, label in CLOSING_RESULT_LABELS.items()},
    "applicant_kinds": APPLICANT_KIND_LABELS,
    "levels": {level.value: label for level, label in LEVEL_LABELS.items()},
    "extents": {extent.value: label for extent, label in EXTENT_LABELS.items()},
    "handling_kinds": HANDLING_LABELS,
}
_CATALOGUED: Mapping[str, str] = {
    "procedure_families": "procedure_families",
    "item_types": "type_codes",
    "special_procedures": "special_procedures",
    "period_units": "units",
    "period_starts": "starts",
    "marks": "marks",
}


@router.get("", summary="字典", description="本服务的全部代码与名称。无需登录。")
async def list_dictionaries(conn: ReadConnection) -> Dictionaries:
    """Tells every code with its label."""
    catalogued = await service.list_dictionaries(conn)
    lists = {name: _labelled(labels.items()) for name, labels in _FIXED.items()}
    lists |= {name: _labelled(catalogued.get(source, [])) for name, source in _CATALOGUED.items()}
    duties = [DutyAnswer.of(duty) for duty in await service.list_duties(conn)]
    return Dictionaries(duties=duties, **lists)


def _labelled(pairs: Iterable[tuple[str, str]]) -> list[Labelled]:
    return [Labelled(code=code, label=label) for code, label in pairs]
