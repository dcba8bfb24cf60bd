"""One JSON object a line, from every logger, with the trace and without people."""

import logging
from uuid import UUID

import asyncpg
import pytest
import structlog

from common.errors import NotFound
from common.telemetry import use_traceparent

NUMBER = "440301199001011234"
PHONE = "13800138000"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_line_names_time_level_service_logger_and_trace(lines) -> None:
    with use_traceparent(PARENT):
        structlog.get_logger("casework.jobs").info("case_swept", count=3, case_id=UUID(int=7), missing=None)
    (line,) = lines()
    assert line["time"].endswith("+08:00")
    assert (line["level"], line["service"], line["logger"], line["event"]) == (
        "info",
        "casework",
        "casework.jobs",
        "case_swept",
    )
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert line["span_id"] != "00f067aa0ba902b7"
    assert (line["count"], line["case_id"], line["missing"]) == (3, str(UUID(int=7)), None)


def test_outside_of_a_trace_there_is_no_trace_id(lines) -> None:
    structlog.get_logger().warning("started")
    assert "trace_id" not in lines()[0]


def test_levels_below_the_configured_one_are_silent(lines) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("any").debug("detail")
    logging.getLogger("httpx").info("HTTP Request: GET https://x/?id_number=%s", NUMBER)
    assert lines() == []


@pytest.mark.parametrize(
    "values",
    [
        {"note": f"applicant {NUMBER}"},
        {"number": int(NUMBER)},
        {"nested": {"deep": [{"deeper": f"tel {PHONE}"}]}},
        {f"key-{NUMBER}": 1},
        {"header": f"Bearer {TOKEN}"},
        {"raw": TOKEN},
        {"pair": (NUMBER, PHONE)},
        {"phone": "0755-8888"},
        {"inner": {"Applicant_Name": "张三丰"}},
        {"token": "opaque-credential"},
    ],
)
def test_no_value_of_any_shape_carries_personal_data(lines, values) -> None:
    structlog.get_logger().info(f"seen {NUMBER}", **values)
    shown = str(lines()[0])
    for secret in (NUMBER, PHONE, TOKEN, "0755-8888", "张三丰", "opaque-credential"):
        assert secret not in shown


def test_objects_show_their_type_and_not_their_content(lines) -> None:
    class Applicant:
        def __repr__(self) -> str:
            return "张三丰"

    structlog.get_logger().info("seen", who=Applicant())
    assert lines()[0]["who"] == "<Applicant>"


def test_an_exception_is_told_by_type_and_place_without_its_message(lines) -> None:
    def insert() -> None:
        raise asyncpg.UniqueViolationError("Key (applicant)=(张三丰) already exists.")

    try:
        try:
            insert()
        except asyncpg.UniqueViolationError as error:
            raise NotFound("张三丰不存在") from error
    except NotFound:
        structlog.get_logger().exception("case_failed")
    (line,) = lines()
    story = line["exception"]
    assert (story["type"], story["code"]) == ("common.errors.NotFound", "request.not-found")
    assert story["cause"]["sqlstate"] == "23505"
    assert story["cause"]["frames"][-1].endswith(" insert")
    assert "张三丰" not in str(line)


def test_the_standard_library_speaks_the_same_way(lines) -> None:
    with use_traceparent(PARENT):
        logging.getLogger("uvicorn.error").error("Exception for %s", NUMBER, exc_info=ValueError("张三丰"))
    logging.getLogger("uvicorn.access").info("GET /?phone=%s", PHONE)
    (line,) = lines()
    assert (line["logger"], line["level"], line["event"]) == ("uvicorn.error", "error", "Exception for [redacted]")
    assert line["exception"]["type"] == "builtins.ValueError"
    assert "张三丰" not in str(line)
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_broken_log_call_ends_nothing(lines) -> None:
    logging.getLogger("driver").error("%d rows", "many")
    structlog.get_logger().info("after")
    assert [line["event"] for line in lines()] == ["after"]
