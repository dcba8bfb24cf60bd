"""Charter: what services say to one another: event data models, their types and topics. No I/O.

A contract is additive within v1: readers ignore fields that they do not know, writers only add optional ones.
"""

from common.contracts.catalogue import CONTRACTS, Contract, contracts_of, record_of

__all__ = ["CONTRACTS", "Contract", "contracts_of", "record_of"]
