"""Charter: who did what, written by the transaction that did it, chained by hashes so that it cannot be rewritten.

A chain whose head every writer locks would put all writes of a service in one queue. So the entry is written
unchained in the business transaction, and one sealer per service links entries in frozen-window order within moments.
Neither table can be updated or deleted from: triggers refuse. Source: ADR 0004; standards.md §9 (8.1.4, audit).
"""

from common.audit.ddl import AUDIT_DDL
from common.audit.entries import AUDIT_INSERT, AuditEntry, record
from common.audit.sealer import AuditSealer, BrokenChain, verify_chain

__all__ = ["AUDIT_DDL", "AUDIT_INSERT", "AuditEntry", "AuditSealer", "BrokenChain", "record", "verify_chain"]
