"""The two suites: international and Chinese commercial cryptography (国密). All primitives are `cryptography`'s."""

import os
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.crypto.errors import CiphertextRefused

NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_KEY_BYTES = 32


class Suite(StrEnum):
    """AEAD for fields and keyed hash for blind indexes; both indexes are 32 bytes."""

    AES_GCM_SHA256 = "aes-gcm-sha256"
    SM4_GCM_SM3 = "sm4-gcm-sm3"

    @property
    def encryption_key_bytes(self) -> int:
        """Length of the AEAD key: AES-256, or SM4 with its only length."""
        return 32 if self is Suite.AES_GCM_SHA256 else 16


class Aead(Protocol):
    """Authenticated encryption under one key."""

    def seal(self, plaintext: bytes, associated: bytes) -> bytes:
        """Nonce, ciphertext and tag."""

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext, or CiphertextRefused."""


class AesGcm:
    """AES-256-GCM with random 96-bit nonces: at most 2^32 fields under one key (NIST SP 800-38D §8.3)."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plaintext: bytes, associated: bytes) -> bytes:
        """Encrypts."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plaintext, associated)

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """Decrypts and checks."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
        except (InvalidTag, ValueError):
            raise CiphertextRefused from None


class Sm4Gcm:
    """SM4-GCM (GB/T 32907, GB/T 36624), the same nonces."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def seal(self, plaintext: bytes, associated: bytes) -> bytes:
        """Encrypts."""
        nonce = os.urandom(NONCE_BYTES)
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        body = encryptor.update(plaintext) + encryptor.finalize()
        return nonce + body + encryptor.tag

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """Decrypts and checks."""
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise CiphertextRefused
        nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated)
        try:
            return decryptor.update(body) + decryptor.finalize()
        except InvalidTag:
            raise CiphertextRefused from None


def aead_of(suite: Suite, key: bytes) -> Aead:
    """The suite's AEAD under the key."""
    return AesGcm(key) if suite is Suite.AES_GCM_SHA256 else Sm4Gcm(key)


def keyed_hash(suite: Suite, key: bytes, message: bytes) -> bytes:
    """HMAC with the suite's hash, 32 bytes."""
    mac = hmac.HMAC(key, hashes.SHA256() if suite is Suite.AES_GCM_SHA256 else hashes.SM3())
    mac.update(message)
    return mac.finalize()
