"""Charter: a service as operating-system processes: its roles, its start, its graceful end, its command line.

`python -m <service> api | worker | relay | all | migrate | openapi`. `all` carries every role in one process (one
machine); everywhere else each role is its own process.
"""

from common.process.context import BusAddress, Context
from common.process.definition import Command, Job, ServiceDefinition
from common.process.main import main
from common.process.migrations import SHARED_TABLES, is_at_head, run_env, upgrade
from common.process.repeating import forget_old_keys, repeated

__all__ = [
    "SHARED_TABLES",
    "BusAddress",
    "Command",
    "Context",
    "Job",
    "ServiceDefinition",
    "forget_old_keys",
    "is_at_head",
    "main",
    "repeated",
    "run_env",
    "upgrade",
]
