"""Where the numbers of a snapshot come from: one source for each kind of query."""

from reporting.circulars.service.sources.asking import Found, Question, SnapshotSource, moment_of
from reporting.circulars.service.sources.registry import SOURCES

__all__ = ["SOURCES", "Found", "Question", "SnapshotSource", "moment_of"]
