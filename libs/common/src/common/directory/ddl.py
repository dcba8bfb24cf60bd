"""The tables of the copy, as a service's first migration creates them."""

DIRECTORY_DDL: tuple[str, ...] = (
    """
    CREATE TABLE directory_divisions (
        id uuid NOT NULL,
        code char(12) COLLATE "C" NOT NULL,
        level text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        parent_code char(12) COLLATE "C",
        valid_from date NOT NULL,
        valid_to date,
        version integer NOT NULL,
        CONSTRAINT pk_directory_divisions PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_directory_divisions_code ON directory_divisions (code)",
    """
    CREATE TABLE directory_offices (
        id uuid NOT NULL,
        division char(12) COLLATE "C" NOT NULL,
        level text NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        status text NOT NULL,
        version integer NOT NULL,
        CONSTRAINT pk_directory_offices PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_directory_offices_division ON directory_offices (division)",
)
