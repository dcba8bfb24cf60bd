"""Charter: personal data at rest. Encrypted fields, keyed blind indexes for exact search, and how values are masked.

Source: ADR 0005; GB/T 22239-2019 §8.1.4 (confidentiality and integrity of stored data), GB/T 39786-2021 (SM suites).
"""

from common.crypto.cipher import CryptoSettings, FieldCipher, normalised, open_cipher
from common.crypto.errors import CiphertextRefused, KeyringRefused
from common.crypto.files import FileOpener, FileSealer, SealedFile
from common.crypto.keyring import FieldKey, Keyring, generate_keyring, rotated
from common.crypto.masking import mask_id_number, mask_name, mask_phone
from common.crypto.suites import Suite

__all__ = [
    "CiphertextRefused",
    "CryptoSettings",
    "FieldCipher",
    "FieldKey",
    "FileOpener",
    "FileSealer",
    "Keyring",
    "KeyringRefused",
    "SealedFile",
    "Suite",
    "generate_keyring",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "normalised",
    "open_cipher",
    "rotated",
]
