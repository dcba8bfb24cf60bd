"""Event types → handlers: the directory copy, the intake, and one consumer for each tier of this site."""

from collections.abc import Mapping, Sequence
from typing import cast

from common.bus import TopicPartition
from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.contracts.sync import RECEIVING_LEVELS, RECORD_SUBMITTED, inbox_topic
from common.contracts.topics import INTAKE_GROUP, tier_group
from common.directory import directory_runner, directory_topics
from common.divisions import Level
from common.process import Context
from sync.records.consumers import intake, tier
from sync.records.directory import DirectoryCheck
from sync.records.domain import INTAKE_CONTRACTS, INTAKE_TOPICS
from sync.settings import SyncSettings


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of this site, from the origin upward."""
    settings = cast("SyncSettings", context.settings)
    directory = _directory_check(context)
    runners = [directory_runner(context.bus, context.db, service=context.name)]
    if settings.sync_intake:
        runners.append(_intake_runner(context, settings, directory))
    carried = settings.sync_tiers if settings.sync_run_tiers is None else settings.sync_run_tiers
    receiving = [level for level in reversed(settings.sync_tiers) if level in RECEIVING_LEVELS and level in carried]
    runners += [_tier_runner(context, settings, level, directory) for level in receiving]
    return runners


def _directory_check(context: Context) -> DirectoryCheck:
    async def registry_ends() -> Mapping[TopicPartition, int]:
        return await context.bus.end_offsets(directory_topics())

    return DirectoryCheck(registry_ends)


def _intake_runner(context: Context, settings: SyncSettings, directory: DirectoryCheck) -> ConsumerRunner:
    return ConsumerRunner(
        context.bus,
        context.db,
        service="sync",
        group=INTAKE_GROUP,
        topics=INTAKE_TOPICS,
        handler=intake(settings.sync_tiers, directory),
        accepts=INTAKE_CONTRACTS,
        wake=context.wake,
        max_messages=settings.sync_batch_size,
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
