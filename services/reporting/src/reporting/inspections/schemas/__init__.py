"""Requests and answers about inspections."""
