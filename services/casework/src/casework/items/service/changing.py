"""Changing the catalogue: the province defines, lower levels shorten, facts are confirmed. Source: O4.1b."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.items.domain import (
    Definition,
    ItemChanges,
    confirm_fact,
    promise_in_force,
    redefine,
    require_change_day,
    require_consistent,
    require_end,
    require_shorter,
    terms_of,
)
from casework.items.errors import BasicCodeTaken, ItemNotFound
from casework.items.repository import Items, definition_of, local_promises_of
from casework.items.service.publishing import Published, publish
from casework.items.service.reading import ItemGuide, LocalPromiseMade, get_item
from common.auth import Actor, Role, require_role, require_scope
from common.clock import today
from common.contracts.casework.cases import Limit
from common.directory import require_division
from common.divisions import Level, node_at, parent_of
from common.errors import PreconditionFailed
from common.uow import UnitOfWork

PROMISERS = (Role.ADMINISTRATOR, Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change rests on.

    Attributes:
        effective_on: first Beijing day of it; None for as early as may be.
    """

    document: str
    reason: str
    effective_on: date | None


async def change_item(
    uow: UnitOfWork, *, actor: Actor, code: str, expected_version: int, changes: ItemChanges, basis: Basis
) -> ItemGuide:
    """Lays down a new version of an item; the province alone defines it, for all levels.

    Source: O4.1b, O4.3e.

    Raises:
        RoleRequired, OutOfScope: not an administrator of the province.
        ItemNotFound, PreconditionFailed: no such item; somebody was faster.
        ChangeTooEarly, DefinitionInconsistent, BasicCodeTaken: it cannot be so.

    Events: casework.publication.changed.v1.
    Locks: the item.
    """
    newest, definition = await _hold(uow, actor=actor, code=code, expected_version=expected_version)
    effective_on = _day_of(basis, newest)
    changed = redefine(definition, changes, document=basis.document, on=effective_on)
    require_consistent(changed)
    ends_on = changes["effective_to"] if "effective_to" in changes else _end_of(newest, effective_on)
    require_end(effective_on, ends_on)
    if "basic_code" in changes and await Items(uow.conn).is_basic_code_taken(changes["basic_code"], by_other_than=code):
        raise BasicCodeTaken(basic_code=changes["basic_code"])
    validity = (effective_on, ends_on)
    return await _add(uow, actor=actor, newest=newest, definition=changed, validity=validity, basis=basis)


async def confirm_item_fact(
    uow: UnitOfWork,
    *,
    actor: Actor,
    code: str,
    expected_version: int,
    fact: tuple[str, Any],
    settles: list[str],
    basis: Basis,
) -> ItemGuide:
    """Confirms one fact of an item as it stands, in a new version.

    Source: O4.1b, O4.3e.

    Args:
        fact: its name and the mark that it earns, V or P.
        settles: notes that are settled by it, word by word.

    Raises:
        FactUnknown, FactConfirmed: nothing to confirm.
        The same as change_item.

    Events: casework.publication.changed.v1.
    Locks: the item.
    """
    newest, definition = await _hold(uow, actor=actor, code=code, expected_version=expected_version)
    effective_on = _day_of(basis, newest)
    field, mark = fact
    changed = confirm_fact(
        definition, field=field, mark=mark, document=basis.document, settles=settles, on=effective_on
    )
    validity = (effective_on, _end_of(newest, effective_on))
    return await _add(uow, actor=actor, newest=newest, definition=changed, validity=validity, basis=basis)


async def promise_shorter(
    uow: UnitOfWork, *, actor: Actor, code: str, division: str, limit: Limit, basis: Basis
) -> LocalPromiseMade:
    """A city, county or town promises less time, for itself and all below it.

    Source: O4.1b, O4.3e.

    Raises:
        RoleRequired, OutOfScope: not this actor's to promise.
        DivisionUnknown, DivisionRetired, ItemNotFound: no such place, no such item.
        PromiseOfThisLevel, PromiseOfOtherUnit, PromiseNotShorter: it is no shortening.
        ChangeTooEarly: before today, or before the promise that it follows.

    Events: casework.publication.changed.v1.
    Locks: the item.
    """
    require_role(actor, *PROMISERS)
    require_scope(actor, division)
    await require_division(uow.conn, division)
    items = Items(uow.conn)
    if await items.hold(code) is None:
        raise ItemNotFound
    own = [row for row in await items.promises(code) if row["division"] == division]
    effective_on = basis.effective_on or max([today(), *(row["effective_from"] for row in own)])
    require_change_day(effective_on, today=today(), follows=max([date.min, *(row["effective_from"] for row in own)]))
    above = await items.find(code, on=effective_on, division=parent_of(division))
    assert above is not None, "the item is held"  # noqa: S101
    terms = terms_of(above["terms_text"])
    held = promise_in_force(terms, local_promises_of(above["item_promises"]))
    require_shorter(limit, division=division, above=held, statutory=terms.statutory)
    number = max([0, *(row["number"] for row in own)]) + 1
    await items.add_promise(
        code, division, number=number, effective_from=effective_on, limit=limit, document=basis.document
    )
    published = Published("item_promise", code, number, f"{above['name']}：承诺办结时限", basis.document, effective_on)
    await publish(uow, published, division=division, reason=basis.reason)
    return LocalPromiseMade(code, division, number, effective_on, limit, basis.document)


async def _hold(uow: UnitOfWork, *, actor: Actor, code: str, expected_version: int) -> tuple[Any, Definition]:
    require_role(actor, Role.ADMINISTRATOR)
    province = node_at(actor.division, Level.PROVINCE)
    assert province is not None, "every division lies in a province"  # noqa: S101
    require_scope(actor, province)
    newest = await Items(uow.conn).hold(code)
    if newest is None:
        raise ItemNotFound
    if newest["version"] != expected_version:
        raise PreconditionFailed(current_version=newest["version"])
    return newest, definition_of(newest)


def _day_of(basis: Basis, newest: Any) -> date:
    effective_on = basis.effective_on or max(today(), newest["effective_from"])
    require_change_day(effective_on, today=today(), follows=newest["effective_from"])
    return effective_on


def _end_of(newest: Any, effective_on: date) -> date | None:
    """The end that the version before had, unless it is over: then the item is offered again."""
    ends_on: date | None = newest["effective_to"]
    return None if ends_on is None or ends_on <= effective_on else ends_on


async def _add(
    uow: UnitOfWork,
    *,
    actor: Actor,
    newest: Any,
    definition: Definition,
    validity: tuple[date, date | None],
    basis: Basis,
) -> ItemGuide:
    version, effective_on = newest["version"] + 1, validity[0]
    await Items(uow.conn).add_version(
        definition,
        version=version,
        validity=validity,
        origin="province",
        document=basis.document,
        reason=basis.reason,
    )
    published = Published("item_version", definition.code, version, definition.name, basis.document, effective_on)
    await publish(uow, published, division=actor.division, reason=basis.reason)
    return await get_item(uow.conn, definition.code, on=effective_on, division=None)
