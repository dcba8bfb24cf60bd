"""The life of a PostgreSQL server: start, stop, crash, start again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from guard import GuardedProcess, launcher_command
from onebox import postgres as supervisor
from onebox.postgres import PostgresError, PostgresServer, ServerAlreadyRunning, ServerOptions, check_chinese_trigram
from onebox.postgres_cluster import settings_for
from onebox.postgres_place import identity_for
from onebox.postgres_process import child_environment, processes_of

_FAST = ServerOptions(durable=False, shared_buffers_mb=16, max_connections=20)
_HOLD_AND_TELL = """
import sys, time
from pathlib import Path
from onebox.postgres import PostgresServer, ServerOptions
server = PostgresServer(Path(sys.argv[1]), options=ServerOptions(durable=False, shared_buffers_mb=16))
server.start()
server.run_sql("postgres", "CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1)")
print(server.pid, flush=True)
time.sleep(600)
"""


def _wait_until(condition, timeout_seconds=20.0):
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _is_gone(process):
    """Ended; a container without a reaping init keeps it as a zombie."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def _kept(server):
    return server.run_sql("postgres", "SELECT count(*) FROM kept").strip()


def test_a_stopped_server_starts_again_with_its_rows(server):
    server.start()
    server.create_database("registry")
    server.run_sql("registry", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    server.stop()
    assert not server.is_running
    server.start()
    assert server.run_sql("registry", "SELECT id FROM kept").strip() == "1"


def test_starting_a_running_server_changes_nothing(server):
    server.start()
    before = server.pid
    server.start()
    assert server.pid == before


def test_a_killed_server_starts_again_with_every_committed_row(server):
    server.start()
    server.run_sql("postgres", "CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 5000)")
    os.kill(server.pid, signal.SIGKILL)
    _wait_until(lambda: not server.is_running)
    with pytest.raises(PostgresError, match="not running"):
        server.url("postgres")
    server.start()
    assert _kept(server) == "5000"


def test_a_stale_pid_that_now_belongs_to_a_stranger_is_not_trusted(server, open_dir):
    server.start()
    server.stop()
    # Under the server's own account, so that PostgreSQL itself would take the stranger for a living server.
    command = launcher_command(["/bin/sleep", "600"], identity_for(open_dir / "pg"), "--guard", "none")
    with subprocess.Popen(command) as stranger:
        try:
            _wait_until(lambda: psutil.Process(stranger.pid).name() == "sleep")
            pid_file = open_dir / "pg" / "postmaster.pid"
            pid_file.write_text(f"{stranger.pid}\n{open_dir / 'pg'}\n1700000000\n5432\n\n\n\nready\n")
            server.start()
            assert server.pid != stranger.pid
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_broken_pid_file_is_no_obstacle(server, open_dir):
    server.start()
    server.stop()
    (open_dir / "pg" / "postmaster.pid").write_text("not a number\n")
    server.start()
    assert server.is_running


def test_a_server_left_over_without_a_supervisor_is_ended_and_replaced(server, open_dir):
    server.start()
    server.run_sql("postgres", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    server.stop()
    settings = settings_for(_FAST, socket_dir=open_dir / "pg" / "socket", port=5432)
    command = [str(server.binaries / "postgres"), "-D", str(open_dir / "pg")]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    identity = identity_for(open_dir / "pg")
    with subprocess.Popen(
        launcher_command(command, identity, "--guard", "none"), env=child_environment(), stderr=subprocess.DEVNULL
    ) as orphan:
        _wait_until((open_dir / "pg" / "postmaster.pid").exists)
        server.start()
        assert orphan.wait(20) is not None
    assert _kept(server) == "1"


def test_a_server_dies_with_its_killed_supervisor_and_its_rows_stay(server, open_dir):
    command = [sys.executable, "-c", _HOLD_AND_TELL, str(open_dir / "pg")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        postmaster = psutil.Process(int(holder.stdout.readline()))
        with pytest.raises(ServerAlreadyRunning):
            server.start()
        holder.kill()
    _wait_until(lambda: not processes_of(open_dir / "pg"))
    assert _is_gone(postmaster)
    server.start()
    assert _kept(server) == "1"


def test_a_guarded_child_outlives_the_thread_that_asked_for_it(server):
    import threading

    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    assert server.run_sql("postgres", "SELECT 1").strip() == "1"


def test_a_hanging_server_is_stopped_within_a_bound(server, open_dir, monkeypatch):
    monkeypatch.setattr(supervisor, "_KILL_TIMEOUT_SECONDS", 0.5)
    server.start()
    os.kill(server.pid, signal.SIGSTOP)
    begun = time.monotonic()
    server.stop(timeout_seconds=0.5)
    assert time.monotonic() - begun < 10
    _wait_until(lambda: not processes_of(open_dir / "pg"))


def test_a_server_asked_to_stop_while_it_recovers_from_a_killed_session_stops(server):
    server.start()
    command = [str(server.binaries / "psql"), "-X", "-d", server.url("postgres"), "-c", "SELECT pg_sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        busy = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        _wait_until(lambda: server.run_sql("postgres", busy).strip())
        os.kill(int(server.run_sql("postgres", busy)), signal.SIGKILL)
        _wait_until(lambda: "reinitializing" in server.log_tail())
        begun = time.monotonic()
        server.stop()
    assert time.monotonic() - begun < 20
    server.start()


def test_a_failed_start_says_why_and_leaves_nothing_running(open_dir):
    broken = PostgresServer(open_dir / "pg", options=ServerOptions(durable=False, max_connections=-1))
    with pytest.raises(PostgresError, match="-1 is outside the valid range"):
        broken.start()
    assert not processes_of(open_dir / "pg")
    mended = PostgresServer(open_dir / "pg", options=_FAST)
    mended.start()
    mended.wipe()


def test_data_of_another_major_version_is_refused(server, open_dir):
    server.start()
    server.stop()
    (open_dir / "pg" / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresError, match="PostgreSQL 15"):
        server.start()


def test_a_folder_with_other_content_is_refused_and_untouched(open_dir):
    (open_dir / "pg").mkdir()
    (open_dir / "pg" / "thesis.txt").write_text("mine")
    with pytest.raises(PostgresError, match="not empty"):
        PostgresServer(open_dir / "pg", options=_FAST).start()
    assert [path.name for path in (open_dir / "pg").iterdir()] == ["thesis.txt"]


def test_a_half_made_cluster_of_a_crashed_start_is_cleared_away(server, open_dir):
    (open_dir / "pg.init-abc").mkdir()
    (open_dir / "pg.init-abc" / "PG_VERSION").write_text("18\n")
    server.start()
    assert sorted(path.name for path in open_dir.iterdir()) == ["pg", "pg.lock"]


def test_wiping_leaves_nothing(server, open_dir):
    server.start()
    server.wipe()
    assert list(open_dir.iterdir()) == []


def test_databases_are_created_copied_and_dropped_whatever_their_name(server):
    server.start()
    server.create_database('a "quoted" 名')
    server.run_sql('a "quoted" 名', "CREATE TABLE kept (id int); INSERT INTO kept VALUES (3)")
    server.create_database("copy", template='a "quoted" 名')
    assert server.run_sql("copy", "SELECT id FROM kept").strip() == "3"
    assert server.has_database("copy")
    server.drop_database("copy")
    assert not server.has_database("copy")
    with pytest.raises(PostgresError, match="already exists"):
        server.create_database('a "quoted" 名')


def test_real_runs_are_durable_and_test_runs_are_not(tmp_path):
    durable = settings_for(ServerOptions(), socket_dir=tmp_path, port=5432)
    fast = settings_for(_FAST, socket_dir=tmp_path, port=5432)
    assert {durable[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}
    assert fast["fsync"] == "off"


def test_chinese_is_found_by_trigrams(server):
    server.start()
    server.create_database("registry")
    check_chinese_trigram(server, "registry")
    check_chinese_trigram(server, "registry")


def test_a_database_that_ignores_chinese_is_found_out(server):
    server.start()
    server.run_sql("postgres", "CREATE DATABASE plain TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C'")
    with pytest.raises(PostgresError, match="lc_ctype"):
        check_chinese_trigram(server, "plain")


def test_a_guarded_process_reports_a_command_that_cannot_start(tmp_path):
    log = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT, 0o600)
    child = GuardedProcess(
        ["/nonexistent"],
        identity=identity_for(Path("/")) if os.geteuid() else _root(),
        log_fd=log,
        death_signal=signal.SIGINT,
        environment={},
    )
    child.start()
    os.close(log)
    assert child.wait(20)
    assert child.returncode != 0
    assert "FileNotFoundError" in (tmp_path / "log").read_text()


def _root():
    from guard import Identity

    return Identity(0, 0, drops=False)
