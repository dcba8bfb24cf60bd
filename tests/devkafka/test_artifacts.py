"""Java and Kafka's files: found, fetched once, and said clearly when they cannot be had."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from devkafka.artifacts import cache_folder, find_java, kafka_libraries
from devkafka.errors import KafkaNotAvailable
from devkafka.server import KafkaServer

_FETCH = "import sys; from pathlib import Path; from devkafka.artifacts import kafka_libraries; print(kafka_libraries(Path(sys.argv[1])))"


def _script(folder, name, body):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bin_dir(tmp_path, monkeypatch):
    """A PATH that holds what the test puts there and the shell's own tools, no Java and no mvn."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "mkdir", "touch", "sleep", "echo"):
        (folder / tool).symlink_to(next(p / tool for p in (Path("/bin"), Path("/usr/bin")) if (p / tool).exists()))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("JICENG_CACHE_DIR", str(tmp_path / "cache"))
    return folder


_GOOD_MVN = """\
for word in "$@"; do case "$word" in -DoutputDirectory=*) out="${word#-DoutputDirectory=}";; esac; done
echo called >> "$CALLS"
sleep 0.3
mkdir -p "$out"
touch "$out/kafka_2.13-4.4.0.jar\""""


def test_no_java_is_a_clear_reason(bin_dir):
    assert "No java was found" in KafkaServer.available()


@pytest.mark.parametrize(
    ("said", "is_enough"), [("11.0.2", False), ("1.8.0_292", False), ("17.0.1", True), ("25", True), ("26-ea", True)]
)
def test_java_17_and_newer_are_enough(bin_dir, said, is_enough):
    java = _script(bin_dir, "java", f"echo 'openjdk version \"{said}\" 2025-04-15' >&2")
    if is_enough:
        assert find_java() == java
    else:
        with pytest.raises(KafkaNotAvailable, match="Java 17"):
            find_java()


def test_java_home_comes_before_path(bin_dir, tmp_path, monkeypatch):
    _script(bin_dir, "java", "echo 'openjdk version \"11\"' >&2")
    (tmp_path / "jdk").mkdir()
    java = _script(tmp_path / "jdk" / "bin", "java", "echo 'openjdk version \"21.0.1\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert find_java() == java


def test_no_mvn_is_a_clear_reason(bin_dir):
    _script(bin_dir, "java", "echo 'openjdk version \"17.0.1\"' >&2")
    assert "No mvn was found" in KafkaServer.available()


def test_a_failing_mvn_gives_its_reason_and_leaves_nothing_behind(bin_dir):
    _script(bin_dir, "mvn", "echo '[INFO] trying'; echo '[ERROR] Could not resolve kafka_2.13'; exit 1")
    with pytest.raises(KafkaNotAvailable, match="Could not resolve kafka"):
        kafka_libraries()
    assert [path.name for path in cache_folder().iterdir()] == ["fetch.lock"]


def test_an_mvn_that_brings_no_kafka_is_not_believed(bin_dir):
    _script(bin_dir, "mvn", "exit 0")
    with pytest.raises(KafkaNotAvailable, match="no reason"):
        kafka_libraries()


def test_many_processes_at_once_fetch_once(bin_dir, tmp_path, monkeypatch):
    _script(bin_dir, "mvn", _GOOD_MVN)
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    command = [sys.executable, "-c", _FETCH, str(tmp_path / "shared")]
    askers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {asker.communicate(timeout=60)[0] for asker in askers}
    assert len(answers) == 1
    assert (tmp_path / "calls").read_text().splitlines() == ["called"]
    assert [path.name for path in Path(answers.pop().strip()).iterdir()] == ["kafka_2.13-4.4.0.jar"]


def test_files_fetched_once_need_no_mvn_again(bin_dir, tmp_path, monkeypatch):
    mvn = _script(bin_dir, "mvn", _GOOD_MVN)
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    first = kafka_libraries()
    mvn.unlink()
    begun = time.monotonic()
    assert kafka_libraries() == first
    assert time.monotonic() - begun < 0.3
