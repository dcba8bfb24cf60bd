"""Alembic's entry: everything is common's."""

from casework.tables import metadata
from common.process import run_env

run_env(metadata)
