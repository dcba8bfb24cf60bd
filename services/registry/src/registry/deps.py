"""What endpoints ask for, by name."""

from common.http import AsOf, CurrentActor, Idempotency, IfMatch, IsoDay, Paging, ReadSession, Uow

__all__ = ["AsOf", "CurrentActor", "Idempotency", "IfMatch", "IsoDay", "Paging", "ReadSession", "Uow"]
