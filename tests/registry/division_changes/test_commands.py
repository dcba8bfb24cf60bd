"""`python -m registry import-division-changes FILE`: what an operator sees. Source: S0."""

from pathlib import Path
from typing import Any

import pytest

from common.process import main
from registry.__main__ import DEFINITION

HEADER = "kind,effective_on,document,sources,targets,recode,heir\n"
GOOD = HEADER + "move,2026-07-01,粤民〔2026〕7号,441624101000,441625109000,,\n"


@pytest.fixture
def run(small: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """`run(text)`: the command with a file of this text; its exit code."""
    monkeypatch.setenv("DATABASE_URL", small)
    monkeypatch.setenv("ENVIRONMENT", "test")

    def command(text: str | bytes | None) -> int:
        file = tmp_path / "changes.csv"
        if text is not None:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return main(DEFINITION, ["import-division-changes", str(file)])

    return command


def test_tells_what_was_done(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(GOOD) == 0
    assert capsys.readouterr().out == "2026-07-01 变更隶属关系 粤民〔2026〕7号：废止17，启用17，变更0\n"
    assert run(GOOD) == 1, "the same file again finds its codes retired"
    assert "第2行 区划代码已废止" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "类别".encode("gbk")])
def test_a_file_that_cannot_be_read_is_told(run: Any, text: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(text) == 1
    assert "无法读取" in capsys.readouterr().err


def test_every_wrong_line_is_told(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "boundary,2026-07-01,文,441624155000,,,\nrename,2026-07-01,文,441624101000,441624101000 大坝镇,,\n"
    assert run(HEADER + lines) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("第2行 区划代码不存在")
    assert told[1].startswith("第3行 区划调整的内容不完整")
    assert told[2] == "2行有误，未作任何变更"
