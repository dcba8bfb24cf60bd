"""What registry is told by its environment."""

from common.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """Nothing beyond what every service is told."""
