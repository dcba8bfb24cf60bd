"""A group member that a test kills: joins, polls, says so once it has read, and stores nothing."""

import asyncio
import sys
from collections.abc import Collection, Mapping

from common.bus import Bus, TopicPartition


class Nothing:
    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        return {}


def open_adapter(adapter: str, address: str) -> Bus:
    if adapter == "kafka":
        from common.bus.kafka.bus import KafkaBus
        from common.bus.kafka.tuning import Tuning

        return KafkaBus(address, tuning=Tuning(session_seconds=6.0))
    from common.bus.embedded.bus import EmbeddedBus

    return EmbeddedBus(address)


async def main(adapter: str, address: str, topic: str, group: str) -> None:
    bus = open_adapter(adapter, address)
    await bus.start()
    consumer = bus.consumer(topics=[topic], group=group, positions=Nothing())
    await consumer.start()
    has_said = False
    while True:
        if await consumer.poll(max_messages=10, timeout_seconds=1) and not has_said:
            print("reading", flush=True)
            has_said = True


asyncio.run(main(*sys.argv[1:]))
