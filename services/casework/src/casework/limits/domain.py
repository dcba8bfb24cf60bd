"""Whom questions without a token are counted for, and in which window of time. Pure."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime

UNKNOWN_NETWORK = "unknown"
"""Whoever's address cannot be read: all of them are counted together, so that nobody is not counted."""
_V6_NETWORK = 64


def client_network(connected: str | None, forwarded: Sequence[str], *, trusted_proxies: int) -> str:
    """Who asks, as far as we know it: the address that the outermost proxy of our own saw, of IPv6 its network.

    What stands further left in the header was written by whoever asks, and counts for nothing. An IPv4 address in
    the form of IPv6 is the IPv4 address.

    Source: O4.2b.

    Args:
        connected: the connection's own address; None on a Unix socket.
        forwarded: the addresses of X-Forwarded-For, in their order.
        trusted_proxies: how many of them our own proxies have appended.
    """
    text = connected
    if trusted_proxies > 0:
        text = forwarded[-trusted_proxies] if len(forwarded) >= trusted_proxies else None
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return UNKNOWN_NETWORK
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((int(address), _V6_NETWORK), strict=False))
        address = address.ipv4_mapped
    return str(address)


def window_start(at: datetime, *, seconds: int) -> datetime:
    """When the present window of counting began: the same for all replicas.

    Source: O4.2b.
    """
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
