"""The adapter's times and sizes in one place, so that tests can shorten them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Bounds of the kafka adapter.

    Attributes:
        answer_seconds: connecting, topic management and offset questions end after so long.
        send_seconds: a send that is not acknowledged by then fails, and its client is thrown away.
        request_seconds: one request to one broker; longer than a rebalance, shorter than `stall_seconds`.
        stop_seconds: upper bound of a polite stop; then everything is cut.
        stall_seconds: a consumer whose fetches or rebalance have had no answer for so long is rebuilt.
        session_seconds: a crashed consumer's partitions move after so long (brokers allow 6 s and more).
        grace_seconds: how long a rebalance waits for the batch in hand to be done with.
        poll_interval_seconds: a consumer that has not polled for so long leaves its group.
        commit_seconds: how often offsets are told to Kafka, for its lag tools only.
        backoff_ms: pause between attempts inside aiokafka.
        batch_bytes: size of a record batch; brokers take 1 MiB unless told otherwise.
        sequence_limit: messages after which a producer gets a new id, long before aiokafka's per-partition sequence
            number passes 2^31 and wraps to a negative one, which brokers refuse.
    """

    answer_seconds: float = 20.0
    send_seconds: float = 20.0
    request_seconds: float = 20.0
    stop_seconds: float = 5.0
    stall_seconds: float = 30.0
    session_seconds: float = 10.0
    grace_seconds: float = 5.0
    poll_interval_seconds: float = 300.0
    commit_seconds: float = 5.0
    backoff_ms: int = 250
    batch_bytes: int = 512 * 1024
    sequence_limit: int = 1_000_000_000
