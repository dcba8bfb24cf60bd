"""Writes deploy/images/<service>.Dockerfile and its .dockerignore from the two templates beside them.

Run `python tools/render_images.py` to write them; with `--check` it fails when a committed file is not what the
templates give, and writes nothing.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "deploy/images"
SERVICES = ("casework", "registry", "reporting", "sync")


def rendered() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it must have."""
    dockerfile = (IMAGES / "Dockerfile.template").read_text(encoding="utf-8")
    ignore = (IMAGES / "dockerignore.template").read_text(encoding="utf-8")
    for service in SERVICES:
        pyproject = ROOT / "services" / service / "pyproject.toml"
        project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
        values = {"@SERVICE@": service, "@VERSION@": project["version"], "@DESCRIPTION@": project["description"]}
        target = IMAGES / f"{service}.Dockerfile"
        yield target, fill(dockerfile, values)
        yield target.with_name(f"{service}.Dockerfile.dockerignore"), fill(ignore, values)


def fill(template: str, values: dict[str, str]) -> str:
    """The template with its marks replaced."""
    for mark, value in values.items():
        template = template.replace(mark, value)
    return template


def main() -> int:
    """Runs the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    check = parser.parse_args().check
    stale = [path for path, text in rendered() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}", file=sys.stderr)
    if not check:
        for path, text in rendered():
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
