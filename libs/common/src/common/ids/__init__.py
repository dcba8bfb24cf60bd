"""Charter: identifiers that sort by time (UUIDv7, RFC 9562), so that indexes grow at one end."""

import os
import threading
import time
from uuid import UUID

_RANDOM_BITS = 62
_COUNTER_BITS = 12
_lock = threading.Lock()
_last_tick = 0


def uuid7() -> UUID:
    """A UUIDv7 that is greater than every earlier one of this process.

    The 12 bits after the version hold the fraction of the millisecond (RFC 9562 §6.2, method 3);
    when the clock stands still or steps back, the last tick is counted on.
    """
    global _last_tick  # noqa: PLW0603 - the monotonic guarantee is per process
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    tick = (milliseconds << _COUNTER_BITS) | (rest << _COUNTER_BITS) // 1_000_000
    with _lock:
        tick = max(tick, _last_tick + 1)
        _last_tick = tick
    milliseconds, fraction = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << _RANDOM_BITS) - 1)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random
    return UUID(int=value)
