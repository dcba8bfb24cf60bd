"""Alembic's entry; see common.process.migrations."""

from common.process import run_env
from reporting.tables import metadata

run_env(metadata)
