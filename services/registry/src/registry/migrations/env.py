"""Alembic's entry: everything is common's."""

from common.process import run_env
from registry.tables import metadata

run_env(metadata)
