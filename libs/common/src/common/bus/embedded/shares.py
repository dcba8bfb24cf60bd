"""Who of a group should own which partition; pure, so that every process comes to the same answer."""

from collections.abc import Collection, Mapping, Sequence


def share_out(
    members: Sequence[tuple[int, Collection[int]]], partitions: Mapping[int, Sequence[int]]
) -> dict[int, frozenset[int]]:
    """Deals the partitions of all topics out among the members that read the topic, evenly.

    Args:
        members: (member id, topic ids it reads); the order does not matter.
        partitions: topic id → its partition ids.

    Returns:
        Member id → partition ids.
    """
    shares: dict[int, set[int]] = {member: set() for member, _ in members}
    for topic in sorted(partitions):
        eligible = sorted(member for member, topics in members if topic in topics)
        if not eligible:
            continue
        for partition in sorted(partitions[topic]):
            least = min(eligible, key=lambda member: (len(shares[member]), member))
            shares[least].add(partition)
    return {member: frozenset(share) for member, share in shares.items()}
