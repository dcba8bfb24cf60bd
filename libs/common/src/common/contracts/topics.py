"""Every topic of the platform, with who reads it: what `ensure_topics`, AsyncAPI and the cluster manifests use."""

from dataclasses import dataclass

from common.contracts import casework, registry, reporting, sync
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.dead_letters import dead_letter_topic
from common.divisions import LEVELS

REFERENCE_HOURS = None
RECORD_HOURS = 14 * 24
DEAD_LETTER_HOURS = 90 * 24


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Attributes:
        name: as on the bus.
        owner: the service that publishes.
        groups: the platform's own consumer groups.
        retention_hours: None keeps everything (reference data that a new consumer reads from the beginning).
        partitions: None takes the deployment's setting.
    """

    name: str
    owner: str
    groups: tuple[str, ...]
    retention_hours: int | None = RECORD_HOURS
    partitions: int | None = None


DIRECTORY_GROUPS = ("casework-directory", "reporting-directory", "sync-directory")
DISPATCHING_GROUP = "sync-dispatching"
DISPATCH_RECEIPTS_GROUP = "sync-dispatch-receipts"
POSTS_GROUP = "registry-posts"
TASKS_GROUP = "registry-tasks"
FIGURES_GROUP = "reporting-figures"
STANDINGS_GROUP = "reporting-standings"
NOTIFICATIONS_GROUP = "casework-notifications"
LEDGER_GROUP = "reporting-ledger"


def tier_group(level: str) -> str:
    """Consumer group of a tier."""
    return f"sync-tier-{level}"


def dispatch_group(level: str) -> str:
    """Consumer group of the part of a tier that takes what is sent down to its level."""
    return f"sync-dispatch-{level}"


_DISPATCHABLE = frozenset(record.name for record in DISPATCHABLE)


def _carriers(name: str) -> tuple[str, ...]:
    """The groups that carry a record up or down."""
    up = tuple(group for group, intake in sync.INTAKES.items() if name in intake.records)
    return (*up, DISPATCHING_GROUP) if name in _DISPATCHABLE else up


_REGISTRY_READERS: dict[str, tuple[tuple[str, ...], int | None]] = {
    "registry.division": (DIRECTORY_GROUPS, REFERENCE_HOURS),
    "registry.office": ((*DIRECTORY_GROUPS, POSTS_GROUP), REFERENCE_HOURS),
    "registry.staff-member": ((POSTS_GROUP,), REFERENCE_HOURS),
    "registry.public-employee": ((POSTS_GROUP,), REFERENCE_HOURS),
    "registry.pay-run": ((POSTS_GROUP,), REFERENCE_HOURS),
}
"""Our own consumer groups of the registry's topics, and how long the topic is kept; the others are for bureaus."""

_LEDGER = "casework.ledger-entry"

_DATA = (
    *(
        Topic(record.topic, "registry", (*groups, *_carriers(record.name)), hours)
        for record in registry.RECORDS
        for groups, hours in [_REGISTRY_READERS.get(record.name, ((), RECORD_HOURS))]
    ),
    Topic(casework.CASE_TOPIC, "casework", (*_carriers(casework.CASE_RECORD), TASKS_GROUP, NOTIFICATIONS_GROUP)),
    *(
        Topic(record.topic, "casework", (*_carriers(record.name), *((LEDGER_GROUP,) if record.name == _LEDGER else ())))
        for record in casework.RECORDS
    ),
    *(Topic(record.topic, "reporting", _carriers(record.name)) for record in reporting.RECORDS),
    *(Topic(sync.inbox_topic(level), "sync", (tier_group(level),)) for level in sync.RECEIVING_LEVELS),
    *(Topic(sync.accepted_topic(level), "sync", (FIGURES_GROUP, STANDINGS_GROUP)) for level in LEVELS),
    Topic(sync.RECEIPTS_TOPIC, "sync", ()),
    *(Topic(sync.dispatch_topic(level), "sync", (dispatch_group(level),)) for level in sync.DISPATCH_LEVELS),
    Topic(sync.DISPATCH_RECEIPTS_TOPIC, "sync", (DISPATCH_RECEIPTS_GROUP,)),
    Topic(sync.DISPATCH_REMINDERS_TOPIC, "sync", ()),
)

TOPICS: tuple[Topic, ...] = (
    *_DATA,
    *(
        Topic(dead_letter_topic(topic.name, group), group.split("-", 1)[0], (), DEAD_LETTER_HOURS, partitions=1)
        for topic in _DATA
        for group in topic.groups
    ),
)
