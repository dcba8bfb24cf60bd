"""Programmes of construction: their time, cohorts with membership and targets, milestones, central towns."""
