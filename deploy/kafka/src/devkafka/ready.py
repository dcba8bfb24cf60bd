"""Asking the broker whether it serves: a real metadata request, not an open port."""

import asyncio
import logging
import threading

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError as ClientError

_REQUEST_TIMEOUT_MS = 5000


def answers_metadata(bootstrap_servers: str) -> bool:
    """Whether the broker answers a metadata call with itself among the living brokers.

    Works with and without a running event loop: the call runs in a thread of its own.
    """
    answer: list[bool] = []
    thread = threading.Thread(target=lambda: answer.append(asyncio.run(_ask(bootstrap_servers))), daemon=True)
    thread.start()
    thread.join()
    return bool(answer and answer[0])


async def _ask(bootstrap_servers: str) -> bool:
    # A broker that is not up yet is expected here; the client would report every attempt as an error.
    logging.getLogger("aiokafka").addFilter(_is_severe)
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=_REQUEST_TIMEOUT_MS)
    try:
        await client.start()
        cluster = await client.describe_cluster()
    except (TimeoutError, ClientError, OSError):
        return False
    finally:
        await client.close()
        logging.getLogger("aiokafka").removeFilter(_is_severe)
    return bool(cluster["brokers"])


def _is_severe(record: logging.LogRecord) -> bool:
    return record.levelno > logging.ERROR
