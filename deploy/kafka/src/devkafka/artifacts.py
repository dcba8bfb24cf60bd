"""Java and Kafka's files: found, or fetched once through `mvn` and kept for every later run."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from devkafka.errors import KafkaNotAvailable

POM = Path(__file__).with_name("pom.xml")
MINIMUM_JAVA = 17
_MVN_TIMEOUT_SECONDS = 900
_JAVA_TIMEOUT_SECONDS = 60


def find_java() -> Path:
    """The `java` of JAVA_HOME or of PATH, version 17 or newer.

    Raises:
        KafkaNotAvailable: none, or too old.
    """
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not found or not Path(found).is_file():
        raise KafkaNotAvailable(f"No java was found; Kafka 4 needs Java {MINIMUM_JAVA} or newer.")
    answer = subprocess.run(
        [found, "-version"], capture_output=True, text=True, timeout=_JAVA_TIMEOUT_SECONDS, check=False
    )
    version = re.search(r'version "(\d+)', answer.stderr)
    if not version or int(version[1]) < MINIMUM_JAVA:
        said = (answer.stderr.strip().splitlines() or ["nothing"])[0]
        raise KafkaNotAvailable(f"Kafka 4 needs Java {MINIMUM_JAVA} or newer; {found} says: {said}")
    return Path(found)


def cache_folder() -> Path:
    """Where the files are kept: `JICENG_CACHE_DIR`, else the user's cache folder."""
    chosen = os.environ.get("JICENG_CACHE_DIR")
    if chosen:
        return Path(chosen) / "kafka"
    user_cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(user_cache) if user_cache else Path.home() / ".cache") / "jiceng" / "kafka"


def kafka_libraries(cache: Path | None = None) -> Path:
    """The folder with Kafka's jars, fetched on first use; safe when several processes ask at once.

    The folder's name carries the digest of the POM, so that another version never mixes with this one.

    Raises:
        KafkaNotAvailable: no mvn, or mvn could not get the files.
    """
    root = cache or cache_folder()
    root.mkdir(parents=True, exist_ok=True)
    wanted = root / f"libraries-{hashlib.sha256(POM.read_bytes()).hexdigest()[:16]}"
    if wanted.is_dir():
        return wanted
    with (root / "fetch.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.is_dir():
            _fetch(root, wanted)
    return wanted


def _fetch(root: Path, wanted: Path) -> None:
    mvn = shutil.which("mvn")
    if not mvn:
        raise KafkaNotAvailable("No mvn was found; Kafka's files come from Maven Central through it.")
    workshop = Path(tempfile.mkdtemp(dir=root, prefix="fetch-"))
    try:
        shutil.copy(POM, workshop / "pom.xml")
        jars = workshop / "libraries"
        command = [mvn, "-B", "-ntp", "-q", "-f", str(workshop / "pom.xml"), "dependency:copy-dependencies"]
        command += [f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_MVN_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode != 0 or not any(jars.glob("kafka_*.jar")):
            raise KafkaNotAvailable(f"mvn could not get Kafka's files: {_first_error(done.stdout)}")
        jars.rename(wanted)
    except subprocess.TimeoutExpired as error:
        raise KafkaNotAvailable(f"mvn did not get Kafka's files within {_MVN_TIMEOUT_SECONDS} s.") from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _first_error(output: str) -> str:
    lines = [line.removeprefix("[ERROR]").strip() for line in output.splitlines() if line.startswith("[ERROR]")]
    return next((line for line in lines if line), "it gave no reason")
