"""Rendered manifests against Kubernetes' own schemas (strict), and against ours for the operators' resources."""

import copy
import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
RELEASES = ("1.34", "1.37")
"""The oldest Kubernetes that has everything we use, and the newest whose schemas we have."""
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "schemas").glob("*.json")}
VALIDATORS = {kind: jsonschema.Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}
BUILT_IN_GROUPS = {"v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1"}


@pytest.fixture(scope="module", autouse=True)
def schemas_read_once() -> Iterator[None]:
    """kubernetes-validate parses megabytes of definitions anew for every resource."""
    with pytest.MonkeyPatch.context() as patch:
        utils = kubernetes_validate.utils
        patch.setattr(utils, "schema_contents", functools.cache(utils.schema_contents))
        patch.setattr(utils, "all_versions", functools.cache(utils.all_versions))
        yield


@functools.cache
def _accepted(text: str) -> None:
    for release in RELEASES:
        kubernetes_validate.validate(json.loads(text), release, strict=True)


def test_kubernetes_accepts_every_built_in_resource(overlay: Any) -> None:
    built_in = [one for one in overlay.all if one["apiVersion"] in BUILT_IN_GROUPS]
    assert len(built_in) > 60
    for manifest in built_in:
        _accepted(json.dumps(manifest | {"metadata": manifest["metadata"] | {"namespace": "jiceng"}}))


def test_a_misspelt_field_would_be_seen(production: Any) -> None:
    manifest = copy.deepcopy(production.of("Deployment")[0])
    manifest["spec"]["replica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, RELEASES[-1], strict=True)


def test_every_operator_resource_fits_its_schema(overlay: Any) -> None:
    for manifest in overlay.all:
        if manifest["apiVersion"] not in BUILT_IN_GROUPS:
            assert manifest["kind"] in SCHEMAS, f"no schema for {manifest['apiVersion']} {manifest['kind']}"
            VALIDATORS[manifest["kind"]].validate(manifest)


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_the_schema_of_a_kind_is_one_and_is_used(kind: str, production: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])
    assert production.of(kind)


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        place: Any = manifest
        for part in way:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("Kafka", _set("apiVersion", "kafka.strimzi.io/v1beta2")),
        ("Kafka", _set("spec/kafka/listeners/0/type", "intern")),
        ("Kafka", _set("spec/kafka/replicas", 3)),
        ("KafkaNodePool", _set("spec/roles/0", "leader")),
        ("KafkaTopic", _set("spec/partitions", 0)),
        ("KafkaTopic", _set("spec/config/retention.hours", 3)),
        ("KafkaUser", _set("spec/authorization/acls/0/operations/0", "Reed")),
        ("Cluster", _set("spec/bootstrap/initdb/localeCtype", "C.UTF-8")),
        ("Cluster", _set("spec/postgresql/synchronous/dataDurability", "yes")),
        ("ScheduledBackup", _set("spec/schedule", "0 2 * * *")),
        ("ObjectStore", _set("spec/configuration/destinationPath", "/backups")),
        ("HTTPRoute", _set("spec/rules/0/matches/0/path/type", "Prefix")),
        ("HTTPRoute", _set("spec/rules/0/backendRefs/0/port", "80")),
        ("PodMonitor", _set("spec/podMetricsEndpoints/0/interval", "15")),
        ("PrometheusRule", _set("spec/groups/0/rules/0/for", 2)),
    ],
)
def test_a_wrong_operator_resource_is_refused(kind: str, change: Callable[[Any], None], production: Any) -> None:
    manifest = copy.deepcopy(production.of(kind)[0])
    change(manifest)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATORS[kind].validate(manifest)


def test_no_two_resources_share_kind_and_name_and_all_have_the_namespace(overlay: Any) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in overlay.all]
    assert len(set(names)) == len(names)
    (namespace,) = overlay.of("Namespace")
    for manifest in overlay.all:
        if manifest["kind"] != "Namespace":
            assert manifest["metadata"].get("namespace") == namespace["metadata"]["name"], manifest["metadata"]


def test_each_component_renders_on_the_base_alone(renderer: ModuleType, tmp_path: Path) -> None:
    up = Path(*[".."] * len(tmp_path.resolve().parts[1:]), *KUBERNETES.parts[1:])
    for component in sorted(path.name for path in (KUBERNETES / "components").iterdir()):
        folder = tmp_path / component
        folder.mkdir()
        document = {"resources": [f"../{up}/base"], "components": [f"../{up}/components/{component}"]}
        (folder / "kustomization.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        assert renderer.render(folder), component


def test_images_have_the_version_of_their_service(overlay: Any) -> None:
    for workload in overlay.workloads:
        text = (ROOT / "services" / workload.service / "pyproject.toml").read_text(encoding="utf-8")
        version = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
        assert version is not None
        assert workload.container["image"] == f"jiceng-{workload.service}:{version[1]}"


def test_no_image_floats(overlay: Any) -> None:
    for manifest in overlay.of("Deployment", "StatefulSet", "Job"):
        for container in manifest["spec"]["template"]["spec"]["containers"]:
            name, _, tag = container["image"].partition(":")
            assert name
            assert re.match(r"\d+\.\d+", tag), container["image"]
