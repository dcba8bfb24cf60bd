"""Requests and answers about persons, posts, establishment, standards and recruitments."""
