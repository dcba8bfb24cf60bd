"""Charter: one pool per process to the service's own PostgreSQL, and the raw connection that hot paths use.

The engine runs in AUTOCOMMIT: nobody but `Database.transaction` (and through it the unit of work) says BEGIN and
COMMIT, so that ORM statements and raw asyncpg statements of one use case share one connection and one transaction.
"""

from common.db.database import Connection, Database, connection_arguments
from common.db.naming import NAMING
from common.db.passing import is_passing
from common.db.uninterrupted import uninterrupted
from common.db.window import FrozenWindow, Window

__all__ = [
    "NAMING",
    "Connection",
    "Database",
    "FrozenWindow",
    "Window",
    "connection_arguments",
    "is_passing",
    "uninterrupted",
]
