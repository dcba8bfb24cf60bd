"""The shared server of a test session: one for all workers, and gone with the session however that ends."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.timeout(400)

_PROBE = """
import os, pathlib, time
import conftest, psutil, pytest
from onebox.postgres import run_psql

@pytest.mark.parametrize("number", range(4))
def test_writes_down_its_server(postgres_server, number):
    pathlib.Path(os.environ["PROBE_DIR"], f"{os.getpid()}-{number}").write_text(postgres_server.url("postgres"))
    time.sleep(float(os.environ["PROBE_SECONDS"]))

def test_migrates_once(service_database, service_template):
    assert service_template("probesvc") == "template_probesvc"
    assert service_database("probesvc") != service_database("probesvc")

def test_clones_what_was_migrated(service_database, postgres_server):
    name = service_database("probesvc").split("@/")[1].split("?")[0]
    assert postgres_server.run_sql(name, "SELECT id FROM migrated").strip() == "1"

def test_killed_holder_is_replaced(postgres_server):
    folder = pathlib.Path(os.environ["JICENG_TEST_SHARED_DIR"])
    first = int((folder / "postgres.holder").read_text())
    os.kill(first, 9)
    while psutil.Process(first).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
    arguments = ["--data", str(folder / "postgres"), "--fast", "--wipe"]
    state = conftest._hold("postgres", "onebox.postgres_hold", arguments)
    assert int((folder / "postgres.holder").read_text()) != first
    assert run_psql(state["url"], "SELECT 1", binaries=pathlib.Path(state["binaries"])).strip() == "1"
    assert conftest._hold("postgres", "onebox.postgres_hold", arguments) == state
"""
_SERVICE = """
import os, pathlib, sys
from onebox.postgres import run_psql
from onebox.postgres_place import packaged_binaries
assert sys.argv[1:] == ["migrate"] and os.environ["ENVIRONMENT"] == "test"
with pathlib.Path(os.environ["PROBE_DIR"], "migrations").open("a") as log:
    log.write("migrated\\n")
run_psql(os.environ["DATABASE_URL"], "CREATE TABLE migrated (id int); INSERT INTO migrated VALUES (1)", binaries=packaged_binaries())
"""


@pytest.fixture
def probe_session(tmp_path):
    """Start a pytest session of its own over the probe; gives the process and the folder it reports to."""
    tests = Path(__file__).parents[1]
    (tmp_path / "test_probe.py").write_text(_PROBE)
    (tmp_path / "probesvc.py").write_text(_SERVICE)
    reports = tmp_path / "reports"
    reports.mkdir()
    started = []

    def start(*options, seconds):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "JICENG"))}
        config = ["-c", str(tests.parent / "pyproject.toml"), "-p", "no:cacheprovider"]
        for plugin in ("xdist", "pytest_asyncio.plugin", "pytest_timeout", "conftest"):
            config += ["-p", plugin]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *options, *config, str(tmp_path / "test_probe.py")],
            env={
                **kept,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # the others cost seconds per process and do nothing here
                "PYTHONPATH": os.pathsep.join([str(tests), str(tmp_path)]),
                "PROBE_DIR": str(reports),
                "PROBE_SECONDS": str(seconds),
            },
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process, reports

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _data_dir(url):
    return Path(re.search(r"host=([^&]+)/socket", url)[1])


def _reports(folder):
    return [path for path in folder.iterdir() if path.name != "migrations"]


def _postmasters_of(data_dir):
    return [p for p in psutil.process_iter(["cmdline"]) if str(data_dir) in (p.info["cmdline"] or [])]


def _wait_until(condition, what):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_all_workers_share_one_server_that_ends_with_the_session(probe_session):
    process, reports = probe_session("-n2", "-k", "not killed_holder", seconds=0)
    output = process.communicate(timeout=200)[0]
    assert process.returncode == 0, output
    urls = {path.read_text() for path in _reports(reports)}
    assert len({path.name.split("-")[0] for path in _reports(reports)}) == 2
    assert len(urls) == 1
    assert (reports / "migrations").read_text() == "migrated\n"
    data_dir = _data_dir(urls.pop())
    assert not _postmasters_of(data_dir)
    assert not data_dir.parent.exists()


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_killed_session_leaves_no_server_and_no_data(probe_session, workers):
    process, reports = probe_session(workers, seconds=60)
    _wait_until(lambda: any(path.read_text() for path in _reports(reports)), "no test began")
    data_dir = _data_dir(_reports(reports)[0].read_text())
    assert _postmasters_of(data_dir)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    _wait_until(lambda: not _postmasters_of(data_dir), "the server outlived its session")
    _wait_until(lambda: not data_dir.exists(), "the data outlived its session")


def test_a_server_whose_holder_was_killed_is_started_again_for_the_next_worker(probe_session):
    process, _ = probe_session("-n0", "-k", "killed_holder", seconds=0)
    output = process.communicate(timeout=200)[0]
    assert process.returncode == 0, output
    assert "1 passed" in output
