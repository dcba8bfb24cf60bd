"""All SQL of the dispatches."""
