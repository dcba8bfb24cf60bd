"""The numbers that every service shows at /metrics, declared once so that dashboards find one set of names.

Labels hold names of code and topics only: never an identifier of a person, a case or a raw path.
"""

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

HTTP_REQUESTS = Counter("jiceng_http_requests", "Answered requests.", ("service", "method", "route", "status"))
HTTP_SECONDS = Histogram(
    "jiceng_http_request_seconds", "Time to answer.", ("service", "method", "route"), buckets=_FAST
)
HTTP_IN_FLIGHT = Gauge("jiceng_http_requests_in_flight", "Requests being answered.", ("service",))

OUTBOX_DEPTH = Gauge("jiceng_outbox_depth", "Outbox rows not yet handed to the bus.", ("service",))
OUTBOX_AGE_SECONDS = Gauge("jiceng_outbox_oldest_seconds", "Age of the oldest row not yet handed over.", ("service",))

RELAY_EVENTS = Counter("jiceng_relay_events", "Events handed to the bus.", ("service", "topic"))
RELAY_FAILURES = Counter("jiceng_relay_failures", "Sends that failed and were tried again.", ("service",))
RELAY_ACTIVE = Gauge("jiceng_relay_active", "1 while this process holds the relay's lock.", ("service",))
RELAY_BATCH_SECONDS = Histogram("jiceng_relay_batch_seconds", "Time for one batch.", ("service",), buckets=_FAST)

CONSUMER_EVENTS = Counter(
    "jiceng_consumer_events", "Consumed events by outcome.", ("service", "group", "topic", "outcome")
)
CONSUMER_LAG = Gauge(
    "jiceng_consumer_lag", "Events that wait in a partition.", ("service", "group", "topic", "partition")
)
CONSUMER_BATCH_SECONDS = Histogram(
    "jiceng_consumer_batch_seconds", "Time for one batch.", ("service", "group"), buckets=_FAST
)
CONSUMER_UP = Gauge(
    "jiceng_consumer_up", "1 while a consumer runs, 0 after it has stopped itself.", ("service", "group")
)
DEAD_LETTERS = Counter("jiceng_dead_letters", "Events set aside with their reason.", ("service", "group", "code"))

BATCH_FAILURES = Counter(
    "jiceng_batch_failures", "Single things that failed in a job over many and were left out.", ("service", "job")
)

AUDIT_UNSEALED = Gauge("jiceng_audit_unsealed", "Audit entries not yet in the chain.", ("service",))
JOB_LAST_SUCCESS = Gauge("jiceng_job_last_success_seconds", "Unix time of the last success.", ("service", "job"))


def exposition() -> tuple[bytes, str]:
    """Body and content type of /metrics, the process's own figures included."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
