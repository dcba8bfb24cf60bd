"""Within v1 only additions: the rules that compare an old and a new JSON Schema or OpenAPI document.

`schema_breaks` judges events (a reader of the old schema must understand what the new writer sends);
`openapi_breaks` judges HTTP (a client of the old document must be served by the new service).
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_LIMITS_DOWN = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LIMITS_UP = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_METHODS = ("get", "post", "put", "patch", "delete")


def schema_breaks(old: Schema, new: Schema) -> list[str]:
    """What an old reader of events would stumble over."""
    return list(_answer(old, new, old, new, "$"))


def openapi_breaks(old: Schema, new: Schema) -> list[str]:
    """What an old client would stumble over."""
    found: list[str] = []
    for path, operations in old.get("paths", {}).items():
        for method in _METHODS:
            if method not in operations:
                continue
            place = f"{method.upper()} {path}"
            after = new.get("paths", {}).get(path, {}).get(method)
            if after is None:
                found.append(f"{place}: removed")
            else:
                found += _operation(operations[method], after, old, new, place)
    return found


def _operation(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"{place}: operationId changed"
    yield from _parameters(old, new, old_root, new_root, place)
    yield from _body(old, new, old_root, new_root, place)
    for status, answer in old.get("responses", {}).items():
        after = new.get("responses", {}).get(status)
        if after is None:
            yield f"{place}: answer {status} removed"
            continue
        for media, content in answer.get("content", {}).items():
            renewed = after.get("content", {}).get(media)
            if renewed is None:
                yield f"{place}: answer {status} no longer in {media}"
            else:
                yield from _answer(
                    content.get("schema", {}), renewed.get("schema", {}), old_root, new_root, f"{place} {status}"
                )


def _parameters(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in old.get("parameters", [])}
    after = {(one["in"], one["name"]): one for one in new.get("parameters", [])}
    for key, one in before.items():
        if key not in after:
            yield f"{place}: parameter {key[1]} removed"
        else:
            yield from _request(
                one.get("schema", {}), after[key].get("schema", {}), old_root, new_root, f"{place} {key[1]}"
            )
    for key, one in after.items():
        if one.get("required") and not before.get(key, {}).get("required"):
            yield f"{place}: parameter {key[1]} is now required"


def _body(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    before, after = old.get("requestBody"), new.get("requestBody")
    if after is None:
        if before is not None:
            yield f"{place}: body removed"
        return
    if before is None:
        if after.get("required"):
            yield f"{place}: a body is now required"
        return
    for media, content in before.get("content", {}).items():
        renewed = after.get("content", {}).get(media)
        if renewed is None:
            yield f"{place}: body no longer in {media}"
        else:
            yield from _request(
                content.get("schema", {}), renewed.get("schema", {}), old_root, new_root, f"{place} body"
            )


def resolve(schema: Schema, root: Schema) -> Schema:
    """Follows local references."""
    while "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _variants(schema: Schema) -> list[Schema]:
    return schema.get("anyOf") or schema.get("oneOf") or [schema]


def _types(schema: Schema, root: Schema) -> set[str]:
    kinds: set[str] = set()
    for variant in _variants(schema):
        kind = resolve(variant, root).get("type")
        kinds |= set(kind) if isinstance(kind, list) else {kind} if kind else set()
    return kinds


def _objects(schema: Schema, root: Schema) -> Schema:
    """The variant with properties, items or values, where there is one."""
    for variant in _variants(schema):
        resolved = resolve(variant, root)
        if {"properties", "items", "enum", "const"} & set(resolved):
            return resolved
    return resolve(_variants(schema)[0], root)


def _answer(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """What we send may not lose fields, gain types or gain values."""
    reference = old.get("$ref")
    if reference in seen:
        return
    seen = seen | {reference} if reference else seen
    old, new = resolve(old, old_root), resolve(new, new_root)
    if (more := _types(new, new_root) - _types(old, old_root)) and _types(old, old_root):
        yield f"{place}: may now be {', '.join(sorted(more))}"
        return
    before, after = _objects(old, old_root), _objects(new, new_root)
    if "enum" in before and (more := set(after.get("enum", [])) - set(before["enum"])):
        yield f"{place}: new values {', '.join(sorted(map(str, more)))}"
    for name, schema in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{place}.{name}: removed"
        else:
            yield from _answer(schema, after["properties"][name], old_root, new_root, f"{place}.{name}", seen)
    for name in set(before.get("required", [])) - set(after.get("required", [])):
        yield f"{place}.{name}: no longer always there"
    if "items" in before and "items" in after:
        yield from _answer(before["items"], after["items"], old_root, new_root, f"{place}[]", seen)


def _request(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    """What we take may not lose types or values, nor ask for more, nor narrow a limit."""
    old, new = resolve(old, old_root), resolve(new, new_root)
    if (kinds := _types(new, new_root)) and (less := _types(old, old_root) - kinds):
        yield f"{place}: no longer takes {', '.join(sorted(less))}"
        return
    before, after = _objects(old, old_root), _objects(new, new_root)
    if "enum" in after and (less := set(before.get("enum", [])) - set(after["enum"])):
        yield f"{place}: no longer takes {', '.join(sorted(map(str, less)))}"
    if "pattern" in after and before.get("pattern") != after["pattern"]:
        yield f"{place}: another pattern"
    yield from _narrowed(before, after, place)
    for name in set(after.get("required", [])) - set(before.get("required", [])):
        yield f"{place}.{name}: now required"
    for name, schema in before.get("properties", {}).items():
        if name in after.get("properties", {}):
            yield from _request(schema, after["properties"][name], old_root, new_root, f"{place}.{name}")
        elif after.get("additionalProperties") is False:
            yield f"{place}.{name}: no longer taken"
    if "items" in before and "items" in after:
        yield from _request(before["items"], after["items"], old_root, new_root, f"{place}[]")


def _narrowed(before: Schema, after: Schema, place: str) -> Iterator[str]:
    for name in _LIMITS_DOWN:
        if name in after and after[name] < before.get(name, float("inf")):
            yield f"{place}: {name} is smaller"
    for name in _LIMITS_UP:
        if name in after and after[name] > before.get(name, float("-inf")):
            yield f"{place}: {name} is greater"
