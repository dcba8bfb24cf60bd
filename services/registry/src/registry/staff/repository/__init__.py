"""The table of persons, and the keys that open it."""

from registry.staff.repository.persons import Persons, hold_pseudonym
from registry.staff.repository.vault import PersonVault, PseudonymKey

__all__ = ["PersonVault", "Persons", "PseudonymKey", "hold_pseudonym"]
