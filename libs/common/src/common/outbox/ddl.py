"""The tables of the outbox, as a service's first migration creates them."""

from common.outbox.partitions import PARTITION_ROWS, PARTITIONS_AHEAD, partition_ddl

_TABLES = (
    "CREATE SEQUENCE outbox_id_seq AS bigint CACHE 1",
    """
    CREATE TABLE outbox (
        id bigint NOT NULL DEFAULT nextval('outbox_id_seq'),
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        topic text NOT NULL,
        event_id uuid NOT NULL,
        type text NOT NULL,
        source text NOT NULL,
        subject text NOT NULL,
        "time" timestamptz NOT NULL,
        division char(12) COLLATE "C" NOT NULL,
        level text NOT NULL,
        recordversion integer NOT NULL,
        partitionkey text NOT NULL,
        traceparent text,
        data text NOT NULL,
        CONSTRAINT pk_outbox PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    "CREATE INDEX ix_outbox_xid ON outbox (xid)",
    """
    CREATE TABLE relay_state (
        singleton boolean NOT NULL DEFAULT true,
        lo xid8 NOT NULL DEFAULT '0',
        hi xid8,
        last_id bigint NOT NULL DEFAULT 0,
        CONSTRAINT pk_relay_state PRIMARY KEY (singleton),
        CONSTRAINT ck_relay_state_singleton CHECK (singleton)
    )
    """,
    "INSERT INTO relay_state DEFAULT VALUES",
)

OUTBOX_DDL: tuple[str, ...] = (
    *_TABLES,
    *(partition_ddl(number) for number in range(PARTITIONS_AHEAD + 1)),
)
"""Statements in order; partition n holds ids [n, n + 1) x PARTITION_ROWS."""

__all__ = ["OUTBOX_DDL", "PARTITION_ROWS"]
