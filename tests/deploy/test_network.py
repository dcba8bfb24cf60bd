"""Who may speak to whom, computed from the rendered NetworkPolicies as Kubernetes would."""

from typing import Any

import pytest

SERVICES = ("casework", "registry", "reporting", "sync")
OURS = {"app.kubernetes.io/part-of": "jiceng"}
GATEWAY, MONITORING, STRANGERS = {"jiceng/gateway": "allowed"}, {"jiceng/monitoring": "allowed"}, {"team": "other"}


def _policies(manifests: Any, direction: str) -> list[Any]:
    return [one for one in manifests.of("NetworkPolicy") if direction in one["spec"]["policyTypes"]]


def _peer_is(
    manifests: Any, peer: dict[str, Any], pod: dict[str, str] | None, namespace: dict[str, str] | None
) -> bool:
    """Whether a peer covers a pod of our namespace (namespace None) or of another."""
    if namespace is None:
        return "namespaceSelector" not in peer and pod is not None and manifests.selects(peer["podSelector"], pod)
    if "namespaceSelector" not in peer or not manifests.selects(peer["namespaceSelector"], namespace):
        return False
    return "podSelector" not in peer or (pod is not None and manifests.selects(peer["podSelector"], pod))


def _allows(
    manifests: Any,
    direction: str,
    subject: dict[str, str],
    port: int,
    *,
    pod: dict[str, str] | None = None,
    namespace: dict[str, str] | None = None,
) -> bool:
    key, side = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}[direction]
    about = [one for one in _policies(manifests, direction) if manifests.selects(one["spec"]["podSelector"], subject)]
    if not about:
        return True
    for policy in about:
        for rule in policy["spec"].get(key, []):
            ports = [entry["port"] for entry in rule.get("ports", [])]
            if port in ports and (
                side not in rule or any(_peer_is(manifests, peer, pod, namespace) for peer in rule[side])
            ):
                return True
    return False


def _pods(manifests: Any, component: str) -> list[Any]:
    return [one for one in manifests.workloads if one.component == component]


def test_nothing_reaches_or_leaves_a_pod_unless_a_policy_says_so(overlay: Any) -> None:
    for workload in overlay.workloads:
        for direction in ("Ingress", "Egress"):
            assert not _allows(overlay, direction, workload.labels, 8443, pod=OURS)
            assert not _allows(overlay, direction, workload.labels, 22, namespace=STRANGERS, pod={})


def test_every_pod_may_resolve_names(overlay: Any) -> None:
    kube_system = {"kubernetes.io/metadata.name": "kube-system"}
    for workload in overlay.workloads:
        assert _allows(overlay, "Egress", workload.labels, 53, namespace=kube_system, pod={"k8s-app": "kube-dns"})


def test_the_gateway_reaches_the_api_and_only_the_api(overlay: Any) -> None:
    for workload in overlay.workloads:
        for port in workload.ports.values():
            reaches = _allows(overlay, "Ingress", workload.labels, port, namespace=GATEWAY, pod={})
            assert reaches == (workload.component == "api"), workload.name
            assert not _allows(overlay, "Ingress", workload.labels, port, namespace=STRANGERS, pod={})


def test_services_do_not_call_one_another(overlay: Any) -> None:
    for workload in overlay.workloads:
        for other in _pods(overlay, "api"):
            assert not _allows(overlay, "Ingress", other.labels, 8000, pod=workload.labels)


def test_monitoring_scrapes_every_port_that_we_open(overlay: Any) -> None:
    for workload in overlay.workloads:
        for port in workload.ports.values():
            assert _allows(overlay, "Ingress", workload.labels, port, namespace=MONITORING, pod={}), workload.name


