"""Clause → code → test: where each clause of the policy is cited by `Source:` lines, refusals and tests.

python tools/clauses.py            print the table of the clauses that something cites; 1 if a delivered one has a gap
python tools/clauses.py --all      print the others too
python tools/clauses.py --gaps     print the gaps only
python tools/clauses.py --write    write the committed table, docs/clauses.md
python tools/clauses.py --check    1 if the committed table differs from the code, or on a gap
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

from check_house import CLAUSE, CLAUSES, ROOT, tracked
from common.policy import CLAUSES as POLICY_CLAUSES

CITED = re.compile(r"Source:[^\n]*|clause=\"[^\"]+\"|default_clause = \"[^\"]+\"|\"clause\": \"[^\"]+\"")
WITHOUT_FEATURE = frozenset({"O0"})
"""Clauses that tell a purpose and ask for nothing; each other one must be cited by code and by a test."""
TABLE = ROOT / "docs/clauses.md"
PLACES = re.compile(r"services/(?P<service>\w+)/src/\w+/(?P<feature>\w+)|libs/common/src/common/(?P<common>\w+)")


def citations() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """(clause → places in code and data, clause → tests)."""
    code: dict[str, list[str]] = defaultdict(list)
    tests: dict[str, list[str]] = defaultdict(list)
    for path in tracked("libs/**", "services/**", "deploy/**", "tests/**"):
        if path.suffix not in {".py", ".json"} or path.name == "openapi.json":
            continue
        name = path.relative_to(ROOT).as_posix()
        is_test = name.startswith("tests/")
        found = tests if is_test else code
        for clause, place in _cited_by_tests(path, name) if is_test else _cited_by_code(path, name):
            if clause in CLAUSES and place not in found[clause]:
                found[clause].append(place)
    return code, tests


def _cited_by_code(path: Path, name: str) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    cited = [(number, part) for number, line in enumerate(lines, 1) for part in CITED.findall(line)]
    return [(clause, f"{name}:{number}") for number, part in cited for clause in CLAUSE.findall(part)]


def _cited_by_tests(path: Path, name: str) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return []
    owners: dict[int, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            owners |= dict.fromkeys(range(first, (node.end_lineno or first) + 1), node.name)
    return [
        (clause, f"{name}::{owners[number]}" if number in owners else name)
        for number, line in enumerate(text.splitlines(), 1)
        for clause in CLAUSE.findall(line)
    ]


def table(code: dict[str, list[str]], tests: dict[str, list[str]]) -> str:
    """The committed table: per clause the features that cite it, and its tests; without line numbers, which move."""
    rows = [
        f"| {clause} | {POLICY_CLAUSES[clause].quote.replace('|', '/')} | {', '.join(_features(code.get(clause, [])))} "
        f"| {_proofs(tests.get(clause, []))} |"
        for clause in sorted(POLICY_CLAUSES)
    ]
    return "\n".join(
        [
            "# Clauses, where they are built, and what proves it",
            "",
            "Written by `make write-documents` from `Source:` lines, refusals and tests; `make clauses` has lines.",
            "S = 深府办〔2012〕13号, G = 粤府办〔2011〕65号, O = the opinions that it forwards.",
            "",
            "| clause | words | built in | tests, the first three by name |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _features(places: list[str]) -> list[str]:
    found = (PLACES.match(place) for place in places)
    names = {
        f"{one['service']}.{one['feature']}" if one["service"] else f"common.{one['common']}" for one in found if one
    }
    return [f"`{name}`" for name in sorted(names)]


def _proofs(proofs: list[str]) -> str:
    named = sorted({proof.partition("::")[2] for proof in proofs if "::" in proof})
    return ", ".join(f"`{name}`" for name in named[:3])


def gaps(code: dict[str, list[str]], tests: dict[str, list[str]]) -> list[str]:
    """What no code or no test cites."""
    wanted = [clause for clause in sorted(CLAUSES) if clause not in WITHOUT_FEATURE]
    found = [f"{clause}: no code cites it" for clause in wanted if not code.get(clause)]
    return found + [f"{clause}: no test cites it" for clause in wanted if not tests.get(clause)]


def main() -> int:
    """Prints the table and the gaps, or keeps the committed table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--all", "--gaps", "--write", "--check"):
        parser.add_argument(option, action="store_true")
    options = parser.parse_args()
    code, tests = citations()
    if options.write:
        TABLE.write_text(table(code, tests), encoding="utf-8")
        return 0
    is_stale = options.check and (not TABLE.exists() or TABLE.read_text(encoding="utf-8") != table(code, tests))
    for clause in [] if options.gaps or options.check else sorted(CLAUSES):
        if not options.all and clause not in code:
            continue
        places, proofs = code.get(clause, []), tests.get(clause, [])
        print(f"{clause}: {len(places)} places, {len(proofs)} tests")
        for place in places[:4]:
            print(f"    {place}")
        for proof in sorted(proofs, key=lambda one: "::" not in one)[:3]:
            print(f"    test {proof}")
    found = gaps(code, tests)
    print(
        f"{len(code)} of {len(CLAUSES)} clauses cited by code, {len(tests)} by tests; {len(found)} gaps",
        *found,
        sep="\n",
    )
    if is_stale:
        print("docs/clauses.md differs from the code; run make write-documents")
    return 1 if found or is_stale else 0


if __name__ == "__main__":
    sys.exit(main())
