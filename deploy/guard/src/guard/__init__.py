"""Charter: child processes that end with us: PostgreSQL, Kafka, and the services on one machine."""

from guard.forked import ForkedProcess, Nursery
from guard.process import DEFAULT_GUARD, Guard, GuardedProcess, Identity, launcher_command

__all__ = [
    "DEFAULT_GUARD",
    "ForkedProcess",
    "Guard",
    "GuardedProcess",
    "Identity",
    "Nursery",
    "launcher_command",
]
