"""Inspections: a recorded sample, templates with weights, on-site values against declared ones, scores."""
