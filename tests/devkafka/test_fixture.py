"""Without Kafka the tests that need it are skipped with the reason; under CI=true they fail."""

import os
import subprocess
import sys
from pathlib import Path

# Loading every other plugin costs seconds per process and does nothing here.
_PLUGINS = ("xdist", "pytest_asyncio.plugin", "pytest_timeout")
_OPTIONS = ["-n0", "-q", "-p", "no:cacheprovider", *(word for plugin in _PLUGINS for word in ("-p", plugin))]
_BROKER_TESTS = Path(__file__).with_name("test_broker.py")


def _run_broker_test(tmp_path, **environment):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JAVA_HOME", "CI", "PYTEST", "JICENG"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *_OPTIONS, str(_BROKER_TESTS), "-k", "by_accident"],
        env={
            **kept,
            "PATH": str(tmp_path),
            "JICENG_CACHE_DIR": str(tmp_path / "cache"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


def test_missing_kafka_skips_with_the_reason(tmp_path):
    done = _run_broker_test(tmp_path)
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
    assert "No java was found" in done.stdout


def test_missing_kafka_fails_under_ci(tmp_path):
    done = _run_broker_test(tmp_path, CI="true")
    assert done.returncode == 1
    assert "Kafka must be there under CI=true: No java was found" in done.stdout


def test_a_test_that_uses_the_broker_carries_its_mark(tmp_path):
    tests = Path(__file__).parents[1]
    probe = tmp_path / "test_probe.py"
    probe.write_text("def test_uses_it(kafka_server):\n    pass\n\ndef test_does_not():\n    pass\n")
    options = ["-c", str(tests.parent / "pyproject.toml"), "-p", "conftest"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *_OPTIONS, *options, "--collect-only", "-m", "kafka", str(probe)],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "JICENG"))},
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(tests),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert "test_uses_it" in done.stdout, done.stdout
    assert "test_does_not" not in done.stdout
