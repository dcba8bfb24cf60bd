"""Warnings, accountability and the ledger of rewards and penalties (责任追究)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
