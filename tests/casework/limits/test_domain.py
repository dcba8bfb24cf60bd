"""Whom questions without a token are counted for. Source: O4.2b."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.limits.domain import UNKNOWN_NETWORK, client_network, window_start


@pytest.mark.parametrize(
    ("connected", "forwarded", "proxies", "network"),
    [
        ("192.0.2.7", [], 0, "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.1"], 0, "192.0.2.7"),
        ("10.0.0.1", ["203.0.113.9"], 1, "203.0.113.9"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.9"], 1, "203.0.113.9"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.9", "10.0.0.2"], 2, "203.0.113.9"),
        ("10.0.0.1", [], 1, UNKNOWN_NETWORK),
        ("10.0.0.1", ["nonsense"], 1, UNKNOWN_NETWORK),
        (None, [], 0, UNKNOWN_NETWORK),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", [], 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], 0, "192.0.2.7"),
        ("::1", ["::FFFF:203.0.113.9"], 1, "203.0.113.9"),
    ],
)
def test_an_asker_is_who_our_own_proxies_saw(connected, forwarded, proxies, network) -> None:
    """Whoever writes addresses into the header wins nothing by it."""
    assert client_network(connected, forwarded, trusted_proxies=proxies) == network


@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), seconds=st.integers(1, 100_000))  # noqa: DTZ001
def test_a_window_holds_its_moment_and_is_the_same_for_all_of_it(at: datetime, seconds: int) -> None:
    moment = at.replace(tzinfo=UTC)
    start = window_start(moment, seconds=seconds)
    assert start <= moment < start + timedelta(seconds=seconds)
    assert window_start(start, seconds=seconds) == start
