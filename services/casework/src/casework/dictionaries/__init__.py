"""Dictionaries: every code of this service with its label, so that no frontend invents one."""
