"""Files at rest: they come back whole, or not at all."""

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto import CiphertextRefused, FieldCipher, FileOpener, FileSealer, SealedFile, Suite, generate_keyring
from common.crypto.files import CHUNK_BYTES

CONTEXT = "casework.upload:1"
RINGS = {suite: generate_keyring(suite) for suite in Suite}
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 17)


def cipher(suite: Suite = Suite.AES_GCM_SHA256) -> FieldCipher:
    return FieldCipher(RINGS[suite])


def content(size: int) -> bytes:
    return bytes(number * 7 % 251 for number in range(size))


def parts(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def sealed(data: bytes, used: FieldCipher | None = None, *, context: str = CONTEXT) -> bytes:
    sealer = FileSealer(used or cipher(), context=context)
    return sealer.update(data) + sealer.finish()


def opened(data: bytes, used: FieldCipher | None = None, *, cuts: tuple[int, ...] = ()) -> bytes:
    opener = FileOpener(used or cipher(), context=CONTEXT)
    return b"".join(opener.update(part) for part in parts(data, list(cuts))) + opener.finish()


@settings(max_examples=30)
@given(
    size=st.one_of(st.sampled_from(SIZES), st.integers(0, 4 * CHUNK_BYTES)),
    suite=st.sampled_from(Suite),
    cuts=st.lists(st.integers(0, 2**20), max_size=8),
)
def test_a_file_comes_back_however_it_arrives(size: int, suite: Suite, cuts: list[int]) -> None:
    used, data = cipher(suite), content(size)
    sealer = FileSealer(used, context=CONTEXT)
    stored = b"".join(sealer.update(part) for part in parts(data, cuts)) + sealer.finish()
    assert opened(stored, used, cuts=tuple(cuts)) == data
    assert SealedFile(used, io.BytesIO(stored), context=CONTEXT).read() == data


@settings(max_examples=30)
@given(size=st.sampled_from(SIZES), start=st.integers(0, 4 * CHUNK_BYTES), length=st.integers(0, 2 * CHUNK_BYTES))
def test_any_part_can_be_read(size: int, start: int, length: int) -> None:
    data = content(size)
    file = io.BufferedReader(SealedFile(cipher(), io.BytesIO(sealed(data)), context=CONTEXT))
    file.seek(start)
    assert file.read(length) == data[start : start + length]
    assert file.seek(0, io.SEEK_END) == size


def test_nothing_of_the_plaintext_shows() -> None:
    assert content(64) not in sealed(content(CHUNK_BYTES * 2))


def damaged() -> dict[str, bytes]:
    """A file of four chunks, damaged in every way that a store could damage it."""
    stored = sealed(content(3 * CHUNK_BYTES + 17))
    stride = (len(stored) - len(sealed(content(17)))) // 3
    chunks = [stored[at : at + stride] for at in range(0, len(stored), stride)]
    other = sealed(content(3 * CHUNK_BYTES + 17), context="casework.upload:2")
    flipped = bytearray(stored)
    flipped[stride + 100] ^= 1
    return {
        "cut between chunks": b"".join(chunks[:3]),
        "cut inside a chunk": stored[:-3],
        "without its first chunk": b"".join(chunks[1:]),
        "two chunks exchanged": b"".join([chunks[1], chunks[0], *chunks[2:]]),
        "a chunk twice": b"".join([chunks[0], chunks[0], *chunks[1:]]),
        "something behind it": stored + b"x",
        "a bit turned": bytes(flipped),
        "another file": other,
        "a chunk of another file": b"".join([chunks[0], other[stride : 2 * stride], *chunks[2:]]),
        "nothing": b"",
        "a byte": b"\x01",
        "no sealed file": content(100),
    }


@pytest.mark.parametrize("kind", damaged())
def test_a_damaged_file_does_not_open(kind: str) -> None:
    stored = damaged()[kind]
    with pytest.raises(CiphertextRefused):
        opened(stored, cuts=(5, CHUNK_BYTES))
    with pytest.raises(CiphertextRefused):
        SealedFile(cipher(), io.BytesIO(stored), context=CONTEXT).read()
