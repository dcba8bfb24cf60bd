"""Writes requirements.runtime.lock (what the images install) and deploy/images/build.lock (what builds the wheels).

    python tools/lock_runtime.py           compile both with uv
    python tools/lock_runtime.py --check   no network: compare with requirements.lock and the members' pyproject.toml

Every version is the one of requirements.lock, so that the images run what the tests ran.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FULL = ROOT / "requirements.lock"
RUNTIME = ROOT / "requirements.runtime.lock"
BUILD = ROOT / "deploy/images/build.lock"
BUILD_INPUT = ROOT / "deploy/images/build.in"
MEMBERS = ("libs/common", "services/casework", "services/registry", "services/reporting", "services/sync")
_BESIDE_PYTHON = Path(sys.executable).with_name("uv")
_COMPILE = (
    *(str(_BESIDE_PYTHON) if _BESIDE_PYTHON.exists() else "uv", "pip", "compile", "--universal"),
    *("--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
    *("--no-emit-package", "jiceng-common"),
)
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")

Pins = dict[str, tuple[str, frozenset[str]]]


def normalised(name: str) -> str:
    """The name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path) -> Pins:
    """Name → (version, hashes) of a compiled lock.

    Raises:
        ValueError: a line that is no pin, such as an editable path.
    """
    pins: dict[str, tuple[str, set[str]]] = {}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _PIN.match(line)
        if found:
            current = normalised(found["name"])
            pins[current] = (found["version"], set())
        elif not line.startswith((" ", "#")):
            msg = f"{path.name}: not a pinned version: {line}"
            raise ValueError(msg)
        for value in _HASH.findall(line):
            pins[current][1].add(value)
    return {name: (version, frozenset(hashes)) for name, (version, hashes) in pins.items()}


def direct_dependencies() -> set[str]:
    """Names that the members' pyproject.toml files ask for, members of the house left out."""
    names: set[str] = set()
    for member in MEMBERS:
        project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for requirement in project.get("dependencies", []):
            found = _NAME.match(requirement)
            if found:
                names.add(normalised(found[0]))
    return {name for name in names if not name.startswith("jiceng-")}


def problems(full: Pins, runtime: Pins, wanted: set[str]) -> list[str]:
    """Why the runtime lock may not be used; empty when it may."""
    found = [f"{name}: not in requirements.runtime.lock" for name in sorted(wanted - runtime.keys())]
    for name, (version, hashes) in sorted(runtime.items()):
        if not hashes:
            found.append(f"{name}: no hash")
        if name not in full:
            found.append(f"{name}: not in requirements.lock")
        elif full[name][0] != version:
            found.append(f"{name}: {version}, but requirements.lock has {full[name][0]}")
        elif not hashes <= full[name][1]:
            found.append(f"{name}: a hash that requirements.lock does not have")
    return found


def compile_locks() -> None:
    """Runs uv twice."""
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    members = [f"{member}/pyproject.toml" for member in MEMBERS]
    for inputs, output, more in (
        (members, RUNTIME, ["--constraint", FULL.name]),
        ([str(BUILD_INPUT.relative_to(ROOT))], BUILD, []),
    ):
        command = [*_COMPILE, *more, *inputs, "--output-file", str(output.relative_to(ROOT))]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Runs the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    if not parser.parse_args().check:
        compile_locks()
    found = problems(read_lock(FULL), read_lock(RUNTIME), direct_dependencies())
    found += [f"{BUILD.name}: {name} has no hash" for name, (_, hashes) in read_lock(BUILD).items() if not hashes]
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("Run: python tools/lock_runtime.py", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
