"""Alerts speak of metrics that the code shows, by labels that they have, and lead to a runbook that exists."""

import importlib
import re
from pathlib import Path
from typing import Any

import prometheus_client
import pytest

from common.telemetry import metrics as declared

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("casework", "registry", "reporting", "sync")
ALWAYS = {"namespace", "pod", "le"}
"""From Kubernetes' service discovery, and a histogram's own."""
KUBE_STATE_METRICS = {
    "kube_deployment_status_replicas_ready": {"deployment"},
    "kube_deployment_spec_replicas": {"deployment"},
    "kube_job_status_failed": {"job_name"},
}


def _rules(manifests: Any) -> list[dict[str, Any]]:
    (resource,) = manifests.of("PrometheusRule")
    return [rule for group in resource["spec"]["groups"] for rule in group["rules"]]


def _samples() -> dict[str, set[str]]:
    """Sample name → label names, of everything that the services declare."""
    for service in SERVICES:
        importlib.import_module(f"{service}.__main__")
    found: dict[str, set[str]] = {}
    for collector in list(prometheus_client.REGISTRY._collector_to_names):
        labels = set(getattr(collector, "_labelnames", ()))
        for name in prometheus_client.REGISTRY._collector_to_names[collector]:
            found[name] = labels
    return found


def test_every_metric_is_shown_by_the_code_or_by_kube_state_metrics(production: Any) -> None:
    known = _samples() | KUBE_STATE_METRICS
    for rule in _rules(production):
        names = set(re.findall(r"\b(?:jiceng|kube)_[a-z_]+", rule["expr"]))
        assert names, rule["alert"]
        for name in names:
            assert name in known, f"{rule['alert']}: {name}"


def test_every_metric_of_an_alert_is_set_somewhere(production: Any) -> None:
    """A figure that is declared but never set would make its alert a lie."""
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (ROOT / "libs/common/src", *(ROOT / "services" / service / "src" for service in SERVICES))
        for path in folder.rglob("*.py")
        if path.name != "metrics.py"
    )
    constants = {
        name: constant
        for constant, metric in vars(declared).items()
        if hasattr(metric, "_labelnames")
        for name in prometheus_client.REGISTRY._collector_to_names[metric]
    }
    for rule in _rules(production):
        for name in set(re.findall(r"\bjiceng_[a-z_]+", rule["expr"])):
            assert re.search(rf"\b{constants[name]}\.labels\(", sources), f"{rule['alert']}: {name} is never set"


def test_labels_exist_on_the_metrics_that_an_alert_groups_by(production: Any) -> None:
    known = _samples() | KUBE_STATE_METRICS
    for rule in _rules(production):
        names = re.findall(r"\b(?:jiceng|kube)_[a-z_]+", rule["expr"])
        available = set.union(*(known[name] for name in names)) | ALWAYS
        grouped = {
            label for text in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", rule["expr"]) for label in text.split(",")
        }
        told = set(re.findall(r"\$labels\.([a-z_]+)", rule["annotations"]["summary"]))
        assert {label.strip() for label in grouped} | told <= available, rule["alert"]


def test_every_alert_has_severity_summary_and_a_runbook_that_names_it(production: Any) -> None:
    for rule in _rules(production):
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])
        page = ROOT / rule["annotations"]["runbook"]
        assert page.is_file(), rule["alert"]
        assert f"`{rule['alert']}`" in page.read_text(encoding="utf-8"), f"{page.name} does not name {rule['alert']}"


def test_what_a_job_leaves_out_is_told_by_the_name_of_the_job(production: Any) -> None:
    """Our label `job` is Prometheus' own too: where it is not honoured the alert would name the monitor."""
    (rule,) = (rule for rule in _rules(production) if "jiceng_batch_failures_total" in rule["expr"])
    assert "$labels.job" in rule["annotations"]["summary"]
    for monitor in production.of("PodMonitor"):
        assert all(endpoint.get("honorLabels") for endpoint in monitor["spec"]["podMetricsEndpoints"])


def test_names_of_services_in_alerts_are_all_of_them(production: Any) -> None:
    (missing,) = (rule for rule in _rules(production) if rule["alert"] == "JicengRelayMissing")
    assert set(re.findall(r'service="([a-z]+)"', missing["expr"])) == set(SERVICES)


def test_every_pod_with_metrics_is_scraped_at_a_port_it_has(production: Any, tiers_apart: Any) -> None:
    for manifests in (production, tiers_apart):
        for workload in manifests.workloads:
            if workload.component == "migrate":
                continue
            watching = [
                one for one in manifests.of("PodMonitor") if manifests.selects(one["spec"]["selector"], workload.labels)
            ]
            assert len(watching) == 1, workload.name
            (endpoint,) = watching[0]["spec"]["podMetricsEndpoints"]
            assert endpoint["port"] in workload.ports


@pytest.mark.parametrize("page", sorted((ROOT / "docs/runbooks").glob("*.md")), ids=lambda page: page.stem)
def test_a_runbook_names_only_alerts_files_and_metrics_that_exist(page: Path, production: Any) -> None:
    text = page.read_text(encoding="utf-8")
    alerts = {rule["alert"] for rule in _rules(production)}
    assert set(re.findall(r"`(Jiceng[A-Za-z]+)`", text)) <= alerts
    known = _samples()
    for name in re.findall(r"`(jiceng_[a-z_]+)`", text):
        assert name in known, name
    for path in re.findall(r"\]\(([^)#]+)\)", text):
        assert (page.parent / path).resolve().exists(), path
