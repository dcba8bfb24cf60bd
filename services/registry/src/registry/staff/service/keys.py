"""The keys of persons, as the process was given them."""

import structlog

from common.crypto import open_cipher
from registry.settings import RegistrySettings
from registry.staff.repository import PersonVault, PseudonymKey

log = structlog.get_logger(__name__)


def open_vault(settings: RegistrySettings) -> PersonVault | None:
    """What persons are kept with; None where this site keeps none, which production refuses at its start.

    The fingerprint in the log lets operators compare sites: with two keys in one province nobody would be found twice.

    Source: O1.4g; ADR 0005.

    Raises:
        KeyringRefused, PersonKeyRefused: a key was given and cannot be used.
    """
    if settings.person_pseudonym_key_file is None or settings.crypto_keys_file is None:
        log.warning("person_keys_missing")
        return None
    key = PseudonymKey.load(settings.person_pseudonym_key_file)
    log.info("person_pseudonym_key_loaded", fingerprint=key.fingerprint)
    return PersonVault(open_cipher(settings), key)
