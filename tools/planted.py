"""Plants the documented errors one by one into a copy of this tree: the suite must go red for each.

    python tools/planted.py [name ...]

The list is tests/planted/errors.toml: what each error breaks, the exact text that it replaces, and the tests that must
notice. Every selection is run unbroken first and must be green. An error counts as caught when at least one test fails;
code that can no longer be imported proves nothing and counts as missed.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "planted" / "errors.toml"
RUN_TIMEOUT_SECONDS = 300
TEST_TIMEOUT_SECONDS = 60
JOBS = 2
PLUGINS = ("asyncio", "timeout", "hypothesispytest")
"""All that the selections need: loading every installed plugin costs more than most selections."""

NO_VERDICT = ("ImportError", "ModuleNotFoundError", "NameError", "SyntaxError", "UnboundLocalError")
"""Failures of code that is broken as code, not as a promise."""


class NotApplicable(Exception):
    """The list no longer fits the code."""


@dataclass(frozen=True)
class Change:
    """One replacement; `old` stands exactly once in the file."""

    file: str
    old: str
    new: str

    def applied_to(self, text: str) -> str:
        """The broken text.

        Raises:
            NotApplicable: `old` does not stand exactly once, changes nothing, or leaves no Python.
        """
        found = text.count(self.old)
        if found != 1:
            raise NotApplicable(f"{self.file}: the text to replace stands {found} times, not once:\n{self.old}")
        broken = text.replace(self.old, self.new)
        if broken == text:
            raise NotApplicable(f"{self.file}: the replacement changes nothing")
        try:
            ast.parse(broken)
        except SyntaxError as error:
            raise NotApplicable(f"{self.file}: the replacement is no Python: {error}") from None
        return broken


@dataclass(frozen=True)
class PlantedError:
    """One error of the list.

    Attributes:
        name: kebab-case, for ONLY=.
        breaks: the promise that it breaks, one sentence.
        tests: pytest selection that must go red.
        changes: the replacements, all at once.
    """

    name: str
    breaks: str
    tests: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Outcome:
    """What a pytest run has shown."""

    code: int
    failures: tuple[str, ...]
    output: str


def load_errors(path: Path = LIST) -> list[PlantedError]:
    """The list."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["error"]
    return [
        PlantedError(
            entry["name"],
            entry["breaks"],
            tuple(entry["tests"]),
            tuple(Change(change["file"], change["old"], change["new"]) for change in entry["change"]),
        )
        for entry in listed
    ]


def broken_files(error: PlantedError, root: Path) -> dict[Path, str]:
    """The files of a tree as the error leaves them.

    Raises:
        NotApplicable: one of its changes does not apply.
    """
    broken: dict[Path, str] = {}
    for change in error.changes:
        path = root / change.file
        if not path.is_file():
            raise NotApplicable(f"{change.file}: no such file")
        broken[path] = change.applied_to(broken.get(path) or path.read_text(encoding="utf-8"))
    return broken


@contextmanager
def planted(error: PlantedError, root: Path) -> Iterator[None]:
    """The tree with the error in it; afterwards as it was."""
    broken = broken_files(error, root)
    originals = {path: path.read_text(encoding="utf-8") for path in broken}
    try:
        for path, text in broken.items():
            path.write_text(text, encoding="utf-8")
        yield
    finally:
        for path, text in originals.items():
            path.write_text(text, encoding="utf-8")


