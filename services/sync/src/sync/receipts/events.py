"""The event of a receipt, as an outbox row: written as text, because this is the hot path of the platform.

The tests hold every row against its contract.
"""

from common.contracts.sync import RECEIPT_ISSUED, RECEIPTS_TOPIC
from common.outbox import Row
from sync.receipts.domain import VERDICTS, Receipt, Verdict

SOURCE = "/jiceng/sync"


def _answer(verdict: Verdict) -> str:
    """The members that the verdict alone decides; codes and reasons are constants of this code base."""
    if verdict.reason_code is None:
        return f'"outcome":"{verdict.outcome}","reason_code":null,"reason":null'
    return f'"outcome":"{verdict.outcome}","reason_code":"{verdict.reason_code}","reason":"{verdict.reason}"'


_ANSWERS = {verdict: _answer(verdict) for verdict in VERDICTS}


def row_of(receipt: Receipt, at_text: str) -> Row:
    """The receipt's event; `at_text` is its time as events carry it. Event and receipt have one id."""
    data = (
        f'{{"id":"{receipt.id}","record_type":"{receipt.record_type}","record_id":"{receipt.subject}",'
        f'"version":{receipt.version},"division":"{receipt.division}","receiver_level":"{receipt.receiver_level}",'
        f'"receiver_division":"{receipt.receiver_division}",{_ANSWERS[receipt.verdict]},'
        f'"digest":"{receipt.digest.hex()}","issued_at":"{at_text}"}}'
    )
    return (
        RECEIPTS_TOPIC,
        receipt.id,
        RECEIPT_ISSUED,
        SOURCE,
        receipt.subject,
        receipt.issued_at,
        receipt.division,
        receipt.origin,
        receipt.version,
        receipt.subject,
        receipt.traceparent,
        data,
    )
