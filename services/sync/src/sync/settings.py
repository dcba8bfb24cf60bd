"""What sync is told by its environment: which tiers this site hosts, and whether records start here."""

from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import NoDecode

from common.divisions import LEVELS, Level, is_code
from common.settings import ServiceSettings


class SyncSettings(ServiceSettings):
    """省集中: one site hosts all five tiers. Federated: a city hosts city to village, the province itself.

    Attributes:
        sync_tiers: `SYNC_TIERS`, comma list of levels; the tier of the village is the intake of its own records.
        sync_intake: `SYNC_INTAKE`, whether this site's services make records (their domain topics are on its bus).
        sync_run_tiers: `SYNC_RUN_TIERS`, those of the site's tiers that this process carries; all of them if not set.
            `none` for the process that carries what is no tier's: intake, dispatching, receipts.
        sync_batch_size: `SYNC_BATCH_SIZE`, upper bound of one transaction in records.
        sync_division: `SYNC_DIVISION`, whose subtree a federated site acts for; the whole province if not set, which
            only the site of the province's tier may leave out.
        sync_remind_days: `SYNC_REMIND_DAYS`, comma list: so many days before the day to sign by are nodes reminded that
            have not signed; on that day itself they always are.
    """

    sync_tiers: Annotated[tuple[Level, ...], NoDecode] = LEVELS
    sync_intake: bool = True
    sync_run_tiers: Annotated[tuple[Level, ...] | None, NoDecode] = None
    sync_batch_size: Annotated[int, Field(ge=1, le=20_000)] = 2_000
    sync_division: str | None = None
    sync_remind_days: Annotated[tuple[Annotated[int, Field(ge=0, le=365)], ...], NoDecode] = (3,)

    @field_validator("sync_tiers", "sync_remind_days", mode="before")
    @classmethod
    def _split_list(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("sync_run_tiers", mode="before")
    @classmethod
    def _none_or_some(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip() == "none":
            return ()
        if not (named := tuple(part.strip() for part in value.split(",") if part.strip())):
            msg = "must name at least one level, or say none"
            raise ValueError(msg)
        return named

    @field_validator("sync_run_tiers")
    @classmethod
    def _top_down(cls, value: tuple[Level, ...] | None) -> tuple[Level, ...] | None:
        return None if value is None else tuple(level for level in LEVELS if level in value)

    @field_validator("sync_tiers")
    @classmethod
    def _top_down_once(cls, value: tuple[Level, ...]) -> tuple[Level, ...]:
        if not value:
            msg = "must name at least one level"
            raise ValueError(msg)
        return tuple(level for level in LEVELS if level in value)

    @field_validator("sync_division")
    @classmethod
    def _division(cls, value: str | None) -> str | None:
        if value is not None and not is_code(value):
            msg = "must be a division code"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _knows_its_place(self) -> Self:
        """A city's site that takes itself for the whole province would answer for nodes of others."""
        if Level.PROVINCE not in self.sync_tiers and self.sync_division is None:
            msg = "SYNC_DIVISION must name whose subtree this site acts for: SYNC_TIERS does not host the province"
            raise ValueError(msg)
        return self
