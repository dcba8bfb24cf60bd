"""Event types → handlers: the directory copy, the intake, and one consumer for each tier of this site."""

from collections.abc import Mapping, Sequence
from typing import cast

from common.bus import TopicPartition
from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.contracts.sync import INTAKES, RECEIVING_LEVELS, RECORD_SUBMITTED, inbox_topic
from common.contracts.topics import tier_group
from common.directory import directory_runner, directory_topics
from common.divisions import Level
from common.process import Context
from sync.records.consumers import intake, tier
from sync.records.directory import DirectoryCheck
from sync.records.domain import intake_contracts, intake_topics
from sync.records.pace import Pace
from sync.settings import SyncSettings

PACED_PAGE = 250
"""Records of one transaction of a paced intake: what a case waits behind at most, beside `MOST_WAITING`."""


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of this site, from the origin upward."""
    settings = cast("SyncSettings", context.settings)
    directory = _directory_check(context)
    runners = [directory_runner(context.bus, context.db, service=context.name)]
    if settings.sync_intake:
        runners += [_intake_runner(context, settings, group, directory) for group in INTAKES]
    carried = settings.sync_tiers if settings.sync_run_tiers is None else settings.sync_run_tiers
    receiving = [level for level in reversed(settings.sync_tiers) if level in RECEIVING_LEVELS and level in carried]
    runners += [_tier_runner(context, settings, level, directory) for level in receiving]
    return runners


def _directory_check(context: Context) -> DirectoryCheck:
    async def registry_ends() -> Mapping[TopicPartition, int]:
        return await context.bus.end_offsets(directory_topics())

    return DirectoryCheck(registry_ends)


def _intake_runner(context: Context, settings: SyncSettings, group: str, directory: DirectoryCheck) -> ConsumerRunner:
    is_paced = INTAKES[group].is_paced
    pace = Pace(settings.sync_tiers, context.bus.end_offsets) if is_paced else None
    return ConsumerRunner(
        context.bus,
        context.db,
        service="sync",
        group=group,
        topics=intake_topics(group),
        handler=intake(settings.sync_tiers, directory, pace),
        accepts=intake_contracts(group),
        wake=context.wake,
        max_messages=min(settings.sync_batch_size, PACED_PAGE) if is_paced else settings.sync_batch_size,
    )


def _tier_runner(context: Context, settings: SyncSettings, level: Level, directory: DirectoryCheck) -> ConsumerRunner:
    return ConsumerRunner(
        context.bus,
        context.db,
        service="sync",
        group=tier_group(level),
        topics=[inbox_topic(level)],
        handler=tier(level, directory),
        accepts=contracts_of([RECORD_SUBMITTED]),
        wake=context.wake,
        max_messages=settings.sync_batch_size,
    )
