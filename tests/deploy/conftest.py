"""Rendered manifests for the tests of deploy/: each folder once per process, by the tool that users call."""

import functools
import importlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from common.process import ServiceDefinition

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
SERVICES = ("casework", "registry", "reporting", "sync")
DATABASE_URL = "postgresql://nobody@localhost/nothing"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Workload:
    """A Deployment or Job of one of the four services."""

    manifest: Manifest

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        labels: dict[str, str] = self.manifest["spec"]["template"]["metadata"]["labels"]
        return labels

    @property
    def service(self) -> str:
        return self.labels.get("app.kubernetes.io/name", "")

    @property
    def component(self) -> str:
        return self.labels.get("app.kubernetes.io/component", "")

    @property
    def pod(self) -> Manifest:
        spec: Manifest = self.manifest["spec"]["template"]["spec"]
        return spec

    @property
    def container(self) -> Manifest:
        (only,) = self.pod["containers"]
        container: Manifest = only
        return container

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", [])}


@dataclass(frozen=True)
class Manifests:
    """What one folder renders to."""

    all: tuple[Manifest, ...]

    def of(self, *kinds: str) -> list[Manifest]:
        return [one for one in self.all if one["kind"] in kinds]

    def named(self, kind: str, name: str) -> Manifest:
        found = [one for one in self.of(kind) if one["metadata"]["name"] == name]
        assert len(found) == 1, f"{kind} {name}: {len(found)}"
        return found[0]

    @functools.cached_property
    def workloads(self) -> list[Workload]:
        return [one for one in map(Workload, self.of("Deployment", "Job")) if one.service in SERVICES]

    def environment(self, workload: Workload) -> dict[str, str]:
        """What the container is told; a Secret's value is a placeholder that fits."""
        told: dict[str, str] = {}
        for source in workload.container["envFrom"]:
            told |= self.named("ConfigMap", source["configMapRef"]["name"])["data"]
        for entry in workload.container["env"]:
            told[entry["name"]] = entry.get("value", DATABASE_URL)
        return told

    @staticmethod
    def selects(selector: Manifest, labels: dict[str, str]) -> bool:
        """Whether a label selector selects a pod with these labels."""
        if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
            return False
        for rule in selector.get("matchExpressions", []):
            value = labels.get(rule["key"])
            assert rule["operator"] == "In", "the only operator in use"
            if value not in rule["values"]:
                return False
        return True


def load_tool(name: str) -> ModuleType:
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tool() -> Callable[[str], ModuleType]:
    """Loads a script of tools/."""
    return load_tool


@pytest.fixture(scope="session")
def renderer() -> ModuleType:
    module = load_tool("render_manifests")
    if module.find_renderer() is None:
        reason = "kubectl, kustomize or go is needed to render manifests"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return module


@pytest.fixture(scope="session")
def render(renderer: ModuleType) -> Callable[[Path], Manifests]:
    """Renders a folder; remembers what it has rendered."""

    @functools.cache
    def once(folder: Path) -> Manifests:
        return Manifests(tuple(yaml.load_all(renderer.render(folder), _LOADER)))

    return once


@pytest.fixture(scope="session")
def production(render: Callable[[Path], Manifests]) -> Manifests:
    return render(KUBERNETES / "overlays/production")


@pytest.fixture(scope="session")
def dev(render: Callable[[Path], Manifests]) -> Manifests:
    return render(KUBERNETES / "overlays/dev")


@pytest.fixture(scope="session")
def tiers_apart(render: Callable[[Path], Manifests], tmp_path_factory: pytest.TempPathFactory) -> Manifests:
    """A site's own copy of production, with the tiers apart (first, as its page says) and an Ingress."""
    folder = tmp_path_factory.mktemp("site")
    source = KUBERNETES / "overlays/production"
    shutil.copytree(source, folder, dirs_exist_ok=True)
    document = yaml.safe_load((source / "kustomization.yaml").read_text(encoding="utf-8"))
    document["components"].insert(0, "../../components/tier-per-deployment")
    document["components"].append("../../components/ingress")
    for key in ("resources", "components"):
        document[key] = [
            os.path.relpath((source / entry).resolve(), folder.resolve()) if entry.startswith("..") else entry
            for entry in document[key]
        ]
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return render(folder)


@pytest.fixture(params=["dev", "production", "tiers_apart"])
def overlay(request: pytest.FixtureRequest) -> Manifests:
    """Everything that can be deployed."""
    manifests: Manifests = request.getfixturevalue(request.param)
    return manifests


@pytest.fixture(scope="session")
def definitions() -> dict[str, ServiceDefinition]:
    """What each service says of itself: its settings, commands and consumers."""
    modules = (importlib.import_module(f"{service}.__main__") for service in SERVICES)
    return {module.DEFINITION.name: module.DEFINITION for module in modules}


@pytest.fixture
def as_told(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Makes the process environment exactly what a container is told."""

    def put(environment: dict[str, str]) -> None:
        for name in list(os.environ):
            if name.isupper():
                monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return put
