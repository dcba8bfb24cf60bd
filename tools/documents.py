"""Writes what the code says to the outside: OpenAPI per service, JSON Schemas per event type, AsyncAPI of the bus.

python tools/documents.py            write them; refuses a change that is no addition (--breaking lets it pass
before the first release)
python tools/documents.py --check    fail when a committed document differs from the code
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common.contracts import CONTRACTS, Contract
from common.contracts.topics import TOPICS
from compatibility import openapi_breaks, schema_breaks

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("registry", "casework", "sync", "reporting")
ASYNCAPI = "docs/api/asyncapi.json"
ATTRIBUTES: dict[str, tuple[str, str]] = {
    "ce_specversion": ("string", "CloudEvents version, 1.0"),
    "ce_id": ("string", "unique together with ce_source; a redelivery keeps it"),
    "ce_type": ("string", "event type"),
    "ce_source": ("string", "/jiceng/<service>"),
    "ce_subject": ("string", "id of the record"),
    "ce_time": ("string", "RFC 3339, UTC"),
    "ce_division": ("string", "12-digit code of the office that made the record"),
    "ce_level": ("string", "level of that office: province, city, county, town, village"),
    "ce_recordversion": ("string", "version of the record after the event, from 1"),
    "ce_partitionkey": ("string", "equals the message key; order is kept per key"),
    "ce_traceparent": ("string", "W3C trace context, when known"),
    "content-type": ("string", "application/json"),
}
OPTIONAL = {"ce_traceparent"}


def dump(document: Any) -> str:
    """The committed form of a document."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def event_schema(contract: Contract) -> dict[str, Any]:
    """JSON Schema 2020-12 of one event's data."""
    schema = contract.model.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jiceng:event:{contract.type}",
        **schema,
        "title": contract.type,
        "x-title-zh": contract.title,
    }


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.1 of every topic: what may be read there, and by which key it is ordered."""
    messages = {name: _message(contract) for name, contract in CONTRACTS.items()}
    channels, operations = {}, {}
    for topic in TOPICS:
        types = [name for name, contract in CONTRACTS.items() if topic.name in contract.topics]
        if topic.name.endswith(".dlq"):
            types = [f"{topic.owner}.dead-letter.recorded.v1"]
        key = topic.name.replace(".", "_").replace("-", "_")
        channels[key] = {
            "address": topic.name,
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in types},
            "bindings": {"kafka": {"topic": topic.name, "bindingVersion": "0.5.0"}},
            "x-retention-hours": topic.retention_hours,
            "x-published-by": topic.owner,
            "x-read-by": list(topic.groups),
        }
        operations[f"receive_{key}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{key}"}}
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Jiceng event streams (基层数据交换)",
            "version": "1.0.0",
            "license": {"name": "Apache-2.0"},
            "description": "CloudEvents 1.0 in Kafka's binary mode. Delivery is at least once; a reader keeps the "
            "highest recordversion per ce_subject. Within v1 events only gain optional fields.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {name: event_schema(c) for name, c in CONTRACTS.items()}},
    }


def _message(contract: Contract) -> dict[str, Any]:
    properties = {name: {"type": kind, "description": text} for name, (kind, text) in ATTRIBUTES.items()}
    properties["ce_type"]["const"] = contract.type
    return {
        "name": contract.type,
        "title": contract.title,
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": properties,
            "required": sorted(set(ATTRIBUTES) - OPTIONAL),
        },
        "payload": {"$ref": f"#/components/schemas/{contract.type}"},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
    }


def documents() -> Iterator[tuple[str, str]]:
    """(path, text) of everything, as the code says it now."""
    for service in SERVICES:
        printed = subprocess.run(
            [sys.executable, "-m", service, "openapi"],
            capture_output=True, text=True, check=True, env={**os.environ, "ENVIRONMENT": "test"},
        ).stdout  # fmt: skip
        yield f"services/{service}/openapi.json", dump(json.loads(printed))
    for name, contract in CONTRACTS.items():
        yield f"schemas/events/{name}.json", dump(event_schema(contract))
    yield ASYNCAPI, dump(asyncapi())


def breaks(path: str, old: str, new: str) -> list[str]:
    """What a change of one document would break."""
    if path.endswith("openapi.json"):
        return openapi_breaks(json.loads(old), json.loads(new))
    if path.startswith("schemas/"):
        return schema_breaks(json.loads(old), json.loads(new))
    return []


def main() -> int:
    """Writes or checks; 1 when a document is stale or a change is no addition."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--breaking", action="store_true", help="allowed before the first release only")
    options = parser.parse_args()
    failed = False
    wanted = dict(documents())
    for path, text in wanted.items():
        file = ROOT / path
        committed = file.read_text(encoding="utf-8") if file.exists() else None
        if committed == text:
            continue
        broken = breaks(path, committed, text) if committed else []
        for line in broken:
            print(f"{path}: no addition: {line}")
        if options.check or (broken and not options.breaking):
            failed = True
            print(f"{path}: differs from the code; run make write-documents")
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"{path}: written")
    for file in sorted((ROOT / "schemas/events").glob("*.json")):
        if file.relative_to(ROOT).as_posix() not in wanted:
            failed = True
            print(f"{file.relative_to(ROOT)}: no such event type any more")
    print(f"documents: {len(wanted)}, {'stale' if failed else 'in order'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
