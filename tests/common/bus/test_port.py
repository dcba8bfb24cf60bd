"""The parts of the bus that need no server."""

import subprocess
import sys
from dataclasses import dataclass

import pytest
from aiokafka.partitioner import murmur2 as aiokafka_murmur2
from hypothesis import given
from hypothesis import strategies as st

from common.bus import MAX_MESSAGE_BYTES, Message, MessageTooLarge, open_bus
from common.bus.embedded.headers import decode_headers, encode_headers
from common.bus.embedded.shares import share_out
from common.bus.limits import refuse_too_large
from common.bus.partitioner import murmur2, partition_of

# org.apache.kafka.common.utils.UtilsTest.testMurmur2
JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize(("key", "hashed"), JAVA.items())
def test_hashes_as_the_java_client_does(key, hashed):
    assert murmur2(key) == hashed % 2**32


@given(st.binary(max_size=80), st.integers(1, 100))
def test_hashes_as_aiokafka_does(key, partitions):
    assert murmur2(key) == aiokafka_murmur2(key)
    assert partition_of(key, partitions) == (aiokafka_murmur2(key) & 0x7FFFFFFF) % partitions


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=300)), max_size=20).map(tuple))
def test_headers_survive_packing(headers):
    assert decode_headers(encode_headers(headers)) == headers


members = st.dictionaries(st.integers(1, 50), st.sets(st.integers(1, 4), min_size=1), min_size=1, max_size=8)


@given(members, st.dictionaries(st.integers(1, 4), st.integers(1, 9), min_size=1))
def test_every_partition_has_one_owner_who_reads_its_topic_and_shares_are_even(members, counts):
    partitions = {topic: tuple(range(topic * 100, topic * 100 + count)) for topic, count in counts.items()}
    shares = share_out(list(members.items()), partitions)
    assert shares == share_out(list(reversed(members.items())), dict(reversed(partitions.items())))
    owned = [id_ for share in shares.values() for id_ in share]
    read = {topic for topics in members.values() for topic in topics}
    assert sorted(owned) == sorted(id_ for topic in read & set(partitions) for id_ in partitions[topic])
    assert all(id_ // 100 in members[member] for member, share in shares.items() for id_ in share)
    if all(topics >= set(partitions) for topics in members.values()):
        sizes = [len(share) for share in shares.values()]
        assert max(sizes) - min(sizes) <= 1


def test_the_limit_counts_bytes_of_key_value_and_headers():
    room = MAX_MESSAGE_BYTES - len("键".encode()) - 5
    refuse_too_large([Message("t", b"key", bytes(room - 3), (("键", b"value"),))])
    with pytest.raises(MessageTooLarge) as refused:
        refuse_too_large([Message("t", b"key", bytes(room - 2), (("键", b"value"),))])
    assert refused.value.size_bytes == MAX_MESSAGE_BYTES + 1


@dataclass
class Settings:
    bus: str
    bus_database_url: str | None = None
    kafka_bootstrap_servers: str | None = None
    bus_partitions: int = 6


@pytest.mark.parametrize("adapter", ["embedded", "kafka"])
def test_an_adapter_without_its_address_is_refused(adapter):
    with pytest.raises(ValueError, match="needs"):
        open_bus(Settings(adapter))


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import common.bus", []),
        ("import common.bus.embedded.bus", ["asyncpg"]),
        ("import common.bus.kafka.bus", ["aiokafka"]),
    ],
)
def test_only_the_chosen_adapter_is_loaded(code, loaded):
    look = f"{code}; import sys; print(*sorted({{'aiokafka', 'asyncpg'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == loaded
