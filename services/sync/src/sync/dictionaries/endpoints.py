"""All dictionaries in one answer, public like every guide. Source: O4.3e."""

from collections.abc import Mapping

from fastapi import APIRouter

from common.divisions import LEVEL_LABELS
from common.http import Labelled
from sync.dictionaries.schemas import Dictionaries
from sync.dispatches.domain import LACK_LABELS, NODE_STATUS_LABELS
from sync.receipts.domain import OUTCOME_LABELS, REASONS
from sync.records.service import RECORD_LABELS

router = APIRouter(prefix="/dictionaries", tags=["dictionaries"])


def _labelled(labels: Mapping[str, str]) -> list[Labelled]:
    return [Labelled(code=str(code), label=label) for code, label in labels.items()]


_ANSWER = Dictionaries(
    levels=_labelled({level.value: label for level, label in LEVEL_LABELS.items()}),
    outcomes=_labelled({str(outcome): label for outcome, label in OUTCOME_LABELS.items()}),
    reasons=_labelled(REASONS),
    record_types=_labelled(RECORD_LABELS),
    dispatch_statuses=_labelled({str(code): label for code, label in NODE_STATUS_LABELS.items()}),
    dispatch_lacks=_labelled({str(code): label for code, label in LACK_LABELS.items()}),
)


@router.get("", summary="字典", description="本服务的全部代码与名称。无需登录。")
async def list_dictionaries() -> Dictionaries:
    """Tells every code with its label."""
    return _ANSWER
