"""What casework is told by its environment."""

from common.settings import ServiceSettings


class CaseworkSettings(ServiceSettings):
    """Nothing beyond what every service is told; CRYPTO_KEYS_FILE is needed by the API role."""
