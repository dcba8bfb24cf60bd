"""Clause → code → test: where each clause of the policy is cited by `Source:` lines, refusals and tests.

python tools/clauses.py            print the table of the clauses that something cites; 1 if a delivered one has a gap
python tools/clauses.py --all      print the others too
python tools/clauses.py --gaps     print the gaps only
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

from check_house import CLAUSE, CLAUSES, ROOT, tracked

CITED = re.compile(r"Source:[^\n]*|clause=\"[^\"]+\"|default_clause = \"[^\"]+\"|\"clause\": \"[^\"]+\"")
DELIVERED = re.compile(r"S3|O[1235]\..+")
"""Clauses whose features stand: each must be cited by code and by a test."""


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


def main() -> int:
    """Prints the table and the gaps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--gaps", action="store_true")
    options = parser.parse_args()
    code, tests = citations()
    for clause in [] if options.gaps else sorted(CLAUSES):
        if not options.all and clause not in code:
            continue
        places, proofs = code.get(clause, []), tests.get(clause, [])
        print(f"{clause}: {len(places)} places, {len(proofs)} tests")
        for place in places[:4]:
            print(f"    {place}")
        for proof in sorted(proofs, key=lambda one: "::" not in one)[:3]:
            print(f"    test {proof}")
    delivered = [clause for clause in sorted(CLAUSES) if DELIVERED.fullmatch(clause)]
    gaps = [f"{clause}: no code cites it" for clause in delivered if not code.get(clause)]
    gaps += [f"{clause}: no test cites it" for clause in delivered if not tests.get(clause)]
    cited = f"{len(code)} of {len(CLAUSES)} clauses cited by code, {len(tests)} by tests; {len(gaps)} gaps"
    print(cited, *gaps, sep="\n")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
