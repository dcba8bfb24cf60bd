"""Event types → handlers: the directory copy, the intakes, and for each tier of this site what comes up and down."""

from collections.abc import Mapping, Sequence
from typing import cast

from common.bus import TopicPartition
from common.consumer import ConsumerRunner, Handler
from common.contracts import contracts_of
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.sync import (
    DISPATCH_DELIVERED,
    DISPATCH_ENDED,
    DISPATCH_LEVELS,
    DISPATCH_RECEIPTS_TOPIC,
    DISPATCH_SENT,
    DISPATCH_SIGNED,
    INTAKES,
    RECEIVING_LEVELS,
    RECORD_SUBMITTED,
    dispatch_topic,
    inbox_topic,
)
from common.contracts.topics import DISPATCH_RECEIPTS_GROUP, DISPATCHING_GROUP, dispatch_group, tier_group
from common.directory import directory_runner, directory_topics
from common.divisions import Level
from common.process import Context, Job, forget_old_keys
from sync.dispatches.consumers import dispatch_tier, dispatching, keep_directory, keep_receipts
from sync.dispatches.jobs import following_job, reminding_job
from sync.dispatches.service import Site
from sync.records.consumers import intake, tier
from sync.records.directory import DirectoryCheck
from sync.records.domain import intake_contracts, intake_topics
from sync.records.pace import Pace
from sync.settings import SyncSettings

PACED_PAGE = 250
"""Records of one transaction of a paced intake: what a case waits behind at most, beside `MOST_WAITING`."""

DISPATCH_PAGE = 100
"""Dispatches of one transaction: each carries its whole payload, and a town hands each on to some twenty villages."""


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of this site: from the origin upward, then from the sender downward."""
    settings = cast("SyncSettings", context.settings)
    runners = [directory_runner(context.bus, context.db, service=context.name, handler=keep_directory)]
    if settings.sync_intake:
        runners += [_intake_runner(context, settings, group) for group in INTAKES]
    run = settings.sync_tiers if settings.sync_run_tiers is None else settings.sync_run_tiers
    carried = [level for level in settings.sync_tiers if level in run]
    receiving = [level for level in reversed(carried) if level in RECEIVING_LEVELS]
    runners += [_tier_runner(context, settings, level) for level in receiving]
    return [*runners, *_downward(context, settings, carried)]


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""
    settings = cast("SyncSettings", context.settings)
    site = _site(settings)
    return (
        forget_old_keys(context),
        following_job(context, site),
        reminding_job(context, site, settings.sync_remind_days),
    )


def _site(settings: SyncSettings) -> Site:
    return Site(settings.sync_tiers, settings.sync_division)


def _downward(context: Context, settings: SyncSettings, carried: Sequence[Level]) -> list[ConsumerRunner]:
    """Every site keeps receipts, where what is no tier's is carried: whoever has sent counts what comes back."""
    site = _site(settings)

    def runner(group: str, topics: Sequence[str], types: Sequence[str], handler: Handler, page: int) -> ConsumerRunner:
        return ConsumerRunner(
            context.bus,
            context.db,
            service="sync",
            group=group,
            topics=topics,
            handler=handler,
            accepts=contracts_of(types),
            wake=context.wake,
            max_messages=min(page, settings.sync_batch_size),
        )

    topics, types = [record.topic for record in DISPATCHABLE], [record.type for record in DISPATCHABLE]
    runners = [
        runner(
            dispatch_group(level),
            [dispatch_topic(level)],
            [DISPATCH_SENT, DISPATCH_ENDED],
            dispatch_tier(level, site),
            DISPATCH_PAGE,
        )
        for level in carried
        if level in DISPATCH_LEVELS
    ]
    receipts = runner(
        DISPATCH_RECEIPTS_GROUP,
        [DISPATCH_RECEIPTS_TOPIC],
        [DISPATCH_DELIVERED, DISPATCH_SIGNED],
        keep_receipts,
        settings.sync_batch_size,
    )
    if not settings.sync_intake:
        return runners if settings.sync_run_tiers else [*runners, receipts]
    return [runner(DISPATCHING_GROUP, topics, types, dispatching(site), DISPATCH_PAGE), *runners, receipts]


def _directory_check(context: Context) -> DirectoryCheck:
    async def registry_ends() -> Mapping[TopicPartition, int]:
        return await context.bus.end_offsets(directory_topics())

    return DirectoryCheck(registry_ends)


def _intake_runner(context: Context, settings: SyncSettings, group: str) -> ConsumerRunner:
    is_paced = INTAKES[group].is_paced
    pace = Pace(settings.sync_tiers, context.bus.end_offsets) if is_paced else None
    return ConsumerRunner(
        context.bus,
        context.db,
        service="sync",
        group=group,
        topics=intake_topics(group),
        handler=intake(settings.sync_tiers, _directory_check(context)),
        before=None if pace is None else pace.wait,
        accepts=intake_contracts(group),
        wake=context.wake,
        max_messages=min(settings.sync_batch_size, PACED_PAGE) if is_paced else settings.sync_batch_size,
    )


def _tier_runner(context: Context, settings: SyncSettings, level: Level) -> ConsumerRunner:
    return ConsumerRunner(
        context.bus,
        context.db,
        service="sync",
        group=tier_group(level),
        topics=[inbox_topic(level)],
        handler=tier(level, _directory_check(context)),
        accepts=contracts_of([RECORD_SUBMITTED]),
        wake=context.wake,
        max_messages=settings.sync_batch_size,
    )
