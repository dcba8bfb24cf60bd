"""The trace goes through, whoever began it, and nonsense begins a new one."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.telemetry import current_trace, current_trace_id, current_traceparent, use_traceparent
from common.telemetry.trace import continued

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def test_outside_of_everything_there_is_no_trace() -> None:
    assert (current_trace(), current_trace_id(), current_traceparent()) == (None, None, None)


def test_a_callers_trace_goes_on_with_a_span_of_our_own() -> None:
    with use_traceparent(PARENT) as context:
        assert context.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736" == current_trace_id()
        assert context.span_id != "00f067aa0ba902b7"
        assert current_traceparent() == context.traceparent
        with use_traceparent(current_traceparent()) as inner:
            assert inner.trace_id == context.trace_id
            assert inner.span_id != context.span_id
        assert current_trace() == context
    assert current_trace() is None


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "",
        "x",
        PARENT.upper(),
        PARENT[:-1],
        PARENT + "0",
        "ff" + PARENT[2:],
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    ],
)
def test_nonsense_begins_a_new_trace(nonsense: str | None) -> None:
    first, second = continued(nonsense), continued(nonsense)
    assert first.trace_id != second.trace_id
    assert FORM.fullmatch(first.traceparent)


def test_a_later_version_of_the_header_is_understood() -> None:
    assert continued("01" + PARENT[2:] + "-more").trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"


@given(st.text())
def test_any_header_gives_a_well_formed_context(header: str) -> None:
    assert FORM.fullmatch(continued(header).traceparent)


async def test_tasks_side_by_side_keep_their_own() -> None:
    async def work() -> bool:
        with use_traceparent(None) as context:
            await asyncio.sleep(0.001)
            return current_trace() == context

    assert all(await asyncio.gather(*(work() for _ in range(20))))
