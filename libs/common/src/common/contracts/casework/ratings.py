"""Ratings of service (好差评) and their rectification."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
