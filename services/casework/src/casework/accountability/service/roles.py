"""Who oversees whom; administrators and auditors take no part in accountability of persons.

Source: O4.3d; architecture.md §6.
"""

from casework.accountability.domain import Asker
from common.auth import Actor, Role

OVERSEERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)


def asker_of(actor: Actor) -> Asker:
    """The actor as the rules see them."""
    return Asker(
        subject=actor.subject,
        division=actor.division,
        is_head=actor.has_role(Role.OFFICE_HEAD),
        is_supervisor=actor.has_role(Role.BUREAU_SUPERVISOR),
    )
