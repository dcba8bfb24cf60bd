"""What registry does beside its API: names read for the search, offices judged, sheets imported, old keys gone."""

from collections.abc import Sequence

from common.process import Context, Job, forget_old_keys
from registry.offices.jobs import reading_job
from registry.readiness.jobs import readiness_job
from registry.sheets.jobs import import_job, purge_job


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role; the audit sealer runs in every service's worker by itself."""
    return (
        forget_old_keys(context),
        reading_job(context),
        readiness_job(context),
        import_job(context),
        purge_job(context),
    )
