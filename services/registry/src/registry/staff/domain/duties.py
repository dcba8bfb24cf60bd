"""The person × duty matrix (一岗多责): who does what, and what nobody does. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.contracts.registry.people import StaffMemberState
from common.policy import Option, ParameterNotInForce, parameter
from registry.staff.domain.posts import is_held


@dataclass(frozen=True, slots=True)
class DutyMatrix:
    """An office's posts against the duties of a day.

    Attributes:
        duties: of the policy on that day; empty before there was one.
        posts: held on that day.
        uncovered: duties that nobody has.
        duties_per_post_min: what a post should have (soft); None before there was a rule.
        thin_posts: ids of posts that have fewer.
    """

    on: date
    duties: tuple[Option, ...]
    posts: tuple[StaffMemberState, ...]
    uncovered: tuple[str, ...]
    duties_per_post_min: int | None
    thin_posts: tuple[StaffMemberState, ...]

    def holders_of(self, duty: str) -> tuple[StaffMemberState, ...]:
        """The posts that have the duty."""
        return tuple(post for post in self.posts if duty in post.duties)


def duty_matrix(posts: Sequence[StaffMemberState], *, on: date) -> DutyMatrix:
    """Which duties the posts of a day cover, and which posts have fewer than the policy of that day wants.

    Source: O3.2a, O1.1a.
    """
    held = tuple(post for post in posts if is_held(post, on))
    try:
        duties, least = parameter("duties", on=on).options, parameter("duties_per_post_min", on=on).number
    except ParameterNotInForce:
        return DutyMatrix(on, (), held, (), None, ())
    covered = {duty for post in held for duty in post.duties}
    return DutyMatrix(
        on=on,
        duties=duties,
        posts=held,
        uncovered=tuple(option.code for option in duties if option.code not in covered),
        duties_per_post_min=least,
        thin_posts=tuple(post for post in held if len(set(post.duties)) < least),
    )
