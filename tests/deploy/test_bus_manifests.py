"""Topics and users of the Strimzi component against the contracts."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from common.contracts.dead_letters import dead_letter_topic
from common.contracts.topics import TOPICS
from common.settings import BusSettings

SERVICES = ("casework", "registry", "reporting", "sync")
HOUR_MS = 3_600_000


def test_committed_files_are_what_the_contracts_give(tool: Callable[[str], ModuleType]) -> None:
    for path, text in tool("kafka_manifests").rendered():
        assert path.read_text(encoding="utf-8") == text, f"run: python tools/kafka_manifests.py ({path.name})"


def test_a_stale_file_is_reported_and_not_written(
    tool: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = tool("kafka_manifests")
    path = module.ROOT / "never-written.yaml"
    monkeypatch.setattr(module, "rendered", lambda: iter([(path, "text")]))
    monkeypatch.setattr("sys.argv", ["kafka_manifests.py", "--check"])
    assert module.main() == 1
    assert not path.exists()


def test_every_topic_of_the_contracts_is_there_as_the_services_want_it(production: Any) -> None:
    partitions = int(production.environment(production.workloads[0])["BUS_PARTITIONS"])
    assert partitions == BusSettings.model_fields["bus_partitions"].default
    found = {one["spec"]["topicName"]: one["spec"] for one in production.of("KafkaTopic")}
    assert found.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        spec = found[topic.name]
        assert spec["partitions"] == (topic.partitions or partitions)
        hours = topic.retention_hours
        assert spec["config"]["retention.ms"] == (-1 if hours is None else hours * HOUR_MS)


def test_a_message_survives_the_loss_of_one_broker(production: Any) -> None:
    (pool,) = production.of("KafkaNodePool")
    for topic in production.of("KafkaTopic"):
        assert topic["spec"]["replicas"] == pool["spec"]["replicas"] == 3
        assert topic["spec"]["config"]["min.insync.replicas"] == 2
    config = production.of("Kafka")[0]["spec"]["kafka"]["config"]
    assert config["unclean.leader.election.enable"] is False
    assert config["auto.create.topics.enable"] is False


def test_everything_belongs_to_the_one_cluster_whose_address_the_services_are_told(production: Any) -> None:
    (kafka,) = production.of("Kafka")
    name = kafka["metadata"]["name"]
    for one in production.of("KafkaTopic", "KafkaUser", "KafkaNodePool"):
        assert one["metadata"]["labels"]["strimzi.io/cluster"] == name
    (listener,) = kafka["spec"]["kafka"]["listeners"]
    for workload in production.workloads:
        told = production.environment(workload)["KAFKA_BOOTSTRAP_SERVERS"]
        assert told == f"{name}-kafka-bootstrap:{listener['port']}"
    assert listener["tls"] is True
    assert listener["authentication"] == {"type": "tls"}
    assert kafka["spec"]["kafka"]["authorization"] == {"type": "simple"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_what_it_owns_and_changes_no_topic(production: Any, service: str) -> None:
    acls = production.named("KafkaUser", f"{service}-kafka")["spec"]["authorization"]["acls"]
    writes = {acl["resource"]["name"] for acl in acls if "Write" in acl["operations"]}
    assert writes == {topic.name for topic in TOPICS if topic.owner == service}
    for acl in acls:
        assert not set(acl["operations"]) & {"All", "Create", "Delete", "Alter", "AlterConfigs", "ClusterAction"}
        if acl["resource"]["patternType"] == "prefix":
            assert set(acl["operations"]) <= {"Describe", "DescribeConfigs"}


def test_whoever_reads_a_topic_can_bury_what_it_cannot_take(production: Any) -> None:
    for topic in TOPICS:
        for group in topic.groups:
            acls = production.named("KafkaUser", f"{group.split('-')[0]}-kafka")["spec"]["authorization"]["acls"]
            rights = {(acl["resource"]["name"], operation) for acl in acls for operation in acl["operations"]}
            assert {(topic.name, "Read"), (group, "Read")} <= rights
            assert (dead_letter_topic(topic.name, group), "Write") in rights


def test_each_pod_has_the_certificate_of_its_own_service(production: Any) -> None:
    users = {one["metadata"]["name"] for one in production.of("KafkaUser")}
    for workload in production.workloads:
        volumes = [one for one in workload.pod["volumes"] if one["name"] == "kafka-client"]
        assert len(volumes) == (1 if workload.component in {"worker", "relay"} else 0)
        for volume in volumes:
            secrets = {source["secret"]["name"] for source in volume["projected"]["sources"]}
            assert secrets == {"jiceng-cluster-ca-cert", f"{workload.service}-kafka"}
            assert f"{workload.service}-kafka" in users


def test_each_service_gets_the_address_that_its_database_operator_writes(production: Any) -> None:
    for cluster in production.of("Cluster"):
        name, spec = cluster["metadata"]["name"], cluster["spec"]
        service = spec["bootstrap"]["initdb"]["database"]
        assert name == f"{service}-postgres"
        assert spec["bootstrap"]["initdb"]["localeCType"] == "C.UTF-8"
        assert spec["imageCatalogRef"]["major"] == 18
        assert spec["postgresql"]["synchronous"]["number"] < spec["instances"] - 1, "one instance may be away"
        backup = production.named("ScheduledBackup", name)
        assert backup["spec"]["cluster"]["name"] == name
        (plugin,) = spec["plugins"]
        assert backup["spec"]["pluginConfiguration"]["name"] == plugin["name"]
        assert production.named("ObjectStore", plugin["parameters"]["barmanObjectName"])
        for workload in production.workloads:
            if workload.service == service:
                (address,) = (one for one in workload.container["env"] if one["name"] == "DATABASE_URL")
                assert address["valueFrom"]["secretKeyRef"] == {"name": f"{name}-app", "key": "uri"}
    assert len(production.of("Cluster")) == len(SERVICES)


def test_connections_fit_into_the_database(production: Any, tiers_apart: Any) -> None:
    """Pool, one connection outside of it for the relay's lock, and one for a migration, in every replica."""
    for manifests in (production, tiers_apart):
        for cluster in manifests.of("Cluster"):
            service = cluster["spec"]["bootstrap"]["initdb"]["database"]
            needed = 0
            for workload in manifests.workloads:
                if workload.service == service:
                    replicas = workload.manifest["spec"].get("replicas", 1) + 1
                    needed += replicas * (int(manifests.environment(workload)["DATABASE_POOL_SIZE"]) + 1)
            assert needed <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"]) * 0.9, needed
