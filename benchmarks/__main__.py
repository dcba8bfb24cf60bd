"""Runs the benchmarks one after another and prints ratios; absolute numbers drift with the machine."""

import argparse
import importlib
import platform
import sys

NAMES = (
    "case_writes",
    "mixed_day",
    "relay_drain",
    "tier_apply",
    "latency",
    "figures",
    "indicators",
    "search",
    "sheets",
)


def main() -> int:
    """Exit code 0 whether or not an aim is met: a benchmark tells, it does not judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("only", nargs="*", metavar="name", help=", ".join(NAMES))
    names = parser.parse_args().only or NAMES
    print(f"{platform.machine()}, Python {platform.python_version()}")
    for name in names:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
