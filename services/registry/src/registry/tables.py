"""Every table of the service, so that the metadata is complete for migrations."""

from registry.divisions.models import Division
from registry.offices.models import NamingReportEntry, Office
from registry.orm import Base
from registry.seeding.models import SeedLoad

metadata = Base.metadata

__all__ = ["Division", "NamingReportEntry", "Office", "SeedLoad", "metadata"]
