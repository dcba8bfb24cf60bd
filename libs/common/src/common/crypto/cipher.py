"""Fields as bytes for the database: `version | key-id length | key id | nonce | ciphertext | tag`.

The context is authenticated, so that a ciphertext moved to another row or column does not open there.
"""

import unicodedata
from pathlib import Path
from typing import Protocol

from common.crypto.errors import CiphertextRefused, KeyringRefused
from common.crypto.keyring import FieldKey, Keyring
from common.crypto.suites import Aead, aead_of, keyed_hash

VERSION = 1
_HEAD_BYTES = 2


class CryptoSettings(Protocol):
    """What opening the keyring needs; `common.settings.CryptoSettings` has it."""

    @property
    def crypto_suite(self) -> str: ...  # noqa: D102
    @property
    def crypto_keys_file(self) -> Path | None: ...  # noqa: D102


class FieldCipher:
    """Encrypts, decrypts and indexes single fields.

    Contexts: for encryption one row's field, `casework.case.applicant_id_number:<case id>`; for the blind index the
    column, `casework.case.applicant_id_number`, since equal values must meet.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._active = keyring.active_key
        self._keys = (self._active, *(key for key in keyring.keys if key.id != keyring.active))
        self._aeads: dict[str, Aead] = {key.id: aead_of(key.suite, key.encryption_key) for key in keyring.keys}

    def __repr__(self) -> str:
        return f"FieldCipher(active={self._active.id!r}, suite={self._active.suite.value!r})"

    def encrypt(self, plaintext: str, *, context: str) -> bytes:
        """The field under the active key; equal plaintexts give different bytes."""
        return self.encrypt_bytes(plaintext.encode(), context=context)

    def encrypt_bytes(self, plaintext: bytes, *, context: str) -> bytes:
        """The same for bytes: what `common.crypto.files` makes a file of."""
        name = self._active.id.encode("ascii")
        head = bytes((VERSION, len(name))) + name
        return head + self._aeads[self._active.id].seal(plaintext, head + context.encode())

    def decrypt(self, ciphertext: bytes, *, context: str) -> str:
        """The plaintext.

        Raises:
            CiphertextRefused: unknown version or key, another context, or altered bytes; says nothing of the content.
        """
        try:
            return self.decrypt_bytes(ciphertext, context=context).decode()
        except UnicodeDecodeError:
            raise CiphertextRefused from None

    def decrypt_bytes(self, ciphertext: bytes, *, context: str) -> bytes:
        """What `encrypt_bytes` was given; raises as `decrypt` does."""
        stored = bytes(ciphertext)
        head, key_id = _head(stored)
        aead = self._aeads.get(key_id)
        if aead is None:
            raise CiphertextRefused("未知密钥")
        return aead.open(stored[len(head) :], head + context.encode())

    def needs_rotation(self, ciphertext: bytes) -> bool:
        """True if the field was written under an older key."""
        return _head(bytes(ciphertext))[1] != self._active.id

    def blind_index(self, value: str, *, context: str) -> bytes:
        """32 bytes that are equal for equal values in one column, and tell nothing without the key."""
        return _index(self._active, value, context)

    def blind_indexes(self, value: str, *, context: str) -> list[bytes]:
        """The index under every key, the active one first: what a search must look for while rows of old keys exist."""
        return [_index(key, value, context) for key in self._keys]


def open_cipher(settings: CryptoSettings) -> FieldCipher:
    """The cipher that a service uses.

    Raises:
        KeyringRefused: no file is configured, it cannot be read, or its active key is not of the configured suite.
    """
    if settings.crypto_keys_file is None:
        raise KeyringRefused("未配置 CRYPTO_KEYS_FILE")
    ring = Keyring.load(settings.crypto_keys_file)
    if ring.active_key.suite.value != settings.crypto_suite:
        raise KeyringRefused("当前密钥的算法与 CRYPTO_SUITE 不一致")
    return FieldCipher(ring)


def normalised(value: str) -> str:
    """The form that is indexed: full-width to half-width, no blanks, capitals (the check digit x is X)."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def _index(key: FieldKey, value: str, context: str) -> bytes:
    return keyed_hash(key.suite, key.index_key, context.encode() + b"\0" + normalised(value).encode())


def _head(stored: bytes) -> tuple[bytes, str]:
    if len(stored) < _HEAD_BYTES or stored[0] != VERSION:
        raise CiphertextRefused
    end = _HEAD_BYTES + stored[1]
    try:
        return stored[:end], stored[_HEAD_BYTES:end].decode("ascii")
    except UnicodeDecodeError:
        raise CiphertextRefused from None