def copy_tree(target: Path) -> None:
    """Everything that git tracks or would track, as it stands in the working tree."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in dict.fromkeys(filter(None, listed.split("\0"))):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def source_folders(root: Path) -> list[Path]:
    """The src folders of the members."""
    return sorted([root / "libs" / "common" / "src", *root.glob("services/*/src"), *root.glob("deploy/*/src")])


def environment(copy: Path) -> dict[str, str]:
    """The copy's sources come before the editable installs, and no bytecode of an earlier error is left behind."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JICENG_TEST_")}
    paths = os.pathsep.join(map(str, source_folders(copy)))
    return {**kept, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def require_copy_is_imported(copy: Path) -> None:
    """Asks Python itself where the members come from.

    Raises:
        NotApplicable: a member would be imported from elsewhere.
    """
    members = sorted(path.parent.name for folder in source_folders(copy) for path in folder.glob("*/__init__.py"))
    script = f"import importlib\nfor name in {members!r}: print(importlib.import_module(name).__file__)"
    command = [sys.executable, "-c", script]
    told = subprocess.run(command, cwd=copy, env=environment(copy), capture_output=True, text=True, check=True).stdout
    origins = told.split("\n")[: len(members)]
    strays = [origin for origin in origins if not Path(origin).is_relative_to(copy)]
    if strays or not members:
        raise NotApplicable(f"the copy's code is not what is imported: {strays}")


def run_tests(copy: Path, tests: Sequence[str]) -> Outcome:
    """Runs a selection in the copy, up to the first failure."""
    report = copy / "planted-report.xml"
    report.unlink(missing_ok=True)
    options = ["-x", "-q", "-p", "no:cacheprovider", f"--timeout={TEST_TIMEOUT_SECONDS}", f"--junitxml={report}"]
    options += [part for plugin in PLUGINS for part in ("-p", plugin)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=copy,
            env=environment(copy),
            capture_output=True,
            text=True,
            timeout=RUN_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(-1, (), f"no end after {RUN_TIMEOUT_SECONDS} s")
    return Outcome(done.returncode, tuple(_failures(report)), done.stdout + done.stderr)


def _failures(report: Path) -> Iterator[str]:
    """`test: how it failed`; errors of collection and of fixtures are none."""
    if not report.is_file():
        return
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - pytest has just written it
        for failure in case.iter("failure"):
            yield f"{case.get('name')}: {(failure.get('message') or '').strip().partition(chr(10))[0]}"


def verdict_on(outcome: Outcome) -> tuple[bool, str]:
    """Whether the suite has noticed, and how."""
    if outcome.code == 0:
        return False, "every selected test stayed green"
    if outcome.code != 1 or not outcome.failures:
        return False, f"no test failed (pytest ended with {outcome.code})\n{outcome.output[-3000:]}"
    how = outcome.failures[0]
    if how.partition(": ")[2].startswith(NO_VERDICT):
        return False, f"the code no longer runs: {how}"
    return True, how


def chosen_errors(names: Sequence[str]) -> list[PlantedError]:
    """Those named, or all.

    Raises:
        NotApplicable: a name stands not in the list.
    """
    errors = load_errors()
    unknown = set(names) - {error.name for error in errors}
    if unknown:
        raise NotApplicable(f"not in {LIST.relative_to(ROOT)}: {', '.join(sorted(unknown))}")
    return [error for error in errors if not names or error.name in names]


def try_error(error: PlantedError, copy: Path) -> bool:
    """Plants one error, prints what the suite said; True if it was caught."""
    began = time.monotonic()
    with planted(error, copy):
        is_caught, how = verdict_on(run_tests(copy, error.tests))
    head = f"{'caught' if is_caught else 'MISSED'}  {error.name:34} {time.monotonic() - began:5.1f} s"
    print(f"{head}  {how[:150]}" if is_caught else f"{head}  {error.breaks}\n{how}", flush=True)
    return is_caught


def try_all(errors: Sequence[PlantedError], copies: Sequence[Path]) -> int:
    """Plants each error in one of the copies, as many at once as there are copies; returns how many were missed."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def run(error: PlantedError) -> bool:
        copy = free.get()
        try:
            return try_error(error, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        return len(errors) - sum(pool.map(run, errors))


def run_unbroken(errors: Sequence[PlantedError], copy: Path) -> bool:
    """Whether every selection is green without an error."""
    selections = sorted({test for error in errors for test in error.tests})
    began = time.monotonic()
    outcome = run_tests(copy, selections)
    if outcome.code != 0:
        print(f"the suite is red without any planted error:\n{outcome.output[-6000:]}")
        return False
    print(f"green   {f'{len(selections)} selections, unbroken':34} {time.monotonic() - began:5.1f} s", flush=True)
    return True


def main(names: Sequence[str]) -> int:
    """0: all caught. 1: some missed. 2: no verdict, because the list does not apply or the suite is red unbroken."""
    try:
        errors = chosen_errors(names)
        for error in errors:
            broken_files(error, ROOT)
        with tempfile.TemporaryDirectory(prefix="jiceng-planted-") as folder:
            copies = [Path(folder).resolve() / str(number) for number in range(min(JOBS, len(errors)))]
            for copy in copies:
                copy_tree(copy)
                require_copy_is_imported(copy)
            if not run_unbroken(errors, copies[0]):
                return 2
            missed = try_all(errors, copies)
    except NotApplicable as problem:
        print(f"planted errors do not apply: {problem}")
        return 2
    print(f"{len(errors) - missed} caught, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
