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

HEIRS_DDL: tuple[str, ...] = (
    """
    CREATE TABLE directory_heirs (
        code char(12) COLLATE "C" NOT NULL,
        heir char(12) COLLATE "C" NOT NULL,
        CONSTRAINT pk_directory_heirs PRIMARY KEY (code)
    )
    """,
    "CREATE INDEX ix_directory_heirs_heir ON directory_heirs (heir)",
)
"""Retired code → the code that has its office and its routes today. Source: ADR 0014."""

REACH_DDL: tuple[str, ...] = (
    """
    ALTER TABLE directory_offices
        ADD COLUMN uscc text, ADD COLUMN phone text, ADD COLUMN guidance_division char(12) COLLATE "C",
        ADD COLUMN reach_version integer
    """,
)
"""How an office is reached and who guides it; `reach_version` is the version that these columns were taken from.

Rows of before have none, and neither has what a release of before writes beside this one: such offices are read again
from the registry's topic, which keeps everything (see `feed.find_untold`). Nothing is lost or emptied meanwhile.
"""
