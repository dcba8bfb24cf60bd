"""Who may do what with windows, slots, bookings and tickets."""

from common.auth import Actor, Role
from common.uow import UnitOfWork

STAFF = (Role.STATION_AGENT, Role.WINDOW_CLERK, Role.OFFICE_HEAD)
HEADS = (Role.OFFICE_HEAD,)
BOOKERS = (*STAFF, Role.CITIZEN)
READERS = (*STAFF, Role.BUREAU_SUPERVISOR, Role.CITIZEN)
TAKERS = (*STAFF, Role.SYSTEM_CLIENT)
"""A ticket is drawn at the office: by its staff, or by the machine that stands there."""
DISCLOSERS = (Role.WINDOW_CLERK, Role.OFFICE_HEAD)
ARRIVERS = (*TAKERS, Role.CITIZEN)


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts."""
    assert uow.actor is not None, "use cases of appointments act for somebody"  # noqa: S101
    return uow.actor


def is_citizen(actor: Actor) -> bool:
    """Who is of no office's staff owns what they booked and nothing else, wherever their token places them."""
    return actor.has_role(Role.CITIZEN) and not actor.has_role(*STAFF)
