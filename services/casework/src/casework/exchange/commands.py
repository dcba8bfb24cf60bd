"""Writes the JSON Schemas of exchange documents: `python -m casework.exchange.commands schemas/exchange`."""

import json
import sys
from pathlib import Path

from casework.exchange.domain import FORMS, document_schema


def schema_text(name: str) -> str:
    """The committed form of a schema."""
    return json.dumps(document_schema(name), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(folder: Path) -> None:
    """Writes one file for each form."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FORMS:
        (folder / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
