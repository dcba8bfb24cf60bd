"""The table behind Idempotency-Key, as a service's first migration creates it."""

IDEMPOTENCY_DDL: tuple[str, ...] = (
    """
    CREATE TABLE idempotency_keys (
        actor_subject text NOT NULL,
        key text NOT NULL,
        route text NOT NULL,
        request_digest bytea NOT NULL,
        status bigint,
        headers text,
        body bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (actor_subject, key)
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys USING brin (created_at)",
)
"""Statements in order. A row is claimed and answered inside the transaction of the write itself, so that a row
without an answer is never visible to anybody else."""

create_idempotency_table_sql: str = ";\n".join(IDEMPOTENCY_DDL) + ";\n"
"""The same as one script."""
