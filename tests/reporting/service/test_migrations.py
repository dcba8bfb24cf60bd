"""Models and migrations say the same."""

import os
import subprocess
import sys


def test_models_and_migrations_agree(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reporting", "check-migrations"],
        env={**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
