"""Rules of purchases of services: term, overlap, acceptance. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from common.contracts.registry.offices import ServiceContractState
from registry.offices.domain import OfficeKind, runs_on
from registry.service_contracts.errors import (
    AcceptanceRefused,
    ContractAccepted,
    ContractOverlaps,
    ContractRefused,
    ContractTermRefused,
)

ACCEPTANCE_LABELS: Mapping[str, str] = {
    "accepted": "验收合格",
    "accepted_with_faults": "验收基本合格",
    "refused": "验收不合格",
}

__all__ = ["ACCEPTANCE_LABELS", "require_acceptable", "require_apart", "require_buyer", "require_open", "runs_on"]


def require_buyer(kind: OfficeKind) -> None:
    """Stations mainly, and towns' offices for new staff without establishment, buy services; bureaus do not here.

    Source: O1.2b, O1.4d.

    Raises:
        ContractRefused: it is a bureau.
    """
    if kind is OfficeKind.BUREAU:
        raise ContractRefused


def last_day(contract: ServiceContractState) -> date:
    """The last day on which the contract runs; before its first, if it was ended before it began.

    Source: O1.2b.
    """
    if contract.terminated_on is None:
        return contract.ends_on
    return min(contract.ends_on, contract.terminated_on - timedelta(days=1))


def require_apart(
    contract: ServiceContractState,
    others: Iterable[ServiceContractState],
    *,
    before: ServiceContractState | None = None,
) -> None:
    """One contract at a time for each office.

    Contracts of offices that came together may overlap; these can still be corrected and ended.

    Source: O1.2b.

    Args:
        before: the contract as it stood; only the days on which it did not run yet are judged.

    Raises:
        ContractTermRefused: it ends before it begins.
        ContractOverlaps: another one runs on one of its new days.
    """
    if contract.ends_on < contract.starts_on:
        raise ContractTermRefused("合同终止日期早于起始日期")
    if contract.terminated_on is not None and not contract.starts_on <= contract.terminated_on <= contract.ends_on:
        raise ContractTermRefused("提前终止日期不在合同期限内")
    spans = _new_days(contract, before)
    for other in others:
        starts_on, ends_on = other.starts_on, last_day(other)
        if other.id != contract.id and any(max(first, starts_on) <= min(last, ends_on) for first, last in spans):
            raise ContractOverlaps(starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())


def _new_days(contract: ServiceContractState, before: ServiceContractState | None) -> list[tuple[date, date]]:
    """First and last day of what a change adds; nothing is added where the last one comes before the first."""
    first, last = contract.starts_on, last_day(contract)
    if before is None:
        return [(first, last)]
    one = timedelta(days=1)
    return [(first, min(last, before.starts_on - one)), (max(first, last_day(before) + one), last)]


def require_open(contract: ServiceContractState) -> None:
    """What was accepted, or refused, stays as it was.

    Source: O1.2b.

    Raises:
        ContractAccepted: it was.
    """
    if contract.acceptance is not None:
        raise ContractAccepted


def require_acceptable(contract: ServiceContractState, accepted_on: date, *, today: date) -> None:
    """Accepted once, from the first day of the contract on, and not in advance.

    Source: O1.2b.

    Raises:
        ContractAccepted: it was already.
        AcceptanceRefused: before the start, or after today.
    """
    require_open(contract)
    if not contract.starts_on <= accepted_on <= today:
        detail = f"验收日期应在{contract.starts_on.isoformat()}至{today.isoformat()}之间"
        raise AcceptanceRefused(detail, earliest=contract.starts_on.isoformat(), latest=today.isoformat())
