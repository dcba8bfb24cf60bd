"""What runs, and how: roles that exist, settings that are accepted, restricted pods, probes, an orderly end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.process.context import Context
from common.process.main import _parser
from common.settings import SettingsError

KUBERNETES = Path(__file__).resolve().parents[2] / "deploy/kubernetes"
SERVICES = ("casework", "registry", "reporting", "sync")
READ_BY_THE_DRIVER = {"PGSSLMODE", "PGSSLROOTCERT"}
"""Of asyncpg itself, where the address says nothing of TLS."""

Tell = Callable[[dict[str, str]], None]


def test_every_service_has_api_worker_relay_and_migration(overlay: Any) -> None:
    roles = {(one.service, one.component) for one in overlay.workloads}
    assert roles == {(service, role) for service in SERVICES for role in ("api", "worker", "relay", "migrate")}


def test_arguments_are_commands_of_the_service(overlay: Any, definitions: dict[str, Any]) -> None:
    for workload in overlay.workloads:
        parser = _parser(definitions[workload.service])
        assert parser.parse_args(workload.container["args"]).command == workload.container["args"][0]
        assert "command" not in workload.container, "the image's entry point names the service"


def test_every_variable_is_a_setting_of_the_service(overlay: Any, definitions: dict[str, Any]) -> None:
    for workload in overlay.workloads:
        fields = {name.upper() for name in definitions[workload.service].settings.model_fields}
        assert set(overlay.environment(workload)) - READ_BY_THE_DRIVER <= fields, workload.name


def test_the_service_accepts_what_it_is_told(overlay: Any, definitions: dict[str, Any], as_told: Tell) -> None:
    for workload in overlay.workloads:
        as_told(overlay.environment(workload))
        settings = definitions[workload.service].settings.load()
        if workload.component == "api":
            assert workload.ports == {"http": settings.http_port}
        elif workload.component in {"worker", "relay"}:
            assert workload.ports == {"metrics": settings.metrics_port}
        assert settings.http_host == "0.0.0.0"


def test_production_is_production_over_kafka(
    production: Any, tiers_apart: Any, definitions: dict[str, Any], as_told: Tell
) -> None:
    for manifests in (production, tiers_apart):
        for workload in manifests.workloads:
            as_told(manifests.environment(workload))
            settings = definitions[workload.service].settings.load()
            assert settings.is_production
            assert settings.bus == "kafka"
            assert settings.kafka_bootstrap_servers


def test_a_setting_that_production_refuses_would_be_seen(
    production: Any, definitions: dict[str, Any], as_told: Tell
) -> None:
    workload = production.workloads[0]
    as_told(production.environment(workload) | {"BUS": "embedded"})
    with pytest.raises(SettingsError, match="BUS"):
        definitions[workload.service].settings.load()


def test_pods_fulfil_the_restricted_standard(overlay: Any) -> None:
    (namespace,) = overlay.of("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for manifest in overlay.of("Deployment", "StatefulSet", "Job"):
        pod = manifest["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC"}
        for volume in pod["volumes"]:
            assert volume.keys() & {"emptyDir", "configMap", "secret", "projected"}, volume
        for container in pod["containers"] + pod.get("initContainers", []):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}


def test_pods_can_write_to_tmp_and_nowhere_else_but_the_spool_of_uploads(overlay: Any) -> None:
    for workload in overlay.workloads:
        writable = {volume["name"] for volume in workload.pod["volumes"] if "emptyDir" in volume}
        for mount in workload.container["volumeMounts"]:
            if mount["name"] in writable:
                is_spool = workload.labels["app.kubernetes.io/name"] == "casework" and workload.component == "api"
                assert mount["mountPath"] in {"/tmp", *(["/var/spool/jiceng"] if is_spool else [])}
            else:
                assert mount["readOnly"] is True, mount


def test_every_mount_has_its_volume_and_every_volume_its_mount(overlay: Any) -> None:
    for workload in overlay.workloads:
        mounts = {mount["name"] for mount in workload.container["volumeMounts"]}
        assert mounts == {volume["name"] for volume in workload.pod["volumes"]}


def test_files_named_in_settings_are_mounted_where_they_are_read(overlay: Any) -> None:
    readers = {
        "CRYPTO_KEYS_FILE": lambda one: one.service in {"casework", "registry"} and one.component == "api",
        "PERSON_PSEUDONYM_KEY_FILE": lambda one: one.component == "api",
        "OIDC_JWKS_FILE": lambda one: one.component == "api",
        "KAFKA_CA_FILE": lambda one: one.component in {"worker", "relay"},
        "KAFKA_CERTIFICATE_FILE": lambda one: one.component in {"worker", "relay"},
        "KAFKA_KEY_FILE": lambda one: one.component in {"worker", "relay"},
        "PGSSLROOTCERT": lambda one: True,
    }
    for workload in overlay.workloads:
        told = overlay.environment(workload)
        folders = {mount["mountPath"]: mount["name"] for mount in workload.container["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in workload.pod["volumes"]}
        for variable, reads in readers.items():
            if variable in told and reads(workload):
                path = Path(told[variable])
                assert str(path.parent) in folders, f"{workload.name}: {variable}"
                assert path.name in _files(overlay, volumes[folders[str(path.parent)]]), f"{workload.name}: {variable}"


def _files(manifests: Any, volume: dict[str, Any]) -> set[str]:
    if "configMap" in volume:
        return set(manifests.named("ConfigMap", volume["configMap"]["name"])["data"])
    sources = [volume["secret"]] if "secret" in volume else [one["secret"] for one in volume["projected"]["sources"]]
    return {item["path"] for source in sources for item in source["items"]}


def test_everything_has_requests_and_a_memory_limit(overlay: Any) -> None:
    for manifest in overlay.of("Deployment", "StatefulSet", "Job"):
        for container in manifest["spec"]["template"]["spec"]["containers"]:
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_probes_ask_the_paths_that_the_service_answers(overlay: Any) -> None:
    for workload in overlay.workloads:
        if workload.component == "migrate":
            continue
        for probe, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
            asked = workload.container[probe]["httpGet"]
            assert asked["path"] == path
            assert asked["port"] in workload.ports


def test_pods_are_not_killed_before_the_service_has_ended_its_work(
    overlay: Any, definitions: dict[str, Any], as_told: Tell
) -> None:
    """The bounds of common.process.roles: HTTP + 5, then 15 for workers, 10 for the relay, 10 for the rest."""
    for workload in overlay.workloads:
        if workload.component == "migrate":
            continue
        as_told(overlay.environment(workload))
        http = definitions[workload.service].settings.load().http_shutdown_seconds + 5
        needed = {"api": http + 10, "worker": http + 15 + 10, "relay": http + 10 + 10}[workload.component]
        before = workload.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        assert workload.pod["terminationGracePeriodSeconds"] >= before + needed, workload.name


def test_a_disruption_budget_covers_each_deployment_and_never_blocks_a_drain(overlay: Any) -> None:
    deployments = [one for one in overlay.workloads if one.manifest["kind"] == "Deployment"]
    budgets = overlay.of("PodDisruptionBudget")
    for workload in deployments:
        covering = [one for one in budgets if overlay.selects(one["spec"]["selector"], workload.labels)]
        assert len(covering) == 1, workload.name
    for budget in budgets:
        assert [one for one in deployments if overlay.selects(budget["spec"]["selector"], one.labels)]
        assert "minAvailable" not in budget["spec"]
        assert budget["spec"]["maxUnavailable"] >= 1
        assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_each_service_leads_to_the_pods_of_one_deployment(overlay: Any) -> None:
    found = set()
    for service in overlay.of("Service"):
        selector = {"matchLabels": service["spec"]["selector"]}
        behind = [one for one in overlay.workloads if overlay.selects(selector, one.labels)]
        if service["metadata"]["name"] == "postgres":
            assert not behind
            continue
        assert [one.component for one in behind] == ["api"]
        assert service["metadata"]["name"] == f"{behind[0].service}-api"
        assert all(port["targetPort"] in behind[0].ports for port in service["spec"]["ports"])
        found.add(behind[0].service)
    assert found == set(SERVICES)


def test_selectors_of_deployments_do_not_overlap(overlay: Any) -> None:
    deployments = [one for one in overlay.workloads if one.manifest["kind"] == "Deployment"]
    for one in deployments:
        selected = [
            other.name for other in overlay.workloads if overlay.selects(one.manifest["spec"]["selector"], other.labels)
        ]
        assert selected == [one.name]
        for constraint in one.pod["topologySpreadConstraints"]:
            assert overlay.selects(constraint["labelSelector"], one.labels)


def test_accounts_exist_and_get_no_token(overlay: Any) -> None:
    for workload in overlay.workloads:
        account = overlay.named("ServiceAccount", workload.pod["serviceAccountName"])
        assert account["automountServiceAccountToken"] is False
        assert account["metadata"]["name"].startswith(workload.service)


def test_production_holds_no_secret_and_its_page_lists_those_it_needs(production: Any) -> None:
    assert production.of("Secret") == []
    needed = _secrets(production)
    given = needed - {f"{service}-postgres-{part}" for service in SERVICES for part in ("app", "ca")}
    given -= {user["metadata"]["name"] for user in production.of("KafkaUser")} | {"jiceng-cluster-ca-cert"}
    page = (KUBERNETES / "README.md").read_text(encoding="utf-8")
    assert given == {
        "casework-crypto",
        "registry-crypto",
        "registry-person-pseudonym",
        "casework-uploads",
        "jiceng-backups",
    }
    assert all(f"`{name}`" in page for name in given)


def _secrets(manifests: Any) -> set[str]:
    found = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in {"secretKeyRef", "accessKeyId", "secretAccessKey"}:
                    found.add(inner["name"])
                elif key == "secret" and isinstance(inner, dict):
                    found.add(inner.get("secretName") or inner.get("name"))
                else:
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for manifest in manifests.all:
        walk(manifest.get("spec"))
    return found


def test_the_development_overlay_brings_every_secret_it_names(dev: Any) -> None:
    assert _secrets(dev) <= {one["metadata"]["name"] for one in dev.of("Secret")}


def test_tiers_apart_carry_together_what_one_worker_carried(
    production: Any, tiers_apart: Any, definitions: dict[str, Any], as_told: Tell
) -> None:
    (together,) = (one for one in production.workloads if one.name == "sync-worker")
    apart = [one for one in tiers_apart.workloads if one.service == "sync" and one.component == "worker"]
    assert len(apart) == 6

    def groups(manifests: Any, workload: Any) -> list[str]:
        as_told(
            manifests.environment(workload)
            | {"BUS": "embedded", "ENVIRONMENT": "test", "BUS_DATABASE_URL": "postgresql:///x"}
        )
        definition = definitions["sync"]
        context = Context("sync", definition.settings.load(), definition.migrations)
        return [runner.group for runner in definition.consumers(context)]

    carried = [group for workload in apart for group in groups(tiers_apart, workload) if group != "sync-directory"]
    assert sorted(carried) == sorted(set(carried)), "a group in two Deployments"
    assert {*carried, "sync-directory"} == set(groups(production, together))
