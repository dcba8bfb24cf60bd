"""Clause → code → test: where each clause of the policy is cited by `Source:` lines, refusals and tests.

python tools/clauses.py            print the table of the clauses that something cites
python tools/clauses.py --all      print the others too
"""

import argparse
import re
import sys
from collections import defaultdict

from check_house import CLAUSE, CLAUSES, ROOT, tracked

CITED = re.compile(r"Source:[^\n]*|clause=\"[^\"]+\"|default_clause = \"[^\"]+\"|\"clause\": \"[^\"]+\"")


def citations() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """(clause → places in code and data, clause → test files)."""
    code: dict[str, list[str]] = defaultdict(list)
    tests: dict[str, list[str]] = defaultdict(list)
    for path in tracked("libs/**", "services/**", "deploy/**", "tests/**"):
        if path.suffix not in {".py", ".json"} or path.name == "openapi.json":
            continue
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            cited = CLAUSE.findall(line) if name.startswith("tests/") else _cited(line)
            for clause in set(cited) & CLAUSES:
                place = name if name.startswith("tests/") else f"{name}:{number}"
                found = tests if name.startswith("tests/") else code
                if place not in found[clause]:
                    found[clause].append(place)
    return code, tests


def _cited(line: str) -> list[str]:
    return [clause for part in CITED.findall(line) for clause in CLAUSE.findall(part)]


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    code, tests = citations()
    for clause in sorted(CLAUSES):
        if not options.all and clause not in code:
            continue
        places, proofs = code.get(clause, []), tests.get(clause, [])
        print(f"{clause}: {len(places)} places, {len(proofs)} tests")
        for place in places[:4]:
            print(f"    {place}")
        for proof in proofs[:3]:
            print(f"    test {proof}")
    print(f"{len(code)} of {len(CLAUSES)} clauses cited by code, {len(tests)} by tests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
