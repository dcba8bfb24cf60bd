"""Which partition a key belongs to: the same in both adapters and in every Kafka client that uses the default."""

from struct import Struct

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF
_WORDS = Struct("<I")


def murmur2(data: bytes) -> int:
    """32-bit MurmurHash2 with Kafka's seed, as an unsigned number.

    Source: Apache Kafka, org.apache.kafka.common.utils.Utils.murmur2.
    """
    length = len(data)
    tail = length & 3
    body = length - tail
    h = _SEED ^ length
    for (word,) in _WORDS.iter_unpack(data[:body]):
        k = (word * _M) & _MASK
        k ^= k >> 24
        h = ((h * _M) ^ (k * _M)) & _MASK
    if tail:
        h = ((h ^ int.from_bytes(data[body:], "little")) * _M) & _MASK
    h ^= h >> 13
    h = (h * _M) & _MASK
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key among so many."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
