"""What the tiers tell Prometheus."""

from prometheus_client import Counter

RECEIPTS = Counter("jiceng_sync_receipts", "Receipts by level and outcome.", ["level", "outcome", "reason_code"])
