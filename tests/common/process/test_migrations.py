"""What a serving process reads of migrations is what Alembic reads."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from common.process.migrations import head_of, heads_of, revisions_of


@pytest.mark.parametrize("service", ["registry", "casework", "sync", "reporting"])
def test_revisions_and_head_are_those_that_alembic_finds(service):
    folder = Path(str(importlib.import_module(service).__file__)).parent / "migrations"
    scripts = ScriptDirectory(str(folder))
    assert dict(revisions_of(folder)) == {one.revision: one.down_revision for one in scripts.walk_revisions()}
    assert head_of(folder) == scripts.get_current_head()


def test_two_heads_are_seen(tmp_path):
    (tmp_path / "versions").mkdir()
    for name, below in (("a", None), ("b", "a"), ("c", "a")):
        down = f'"{below}"' if below else "None"
        (tmp_path / "versions" / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = {down}\n')
    assert heads_of(tmp_path) == ["b", "c"]
    with pytest.raises(ValueError, match="too many"):
        head_of(tmp_path)


def test_a_serving_process_does_not_load_alembic():
    script = "import sys, casework.__main__, registry.__main__; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
