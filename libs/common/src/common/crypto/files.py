"""Files sealed chunk by chunk, so that neither a file nor its plaintext is ever whole in memory.

A sealed file is its chunks one after another, each a ciphertext as `FieldCipher` makes them, of CHUNK_BYTES plaintext;
the last one is shorter or as long, and empty only in an empty file. Each is bound to the file's context, to its number
and to being the last, so that a chunk moved, left out, repeated, cut off or taken from another file does not open
(the STREAM construction, here with random nonces under the keyring's key).
"""

import io
from typing import IO

from common.crypto.cipher import VERSION, FieldCipher
from common.crypto.errors import CiphertextRefused
from common.crypto.suites import NONCE_BYTES, TAG_BYTES

CHUNK_BYTES = 64 * 1024
_HEAD_BYTES = 2


def _place(context: str, number: int, *, is_last: bool) -> str:
    return f"{context}#{number}{'.' if is_last else '+'}"


def _overhead(head: bytes) -> int:
    """Of the chunks of a file, from the first two bytes of the file: all chunks have the same key."""
    if len(head) < _HEAD_BYTES or head[0] != VERSION:
        raise CiphertextRefused
    return _HEAD_BYTES + head[1] + NONCE_BYTES + TAG_BYTES


class FileSealer:
    """Seals a file as it arrives.

    Args:
        context: names this one file, `casework.upload:<id>`.
    """

    def __init__(self, cipher: FieldCipher, *, context: str) -> None:
        self._cipher = cipher
        self._context = context
        self._waiting = bytearray()
        self._number = 0

    def update(self, plaintext: bytes) -> bytes:
        """Takes more of the file; gives the chunks that are full and not the last, maybe none."""
        self._waiting += plaintext
        sealed = bytearray()
        while len(self._waiting) > CHUNK_BYTES:
            sealed += self._seal(is_last=False)
        return bytes(sealed)

    def finish(self) -> bytes:
        """The last chunk; nothing may follow."""
        return self._seal(is_last=True)

    def _seal(self, *, is_last: bool) -> bytes:
        chunk = bytes(self._waiting[:CHUNK_BYTES])
        del self._waiting[:CHUNK_BYTES]
        sealed = self._cipher.encrypt_bytes(chunk, context=_place(self._context, self._number, is_last=is_last))
        self._number += 1
        return sealed


class FileOpener:
    """Opens a sealed file as it arrives; every byte that it gives has been authenticated, in its place."""

    def __init__(self, cipher: FieldCipher, *, context: str) -> None:
        self._cipher = cipher
        self._context = context
        self._waiting = bytearray()
        self._number = 0
        self._stride: int | None = None

    def update(self, sealed: bytes) -> bytes:
        """Takes more of the sealed file; gives what opens of it, maybe nothing.

        Raises:
            CiphertextRefused: this is not the file, or not the whole of it in order.
        """
        self._waiting += sealed
        if self._stride is None and len(self._waiting) >= _HEAD_BYTES:
            self._stride = CHUNK_BYTES + _overhead(bytes(self._waiting[:_HEAD_BYTES]))
        opened = bytearray()
        while self._stride is not None and len(self._waiting) > self._stride:
            opened += self._open(self._stride, is_last=False)
        return bytes(opened)

    def finish(self) -> bytes:
        """The rest, when the sealed file has ended; raises as `update` does, also when something is missing."""
        return self._open(len(self._waiting), is_last=True)

    def _open(self, length: int, *, is_last: bool) -> bytes:
        chunk = bytes(self._waiting[:length])
        del self._waiting[:length]
        opened = self._cipher.decrypt_bytes(chunk, context=_place(self._context, self._number, is_last=is_last))
        self._number += 1
        return opened


class SealedFile(io.RawIOBase):
    """A sealed file in clear, to be read from any position: for checks that need more than one look.

    Args:
        source: the sealed file, seekable; stays the caller's to close.

    Raises:
        CiphertextRefused: at once or while reading, when it is not the file.
    """

    def __init__(self, cipher: FieldCipher, source: IO[bytes], *, context: str) -> None:
        super().__init__()
        self._cipher = cipher
        self._source = source
        self._context = context
        length = source.seek(0, io.SEEK_END)
        source.seek(0)
        overhead = _overhead(source.read(_HEAD_BYTES))
        self._stride = CHUNK_BYTES + overhead
        self._chunks = max(1, -(-length // self._stride))
        self.size = length - self._chunks * overhead
        self._position = 0
        self._held: tuple[int, bytes] | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to a position in the plaintext."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError
        self._position = start + offset
        return self._position

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        """Reads up to the end of one chunk."""
        number, offset = divmod(self._position, CHUNK_BYTES)
        if self._position >= self.size:
            return 0
        part = self._chunk(number)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self._held is None or self._held[0] != number:
            self._source.seek(number * self._stride)
            sealed = self._source.read(self._stride)
            place = _place(self._context, number, is_last=number == self._chunks - 1)
            self._held = (number, self._cipher.decrypt_bytes(sealed, context=place))
        return self._held[1]
