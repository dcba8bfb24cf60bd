"""What consumers tell Prometheus."""

from prometheus_client import Counter, Gauge

CONSUMED = Counter("jiceng_consumed", "Messages taken from the bus.", ["group"])
DEAD_LETTERED = Counter("jiceng_dead_lettered", "Messages that became dead letters.", ["group"])
CONSUMER_UP = Gauge("jiceng_consumer_up", "1 while the consumer runs, 0 after it has stopped itself.", ["group"])
