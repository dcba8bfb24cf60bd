"""Headers as one bytea: per header two lengths, then the name in UTF-8, then the value."""

from struct import Struct

_LENGTHS = Struct("<HI")


def encode_headers(headers: tuple[tuple[str, bytes], ...]) -> bytes:
    """Packs headers; order and repeated names are kept."""
    if not headers:
        return b""
    parts: list[bytes] = []
    for name, value in headers:
        encoded = name.encode()
        parts += (_LENGTHS.pack(len(encoded), len(value)), encoded, value)
    return b"".join(parts)


def decode_headers(packed: bytes) -> tuple[tuple[str, bytes], ...]:
    """Unpacks what `encode_headers` packed."""
    headers: list[tuple[str, bytes]] = []
    at = 0
    while at < len(packed):
        name_length, value_length = _LENGTHS.unpack_from(packed, at)
        at += _LENGTHS.size
        value_at = at + name_length
        headers.append((packed[at:value_at].decode(), packed[value_at : value_at + value_length]))
        at = value_at + value_length
    return tuple(headers)
