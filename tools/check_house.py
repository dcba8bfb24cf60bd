"""The rules of this house that no linter knows: sizes, promises, sources, names.

    python tools/check_house.py

Files have at most 400 lines and function bodies at most 40 (tests may be longer); nothing promises work for later;
`Source:` lines name clauses that exist; every rule function of a domain module has one;
service READMEs stay short.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from common.policy import CLAUSES as POLICY_CLAUSES

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_SERVICE_README_LINES = 60
DOORS = frozenset({"service", "domain", "errors", "schemas"})
"""The modules through which another feature may be used (style.md §2); answers are composed of answers."""
MORE_DOORS = {"registry.offices.naming": "the naming rule, pure"}
PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|#\s*(for now|simplified|stub|placeholder)\b")
SOURCE = re.compile(r"Source:\s*(?P<what>[^\n]+)")
CLAUSE = re.compile(r"\b[SGO]\d(?:\.\d[a-h]?)?\b")
CLAUSES = frozenset(POLICY_CLAUSES)
"""Every clause of the policy (S = 深府办〔2012〕13号, G = 粤府办〔2011〕65号, O = the opinions that it forwards)."""


SECTIONS = frozenset({"O1.1", "O1.2", "O1.3", "O1.4"})
"""Whole sections, where every clause of them is meant."""


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in dict.fromkeys(listed) if (ROOT / name).is_file()]


def check_python(path: Path) -> Iterator[str]:
    """Findings in one Python file."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    is_migration, is_test = "/migrations/versions/" in name, name.startswith("tests/")
    lines = text.count("\n")
    if lines > MAX_FILE_LINES and not (is_migration or is_test):
        yield f"{name}: {lines} lines; at most {MAX_FILE_LINES} (a room that wants a wall)"
    if name != "tools/check_house.py":
        promises = [number for number, line in enumerate(text.splitlines(), 1) if PROMISES.search(line)]
        yield from (f"{name}:{number}: an unfinished promise" for number in promises)
    for found in SOURCE.finditer(text):
        unknown = set(CLAUSE.findall(found["what"])) - CLAUSES - SECTIONS
        yield from (f"{name}: Source names the unknown clause {clause}" for clause in sorted(unknown))
    tree = ast.parse(text)
    if not (is_migration or is_test):
        yield from check_functions(name, tree)
    if feature := re.match(r"services/\w+/src/(?P<service>\w+)/(?P<name>\w+)/", name):
        root = ROOT / feature[0].rsplit("/", 2)[0]
        yield from check_doors(name, tree, root, feature["service"], feature["name"])
    if re.fullmatch(r"services/\w+/src/\w+/\w+/domain(?:/\w+)?\.py", name):
        yield from check_rules(name, tree)


def check_functions(name: str, tree: ast.Module) -> Iterator[str]:
    """Functions that do too much."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > MAX_FUNCTION_LINES:
            yield f"{name}:{node.lineno}: {node.name} has {body_lines(node)} lines; at most {MAX_FUNCTION_LINES}"


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code of a function: without its signature and its docstring."""
    has_docstring = ast.get_docstring(node) is not None
    body = node.body[1:] if has_docstring else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0


def check_rules(name: str, tree: ast.Module) -> Iterator[str]:
    """Every public function of a domain module is a rule, and a rule has a source."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            docstring = ast.get_docstring(node) or ""
            if "Source:" not in docstring:
                yield f"{name}:{node.lineno}: rule {node.name} has no Source line"


def check_doors(name: str, tree: ast.Module, root: Path, service: str, feature: str) -> Iterator[str]:
    """A feature uses another one through its service, its domain and its errors; its tables are private."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(f"{service}."):
            continue
        _, other, *rest = str(node.module).split(".")
        has_service = (root / other / "service.py").exists() or (root / other / "service").is_dir()
        if not has_service or feature in {other, "migrations"}:
            continue
        for module in rest[:1] or [alias.name for alias in node.names]:
            if module not in DOORS and f"{service}.{other}.{module}" not in MORE_DOORS:
                yield f"{name}:{node.lineno}: {feature} goes past the doors of {other}: {module}"


def check_readmes() -> Iterator[str]:
    """Service READMEs are short."""
    for path in tracked("services/*/README.md"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MAX_SERVICE_README_LINES:
            yield f"{path.relative_to(ROOT)}: {lines} lines; at most {MAX_SERVICE_README_LINES}"


def main() -> int:
    """Prints findings; 1 if there are any."""
    findings = [finding for path in tracked("*.py") for finding in check_python(path)]
    findings += check_readmes()
    for finding in findings:
        print(finding)
    print(f"house rules: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
