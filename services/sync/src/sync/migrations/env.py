"""Alembic's entry; see common.process.migrations."""

from common.process import run_env
from sync.tables import metadata

run_env(metadata)
