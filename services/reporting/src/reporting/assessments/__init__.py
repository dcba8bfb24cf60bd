"""Assessments of offices and persons, and the ledger of rewards and penalties that follows."""
