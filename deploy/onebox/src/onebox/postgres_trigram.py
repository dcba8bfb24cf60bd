"""Proof that a database finds Chinese text by trigrams: silently it would find nothing."""

import json

from onebox.postgres_place import PostgresError

# One transaction, rolled back at the end except for the extension: nothing stays behind.
PROBE_SQL = """\
CREATE EXTENSION IF NOT EXISTS pg_trgm;
BEGIN;
CREATE TEMPORARY TABLE trigram_probe ON COMMIT DROP AS
    SELECT number, format('第%s村公共就业服务站', number) AS name FROM generate_series(1, 2000) AS number;
INSERT INTO trigram_probe VALUES (0, '梅州市五华县龙村镇人力资源和社会保障服务所');
CREATE INDEX trigram_probe_name ON trigram_probe USING gin (name gin_trgm_ops);
ANALYZE trigram_probe;
SELECT json_build_object('trigrams', cardinality(show_trgm('龙村镇人力资源')),
                         'similarity', similarity('龙村镇人力资源', '龙村镇人力资源和社会保障服务所'));
SELECT json_build_object('found', array_agg(number)) FROM trigram_probe WHERE name LIKE '%龙村镇人力资源%';
EXPLAIN (FORMAT JSON, COSTS OFF) SELECT number FROM trigram_probe WHERE name LIKE '%龙村镇人力资源%';
ROLLBACK;
"""


def judge_probe(output: str) -> None:
    """Read the probe's answer (`psql -At` output).

    Raises:
        PostgresError: trigrams ignore Chinese, the search misses the row, or it does not use the index.
    """
    lines = output.strip().splitlines()
    facts, found = json.loads(lines[0]), json.loads(lines[1])
    if not facts["trigrams"] or not 0 < facts["similarity"] < 1:
        raise PostgresError(
            "Trigram search ignores Chinese in this database: its lc_ctype must be a UTF-8 locale such as C.UTF-8."
        )
    if found["found"] != [0]:
        raise PostgresError("Trigram search in this database does not find the Chinese text that is there.")
    if "trigram_probe_name" not in "".join(lines[2:]):
        raise PostgresError("Trigram search in this database does not use its index for Chinese text.")
