"""The server's log must not become a second store of personal data."""

import os
import signal
import subprocess
import time

import pytest

from onebox.postgres import PostgresError

_SECRET = "440101199001011234"


def test_failed_statements_leave_no_values_in_the_log(server):
    server.start()
    server.run_sql(
        "postgres", f"CREATE TABLE people (id_number text PRIMARY KEY); INSERT INTO people VALUES ('{_SECRET}')"
    )
    for statement in (
        f"INSERT INTO people VALUES ('{_SECRET}')",
        f"SELECT '{_SECRET}x'::uuid",
        f"SELECT * FROM people WHERE id_number = '{_SECRET}' AND nonsense",
        f"DO $$ BEGIN RAISE WARNING '{_SECRET}'; RAISE EXCEPTION '{_SECRET}'; END $$",
    ):
        with pytest.raises(PostgresError):
            server.run_sql("postgres", statement)
    assert _SECRET not in server.log_file.read_text()


def test_a_crash_of_a_session_does_not_log_what_it_was_doing(server):
    server.start()
    query = f"SELECT pg_sleep(60), '{_SECRET}'"
    with subprocess.Popen(
        [server.binaries / "psql", "-X", "-d", server.url("postgres"), "-c", query],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as session:
        busy = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        deadline = time.monotonic() + 20
        while not (found := server.run_sql("postgres", busy).strip()):
            assert time.monotonic() < deadline
        os.kill(int(found), signal.SIGKILL)
        session.wait(20)
    deadline = time.monotonic() + 20
    while "terminated by signal 9" not in server.log_file.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert _SECRET not in server.log_file.read_text()


def test_a_long_log_is_put_aside_at_the_next_start(server):
    server.start()
    server.stop()
    with server.log_file.open("ab") as log:
        log.truncate(6_000_000)
    server.start()
    assert server.log_file.stat().st_size < 100_000
    assert server.log_file.with_suffix(".log.1").stat().st_size == 6_000_000
