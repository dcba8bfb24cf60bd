"""Topic management on Kafka."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any

from common.bus.errors import BusUnavailable, TopicMismatch
from common.bus.kafka.brokers import Brokers
from common.bus.kafka.clients import ConfigResource, ConfigResourceType, NewTopic, admin
from common.bus.kafka.tuning import Tuning
from common.bus.port import TopicSpec

log = logging.getLogger(__name__)

_REPLICAS = 3
_TOPIC_EXISTS = 36
_SET_ON_TOPIC = 1
_HOUR_MS = 3_600_000
_LOOK_SECONDS = 0.05


async def ensure_topics(servers: Brokers, tuning: Tuning, specs: Sequence[TopicSpec], default_partitions: int) -> None:
    """Creates missing topics, sets retention, checks partition counts."""
    wanted = {spec.name: spec for spec in specs}
    async with admin(servers, tuning) as client:
        found = _partition_counts(await client.describe_topics())
        missing = [spec for spec in wanted.values() if spec.name not in found]
        if missing:
            await _create(client, missing, default_partitions)
            found |= await _until_led(client, {spec.name for spec in missing})
        for spec in wanted.values():
            partitions = spec.partitions or default_partitions
            if found[spec.name] != partitions:
                msg = f"{spec.name} has {found[spec.name]} partitions, wanted {partitions}"
                raise TopicMismatch(msg)
        made = {spec.name for spec in missing}
        await _set_retention(client, [spec for spec in wanted.values() if spec.name not in made])


def _partition_counts(topics: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {topic["topic"]: len(topic["partitions"]) for topic in topics}


async def _until_led(client: Any, names: Collection[str]) -> dict[str, int]:
    """Partition counts of new topics: a broker learns of them, and of their leaders, a moment after the creation."""
    while True:
        topics = [topic for topic in await client.describe_topics() if topic["topic"] in names]
        leaders = [partition["leader"] for topic in topics for partition in topic["partitions"]]
        if len(topics) == len(names) and all(leader >= 0 for leader in leaders):
            return _partition_counts(topics)
        await asyncio.sleep(_LOOK_SECONDS)


async def _create(client: Any, specs: Sequence[TopicSpec], default_partitions: int) -> None:
    brokers = len((await client.describe_cluster())["brokers"])
    replicas = min(_REPLICAS, brokers)
    made = await client.create_topics(
        [
            NewTopic(
                spec.name,
                spec.partitions or default_partitions,
                replicas,
                topic_configs={
                    "retention.ms": _retention_ms(spec),
                    **({"min.insync.replicas": "2"} if replicas == _REPLICAS else {}),
                },
            )
            for spec in specs
        ]
    )
    for name, code, *_ in made.topic_errors:
        if code not in (0, _TOPIC_EXISTS):
            log.error("bus.topic-refused topic=%s code=%s", name, code)
            raise BusUnavailable(name)


async def _set_retention(client: Any, specs: Sequence[TopicSpec]) -> None:
    """Where it differs; Kafka's AlterConfigs replaces all settings of a topic, so the others are sent along."""
    if not specs:
        return
    resources = [ConfigResource(ConfigResourceType.TOPIC, spec.name) for spec in specs]
    settings: dict[str, dict[str, str]] = {}
    for answer in await client.describe_configs(resources):
        for _code, _message, _type, name, entries in answer.resources:
            settings[name] = {key: value for key, value, _, source, *_ in entries if source == _SET_ON_TOPIC}
    changes = [
        ConfigResource(
            ConfigResourceType.TOPIC, spec.name, {**settings.get(spec.name, {}), "retention.ms": _retention_ms(spec)}
        )
        for spec in specs
        if settings.get(spec.name, {}).get("retention.ms") != _retention_ms(spec)
    ]
    if changes:
        await client.alter_configs(changes)


def _retention_ms(spec: TopicSpec) -> str:
    return "-1" if spec.retention_hours is None else str(spec.retention_hours * _HOUR_MS)
