"""What reporting publishes: every record as `<record>.changed.v1`. Nothing of it holds personal data."""

from common.contracts.record import Record
from common.contracts.reporting import (
    assessments,
    campaigns,
    circulars,
    documents,
    indicators,
    inspections,
    orders,
    plans,
    problems,
    programmes,
    reports,
)

RECORDS: tuple[Record, ...] = (
    *programmes.RECORDS,
    *documents.RECORDS,
    *orders.RECORDS,
    *plans.RECORDS,
    *indicators.RECORDS,
    *reports.RECORDS,
    *inspections.RECORDS,
    *campaigns.RECORDS,
    *assessments.RECORDS,
    *problems.RECORDS,
    *circulars.RECORDS,
)
"""Every kind of record, with its model."""