def test_the_bus_is_for_workers_and_relays(production: Any, tiers_apart: Any) -> None:
    broker = {"strimzi.io/cluster": "jiceng", "strimzi.io/kind": "Kafka"}
    for manifests in (production, tiers_apart):
        for workload in manifests.workloads:
            reaches = _allows(manifests, "Egress", workload.labels, 9093, pod=broker)
            assert reaches == (workload.component in {"worker", "relay"}), workload.name
            assert not _allows(manifests, "Egress", workload.labels, 9093, namespace=STRANGERS, pod={})


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_reaches_its_own_database_and_no_other(production: Any, service: str) -> None:
    for workload in production.workloads:
        database = {"cnpg.io/cluster": f"{service}-postgres"}
        both = _allows(production, "Egress", workload.labels, 5432, pod=database) and _allows(
            production, "Ingress", database, 5432, pod=workload.labels
        )
        assert both == (workload.service == service), workload.name


def test_a_database_speaks_to_its_replicas_and_to_its_operator(production: Any) -> None:
    for service in SERVICES:
        database = {"cnpg.io/cluster": f"{service}-postgres"}
        assert _allows(production, "Ingress", database, 5432, pod=database)
        operator = {"kubernetes.io/metadata.name": "cnpg-system"}
        assert _allows(production, "Ingress", database, 8000, namespace=operator, pod={})
        assert not _allows(production, "Ingress", database, 5432, namespace=STRANGERS, pod={})


def test_only_the_api_asks_the_identity_provider_and_only_casework_the_object_store(production: Any) -> None:
    for workload in production.workloads:
        asks = _allows(production, "Egress", workload.labels, 443, namespace=STRANGERS, pod={})
        keeps_files = workload.labels["app.kubernetes.io/name"] == "casework" and workload.component == "worker"
        assert asks == (workload.component == "api" or keeps_files)


def test_ports_of_policies_are_ports_of_the_pods_they_select(overlay: Any) -> None:
    for policy in _policies(overlay, "Ingress"):
        selected = [one for one in overlay.workloads if overlay.selects(policy["spec"]["podSelector"], one.labels)]
        for rule in policy["spec"].get("ingress", []):
            for port in rule["ports"]:
                assert not selected or any(port["port"] in one.ports.values() for one in selected)


def test_a_policy_of_a_service_selects_that_service_alone(overlay: Any) -> None:
    """The mistake to fear: a selector without the service's name, so that one policy opens the door for all."""
    for policy in overlay.of("NetworkPolicy"):
        name = policy["metadata"]["name"]
        service = next((one for one in SERVICES if name.startswith(f"{one}-")), None)
        if service is not None:
            selected = {
                one.service for one in overlay.workloads if overlay.selects(policy["spec"]["podSelector"], one.labels)
            }
            assert selected <= {service}, name
            assert selected or "postgres" in name


def test_development_reaches_its_one_database(dev: Any) -> None:
    for workload in dev.workloads:
        postgres = {"app.kubernetes.io/name": "postgres"}
        assert _allows(dev, "Egress", workload.labels, 5432, pod=postgres)
        assert _allows(dev, "Ingress", postgres, 5432, pod=workload.labels)


def test_public_paths_lead_to_the_service_of_their_name(production: Any, dev: Any, tiers_apart: Any) -> None:
    (route,) = production.of("HTTPRoute")
    paths = {}
    for rule in route["spec"]["rules"]:
        (match,) = rule["matches"]
        (backend,) = rule["backendRefs"]
        paths[match["path"]["value"]] = (backend["name"], backend["port"])
    assert paths == {f"/{service}": (f"{service}-api", 80) for service in SERVICES}
    for manifests in (dev, tiers_apart):
        (ingress,) = manifests.of("Ingress")
        (rule,) = ingress["spec"]["rules"]
        behind = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
        assert behind == {path: name for path, (name, _) in paths.items()}
        for path in rule["http"]["paths"]:
            service = manifests.named("Service", path["backend"]["service"]["name"])
            assert path["backend"]["service"]["port"]["name"] in [port["name"] for port in service["spec"]["ports"]]


def test_public_paths_are_the_prefixes_of_every_route(definitions: dict[str, Any]) -> None:
    import json

    from common.process.main import openapi_text

    for service, definition in definitions.items():
        document = json.loads(openapi_text(definition))
        assert document["paths"]
        assert all(path.startswith(f"/{service}/") for path in document["paths"])
