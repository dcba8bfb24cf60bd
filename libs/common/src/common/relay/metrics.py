"""What the relay tells Prometheus."""

from prometheus_client import Counter, Gauge

RELAY_SENT = Counter("jiceng_relay_sent", "Events sent to the bus.", ["service"])
RELAY_LAG = Gauge("jiceng_relay_lag_seconds", "Age of the last event sent; 0 when the outbox is drained.", ["service"])
RELAY_ACTIVE = Gauge("jiceng_relay_active", "1 where this process holds the relay's lock.", ["service"])
