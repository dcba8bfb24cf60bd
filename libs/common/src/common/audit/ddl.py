"""The tables of the audit, as a service's first migration creates them."""

AUDIT_DDL: tuple[str, ...] = (
    """
    CREATE TABLE audit_entries (
        id bigint GENERATED ALWAYS AS IDENTITY,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor text NOT NULL,
        actor_division char(12) COLLATE "C",
        action text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        division char(12) COLLATE "C",
        reason text,
        trace_id text,
        CONSTRAINT pk_audit_entries PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_audit_entries_xid ON audit_entries (xid)",
    "CREATE INDEX ix_audit_entries_object_id ON audit_entries (object_id)",
    """
    CREATE TABLE audit_seals (
        seq bigint NOT NULL,
        entry_id bigint NOT NULL,
        hash bytea NOT NULL,
        sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_audit_seals PRIMARY KEY (seq),
        CONSTRAINT uq_audit_seals_entry_id UNIQUE (entry_id)
    )
    """,
    """
    CREATE TABLE audit_state (
        singleton boolean NOT NULL DEFAULT true,
        lo xid8 NOT NULL DEFAULT '0',
        hi xid8,
        last_id bigint NOT NULL DEFAULT 0,
        CONSTRAINT pk_audit_state PRIMARY KEY (singleton),
        CONSTRAINT ck_audit_state_singleton CHECK (singleton)
    )
    """,
    "INSERT INTO audit_state DEFAULT VALUES",
    """
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
        for table in ("audit_entries", "audit_seals")
    ),
)
