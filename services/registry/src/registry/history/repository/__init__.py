"""All SQL of records and of their versions."""

from registry.history.repository.batches import Version, append_versions, let_wait, mark_offices, put_many
from registry.history.repository.records import Records, Total, Wanted

__all__ = ["Records", "Total", "Version", "Wanted", "append_versions", "let_wait", "mark_offices", "put_many"]
