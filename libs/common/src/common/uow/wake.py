"""Telling the relay of the same process that there is something to send."""

import asyncio


class RelayWake:
    """Set after a commit; the relay clears it before it looks."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """There is something."""
        self._event.set()

    async def wait(self, timeout_seconds: float) -> bool:
        """Waits until set or until the time is over; True if it was set."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout_seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True
