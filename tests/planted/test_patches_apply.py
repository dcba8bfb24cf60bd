"""The list of planted errors fits the code: each still applies exactly once, and its tests exist. Cheap enough for CI."""

import ast
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture" / "planted-errors.md"


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("planted", ROOT / "tools" / "planted.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted"] = module
    spec.loader.exec_module(module)
    return module


tool = load_tool()
ERRORS = {error.name: error for error in tool.load_errors()}


@pytest.mark.parametrize("name", ERRORS)
def test_applies_exactly_once_and_leaves_python_behind(name: str) -> None:
    broken = tool.broken_files(ERRORS[name], ROOT)
    assert broken
    for path in broken:
        assert path.relative_to(ROOT).parts[0] in {"libs", "services", "deploy"}, (
            "errors are planted in code, not in tests"
        )


@pytest.mark.parametrize("name", ERRORS)
def test_is_caught_by_tests_that_exist(name: str) -> None:
    for selection in ERRORS[name].tests:
        path, _, function = selection.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert function in defined


def test_there_are_enough_and_each_has_its_own_name_and_sentence() -> None:
    listed = tool.load_errors()
    assert len(listed) >= 14
    assert len(ERRORS) == len(listed) == len({error.breaks for error in listed})
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", error.name) and error.breaks.endswith(".") for error in listed)


def test_the_page_tells_every_error_and_its_sentence() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {error.name: error.breaks for error in ERRORS.values()}


CHANGE = tool.Change("any.py", "a < b", "a <= b")


@pytest.mark.parametrize("text", ["a > b", "a < b and a < b"])
def test_a_text_that_stands_never_or_twice_fails_loudly(text: str) -> None:
    with pytest.raises(tool.NotApplicable, match="times, not once"):
        CHANGE.applied_to(text)


def test_a_replacement_that_changes_nothing_or_is_no_python_fails_loudly() -> None:
    with pytest.raises(tool.NotApplicable, match="changes nothing"):
        tool.Change("any.py", "a", "a").applied_to("a = 1")
    with pytest.raises(tool.NotApplicable, match="no Python"):
        tool.Change("any.py", "a", "(").applied_to("a = 1")


def test_the_tree_is_as_it_was_afterwards(tmp_path: Path) -> None:
    (tmp_path / "any.py").write_text("x = a < b\n", encoding="utf-8")
    error = tool.PlantedError("any", "Any.", (), (CHANGE,))
    with pytest.raises(ZeroDivisionError), tool.planted(error, tmp_path):
        assert (tmp_path / "any.py").read_text(encoding="utf-8") == "x = a <= b\n"
        raise ZeroDivisionError
    assert (tmp_path / "any.py").read_text(encoding="utf-8") == "x = a < b\n"


@pytest.mark.parametrize(
    ("code", "failures", "is_caught"),
    [
        (1, ("test_x: AssertionError: assert 1 == 2",), True),
        (0, (), False),
        (1, (), False),
        (2, (), False),
        (-1, (), False),
        (1, ("test_x: NameError: name 'y' is not defined",), False),
    ],
)
def test_only_a_failing_test_counts_as_caught(code: int, failures: tuple[str, ...], is_caught: bool) -> None:
    assert tool.verdict_on(tool.Outcome(code, failures, ""))[0] is is_caught
