"""A service's API against its own document: a real process on a loopback port, requests of every kind by schemathesis.

Needs schemathesis and hypothesis, which are tools of the tests and not of the services: only tests import this.
"""

import copy
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi import checks as openapi

from common.ids import uuid7

_INHERITED = frozenset({"PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR"})
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 30.0
Case = schemathesis.Case[Any]
CHECKS: tuple[CheckFunction, ...] = (
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.negative_data_rejection,
)
"""Not `positive_data_acceptance`: a rule may refuse what the form allows. Tokens have tests of their own."""


@contextmanager
def serving(service: str, environment: Mapping[str, str]) -> Iterator[str]:
    """`python -m <service> api` with exactly these settings; gives its base address, ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if name in _INHERITED}
    settings_ = {"ENVIRONMENT": "test", "HTTP_PORT": str(port), "LOG_LEVEL": "WARNING", **environment}
    command = [sys.executable, "-m", service, "api"]
    with subprocess.Popen(command, env={**inherited, **settings_}, stdin=subprocess.DEVNULL) as process:  # noqa: S603 - our own module
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(process, base)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def check_api(
    base: str,
    document: dict[str, Any],
    *,
    headers: Mapping[str, str],
    known: Mapping[str, Any] | None = None,
    bodies: Mapping[str, Any] | None = None,
    examples: int = 12,
) -> Counter[int]:
    """Sends requests that fit the document and requests that do not; every answer must be one that it describes.

    The choice of requests is derived from the document alone, so that a failure comes again. Those that fit carry a
    fresh Idempotency-Key and the first version's If-Match, so that they come as far as the use case.

    Args:
        base: where the service listens.
        document: its OpenAPI document.
        headers: sent with every request, such as a token.
        known: path parameters of things that exist, for the requests that fit.
        bodies: by operation id, a body that succeeds; sent once with everything else of a request that fits.
        examples: per operation and mode.

    Returns:
        How many answers there were of each status.

    Raises:
        schemathesis.FailureGroup: what an answer broke, with a curl line that repeats it.
    """
    schema = schemathesis.openapi.from_dict(_without_security(document))
    answered: Counter[int] = Counter()
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        operation = found.ok()
        takes_anything = "parameters" in operation.definition.raw or "requestBody" in operation.definition.raw
        for mode in GenerationMode if takes_anything else (GenerationMode.POSITIVE,):
            probe = _Probe(base, headers, (known or {}) if mode is GenerationMode.POSITIVE else None)
            cases = operation.as_strategy(generation_mode=mode)
            try:
                answered += probe.check(cases, examples)
            except Unsatisfiable:
                # What takes any document cannot be asked wrongly.
                if mode is GenerationMode.POSITIVE:
                    raise
            body = (bodies or {}).get(operation.definition.raw["operationId"])
            if body is not None and probe.known is not None:
                answered += replace(probe, body=body).check(cases, 1)
    return answered


def _without_security(document: dict[str, Any]) -> dict[str, Any]:
    """Every request carries the token anyway, so leaving it out is no way to make a request wrong."""
    copied: dict[str, Any] = copy.deepcopy(document)
    copied.get("components", {}).pop("securitySchemes", None)
    for path in copied["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    return copied


@dataclass(frozen=True, slots=True)
class _Probe:
    """Sends the cases of one operation; `known` is None for requests that must not fit."""

    base: str
    headers: Mapping[str, str]
    known: Mapping[str, Any] | None
    body: Any = None

    def check(self, cases: Any, examples: int) -> Counter[int]:
        answered: Counter[int] = Counter()

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def one(case: Case) -> None:
            answer = self._send(case)
            answered[answer.status_code] += 1
            case.validate_response(answer, checks=list(CHECKS))

        one()
        return answered

    def _send(self, case: Case) -> Any:
        headers = dict(self.headers)
        if self.body is not None:
            case.body = self.body
        if self.known is not None:
            headers |= {"Idempotency-Key": str(uuid7()), "If-Match": '"1"'}
            for name in case.path_parameters or {}:
                case.path_parameters[name] = self.known.get(name, case.path_parameters[name])
        return case.call(base_url=self.base, headers=headers)


def _wait_until_ready(process: "subprocess.Popen[bytes]", base: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            msg = f"the service ended with {process.returncode} while it started"
            raise RuntimeError(msg)
        try:
            if httpx.get(f"{base}/readyz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    msg = "the service did not become ready"
    raise TimeoutError(msg)
