"""The adapter's times and sizes in one place, so that tests can shorten them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Bounds of the embedded adapter.

    Attributes:
        answer_seconds: a send, a read or a connect that takes longer counts as a bus that does not answer.
        stop_seconds: upper bound of each polite step of a stop.
        look_seconds: how often an idle consumer looks without having been woken.
        tick_seconds: how often a process with consumers looks at its groups; a crashed member is seen by then.
        silence_seconds: a session without a sign of life for so long is ended by the others.
        grace_seconds: how long a partition that must move waits for the batch in hand to be done with.
        poll_interval_seconds: a consumer that has not polled for so long leaves its group.
        retention_seconds: how often old messages are dropped.
        rows_per_statement: messages appended or dropped by one statement.
        fetch_bytes: a poll stops near so many bytes of values, whatever its number of messages.
        connections: upper bound of a process, beside the one that listens.
    """

    answer_seconds: float = 10.0
    stop_seconds: float = 2.0
    look_seconds: float = 1.0
    tick_seconds: float = 1.0
    silence_seconds: float = 10.0
    grace_seconds: float = 5.0
    poll_interval_seconds: float = 300.0
    retention_seconds: float = 300.0
    rows_per_statement: int = 1_000
    fetch_bytes: int = 32 * 1024 * 1024
    connections: int = 2
