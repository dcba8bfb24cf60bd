"""The adapter's tables and the statements that the others share."""

from typing import Any

SCHEMA_LOCK = 0x4A43_B005
CHANNEL = "jiceng_bus"
"""One channel: 'm <topic ids>' after an append, 'g <group id>' when a group's members or owners change."""

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE IF NOT EXISTS bus_topic (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_bus_topic PRIMARY KEY,
        name text COLLATE "C" NOT NULL CONSTRAINT uq_bus_topic_name UNIQUE,
        retention_hours integer
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS bus_partition (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_bus_partition PRIMARY KEY,
        topic_id integer NOT NULL CONSTRAINT fk_bus_partition_topic REFERENCES bus_topic,
        number integer NOT NULL,
        begin_offset bigint NOT NULL DEFAULT 0,
        next_offset bigint NOT NULL DEFAULT 0,
        CONSTRAINT uq_bus_partition_number UNIQUE (topic_id, number)
    ) WITH (fillfactor = 20)
    """,
    """
    CREATE TABLE IF NOT EXISTS bus_message (
        partition_id integer NOT NULL,
        "offset" bigint NOT NULL,
        at_ms bigint NOT NULL,
        key bytea NOT NULL,
        value bytea NOT NULL,
        headers bytea NOT NULL,
        CONSTRAINT pk_bus_message PRIMARY KEY (partition_id, "offset")
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS bus_group (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_bus_group PRIMARY KEY,
        name text COLLATE "C" NOT NULL CONSTRAINT uq_bus_group_name UNIQUE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS bus_session (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_bus_session PRIMARY KEY,
        backend_pid integer NOT NULL,
        backend_start timestamptz NOT NULL,
        beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
    ) WITH (fillfactor = 20)
    """,
    """
    CREATE TABLE IF NOT EXISTS bus_member (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_bus_member PRIMARY KEY,
        session_id bigint NOT NULL CONSTRAINT fk_bus_member_session REFERENCES bus_session ON DELETE CASCADE,
        group_id integer NOT NULL,
        topic_ids integer[] NOT NULL
    )
    """,
)

# One statement, one round trip, one transaction: nobody holds a head's lock across a pause of this process.
# The heads are locked in id order, so that two producers never wait for each other; under READ COMMITTED the locked
# rows are the latest ones, so that offsets have no gaps; the lock lasts until commit, so that a reader who sees the
# head sees every message below it.
APPEND = """
WITH locked AS MATERIALIZED (
    SELECT id, next_offset FROM bus_partition WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE
), moved AS (
    UPDATE bus_partition p SET next_offset = l.next_offset + w.count
      FROM locked l JOIN unnest($1::int[], $2::bigint[]) AS w(id, count) USING (id)
     WHERE p.id = l.id
    RETURNING p.id, l.next_offset AS base, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at_ms
)
INSERT INTO bus_message (partition_id, "offset", at_ms, key, value, headers)
SELECT m.id, moved.base + m.place, moved.at_ms, m.key, m.value, m.headers
  FROM unnest($3::int[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[]) AS m(id, place, key, value, headers)
  JOIN moved USING (id)
"""

HEADS = "SELECT id, begin_offset, next_offset FROM bus_partition WHERE id = ANY($1::int[])"

READ = """
SELECT id, "offset", at_ms, key, value, headers FROM (
    SELECT w.id, m."offset", m.at_ms, m.key, m.value, m.headers, w.turn, octet_length(m.value) AS size,
           sum(octet_length(m.value)) OVER (ORDER BY w.turn, m."offset") AS total
      FROM unnest($1::int[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w(id, low, high, turn)
     CROSS JOIN LATERAL (
        SELECT * FROM bus_message
         WHERE partition_id = w.id AND "offset" >= w.low AND "offset" < w.high
         ORDER BY "offset" LIMIT w.high - w.low
     ) m
) read WHERE total - size < $4 ORDER BY turn, "offset"
"""

DROP_OLD = """
WITH bound AS (
    SELECT max("offset") + 1 AS first_kept
      FROM (SELECT "offset", at_ms FROM bus_message WHERE partition_id = $1 ORDER BY "offset" LIMIT $3) oldest
     WHERE at_ms < $2
), moved AS (
    UPDATE bus_partition p SET begin_offset = b.first_kept FROM bound b
     WHERE p.id = $1 AND p.begin_offset < b.first_kept
    RETURNING p.begin_offset
)
DELETE FROM bus_message m USING moved WHERE m.partition_id = $1 AND m."offset" < moved.begin_offset
"""


async def create_tables(conn: Any) -> None:
    """Creates what is missing; any number of processes may do so at once."""
    async with conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock($1)", SCHEMA_LOCK)
        for statement in TABLES:
            await conn.execute(statement)
