"""Writes topics and users of the Strimzi component from common.contracts.topics, so that a topic is named once.

Run `python tools/kafka_manifests.py` to write them; with `--check` it fails when a committed file differs.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from common.contracts.topics import TOPICS, Topic

ROOT = Path(__file__).resolve().parent.parent
COMPONENT = ROOT / "deploy/kubernetes/components/kafka-strimzi"
API_VERSION = "kafka.strimzi.io/v1"
CLUSTER = "jiceng"
REPLICAS = 3
MIN_IN_SYNC = 2
PARTITIONS = 6
MILLISECONDS_PER_HOUR = 3_600_000
DEAD_LETTER_READER = "operations-kafka"
_HEADER = "# Made by tools/kafka_manifests.py from common.contracts.topics: change the topics there.\n"

Manifest = dict[str, Any]


def service_of(group: str) -> str:
    """The service that a consumer group belongs to: the first word of its name."""
    return group.split("-", 1)[0]


def metadata(name: str) -> Manifest:
    """Name and the labels by which Strimzi and we find it."""
    return {
        "name": name,
        "labels": {
            "app.kubernetes.io/component": "bus",
            "app.kubernetes.io/part-of": "jiceng",
            "strimzi.io/cluster": CLUSTER,
        },
    }


def kafka_topic(topic: Topic) -> Manifest:
    """One topic: kept on three brokers, acknowledged by two."""
    hours = topic.retention_hours
    return {
        "apiVersion": API_VERSION,
        "kind": "KafkaTopic",
        "metadata": metadata(topic.name),
        "spec": {
            "topicName": topic.name,
            "partitions": topic.partitions or PARTITIONS,
            "replicas": REPLICAS,
            "config": {
                "cleanup.policy": "delete",
                "min.insync.replicas": MIN_IN_SYNC,
                "retention.ms": -1 if hours is None else hours * MILLISECONDS_PER_HOUR,
            },
        },
    }


def acl(kind: str, name: str, *operations: str, pattern: str = "literal") -> Manifest:
    """One rule."""
    return {
        "resource": {"type": kind, "name": name, "patternType": pattern},
        "operations": list(operations),
    }


def kafka_user(name: str, acls: list[Manifest]) -> Manifest:
    """One client with its own certificate."""
    return {
        "apiVersion": API_VERSION,
        "kind": "KafkaUser",
        "metadata": metadata(name),
        "spec": {"authentication": {"type": "tls"}, "authorization": {"type": "simple", "acls": acls}},
    }


def service_acls(service: str) -> list[Manifest]:
    """What one service may do: write what it owns, read what its groups read, see (not change) every topic."""
    acls = [acl("topic", "jiceng.", "Describe", "DescribeConfigs", pattern="prefix")]
    acls += [acl("topic", topic.name, "Write") for topic in TOPICS if topic.owner == service]
    own = {group for topic in TOPICS for group in topic.groups if service_of(group) == service}
    acls += [acl("topic", topic.name, "Read") for topic in TOPICS if own & set(topic.groups)]
    return acls + [acl("group", group, "Read") for group in sorted(own)]


def users() -> Iterator[Manifest]:
    """One user per service, and one with which people read dead letters."""
    groups = {service_of(group) for topic in TOPICS for group in topic.groups}
    for service in sorted({topic.owner for topic in TOPICS} | groups):
        yield kafka_user(f"{service}-kafka", service_acls(service))
    letters = [acl("topic", topic.name, "Read", "Describe") for topic in TOPICS if topic.name.endswith(".dlq")]
    yield kafka_user(DEAD_LETTER_READER, [*letters, acl("group", "operations-", "Read", pattern="prefix")])


def rendered() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it must have."""
    for name, manifests in (
        ("topics.yaml", [kafka_topic(topic) for topic in sorted(TOPICS, key=lambda topic: topic.name)]),
        ("users.yaml", list(users())),
    ):
        yield COMPONENT / name, _HEADER + yaml.safe_dump_all(manifests, sort_keys=False, allow_unicode=True)


def main() -> int:
    """Runs the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    check = parser.parse_args().check
    stale = [path for path, text in rendered() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}", file=sys.stderr)
    if not check:
        for path, text in rendered():
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
