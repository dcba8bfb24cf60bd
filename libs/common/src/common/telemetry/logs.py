"""Structured logs: one JSON object a line on standard output, from structlog and from the standard library alike.

Exceptions are told by type and place, never by message: messages of drivers carry the values of rows.
"""

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, TextIO
from uuid import UUID

import structlog

from common import clock
from common.errors import DomainError
from common.telemetry.redaction import redact_text, redacted
from common.telemetry.trace import current_trace

EventDict = MutableMapping[str, Any]

_QUIET = ("httpx", "httpcore", "aiokafka", "multipart", "sqlalchemy.engine", "alembic.runtime")
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")
_MAX_FRAMES = 12
_MAX_CAUSES = 4


class Output:
    """The innermost logger: one write a line, to the given stream or to whatever standard output is at that moment."""

    def __init__(self, stream: TextIO | None, name: str = "") -> None:
        self._stream = stream
        self.name = name

    def msg(self, line: str) -> None:
        """Writes one line."""
        stream = self._stream or sys.stdout
        stream.write(line + "\n")
        stream.flush()

    debug = info = warning = error = critical = exception = msg


class Renderer:
    """The last processor: from an event to its line, redacted, then headed by what may not be masked."""

    def __init__(self, service: str) -> None:
        self._service = json.dumps(service)

    def __call__(self, logger: Any, level: str, event: EventDict) -> str:
        """One JSON object."""
        failure = exception_of(event.pop("exc_info", None))
        if failure is not None:
            event["exception"] = told(failure)
        name = event.pop("logger", None) or getattr(logger, "name", "")
        body = json.dumps(redacted({**event, "logger": name}), ensure_ascii=False, default=_plain)
        trace = current_trace()
        head = f'{{"time":"{clock.iso(clock.now())}","level":"{level}","service":{self._service},'
        if trace is not None:
            head += f'"trace_id":"{trace.trace_id}","span_id":"{trace.span_id}",'
        return head + body[1:]


class StdlibHandler(logging.Handler):
    """Lets the standard library's loggers (uvicorn, drivers) speak through the same renderer."""

    def __init__(self, output: Output, render: Renderer) -> None:
        super().__init__()
        self._output = output
        self._render = render

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record; a broken one is dropped as the standard library does."""
        try:
            event: EventDict = {"event": record.getMessage(), "logger": record.name, "exc_info": record.exc_info}
            self._output.msg(self._render(None, record.levelname.lower(), event))
        except Exception:  # noqa: BLE001 - a log line may never end the work that it tells of
            self.handleError(record)


def configure_logging(service: str, level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Sets up the logs of this process; a second call replaces the first.

    Args:
        service: stands on every line.
        level: DEBUG, INFO, WARNING or ERROR.
        stream: for tests; standard output otherwise.
    """
    number = logging.getLevelNamesMapping()[level]
    render = Renderer(service)
    structlog.configure(
        processors=[render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *names: Output(stream, names[0] if names else ""),
        cache_logger_on_first_use=False,
    )
    logging.raiseExceptions = False
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, StdlibHandler)]:
        root.removeHandler(old)
    root.addHandler(StdlibHandler(Output(stream), render))
    root.setLevel(number)
    for name in _UVICORN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def exception_of(info: object) -> BaseException | None:
    """The exception behind what loggers call `exc_info`."""
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) else None
    return sys.exc_info()[1] if info else None


def told(failure: BaseException, depth: int = 0) -> dict[str, Any]:
    """Type, code and place of an exception and of its causes, without any message."""
    story: dict[str, Any] = {"type": f"{type(failure).__module__}.{type(failure).__qualname__}"}
    if isinstance(failure, DomainError):
        story["code"] = failure.code
    sqlstate = getattr(failure, "sqlstate", None)
    if isinstance(sqlstate, str):
        story["sqlstate"] = sqlstate
    frames = traceback.extract_tb(failure.__traceback__)[-_MAX_FRAMES:]
    story["frames"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    if cause is not None and depth < _MAX_CAUSES:
        story["cause"] = told(cause, depth + 1)
    if isinstance(failure, BaseExceptionGroup) and depth < _MAX_CAUSES:
        story["parts"] = [told(part, depth + 1) for part in failure.exceptions[:_MAX_FRAMES]]
    return story


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-3:])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Enum | PurePath):
        return redact_text(str(value))
    return f"<{type(value).__name__}>"
