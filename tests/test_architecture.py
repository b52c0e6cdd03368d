"""The house is as docs/architecture.md says: which room takes from which, no circles, and a tree that is true."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house import PAGE, PLACE, tree
from tests.sources import FILES, LAYERS, ROOT, name_of

# Names that belong to what they stand in: an option of a model, a command of Django's.
OF_THEIR_PLACE = {"Meta", "Command"}


def test_rooms_take_only_from_those_below(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The contracts in pyproject.toml, under [tool.importlinter]."""
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filenames=("pyproject.toml",), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_imports_itself_by_a_round_way() -> None:
    """Not under TYPE_CHECKING and not inside a function either."""
    graph = grimp.build_graph(*LAYERS, cache_dir=None)
    taken = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules if ".migrations" not in name}
    TopologicalSorter(taken).prepare()


def test_no_import_hides_in_a_function() -> None:
    """But for Django's start, which can read models only when all of them are there."""
    found = [
        f"{name_of(path)}:{inner.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert {place.partition(":")[0] for place in found} <= {"khuyencong/apps.py"}, found


def test_a_class_name_stands_once() -> None:
    """So that it can be found by its name; what stands inside a class is called by that class."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name not in OF_THEIR_PLACE:
                places[node.name].append(name_of(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_public_function_name_stands_once() -> None:
    """But for views, which addresses call by the name of their page."""
    names = Counter(
        node.name
        for path in FILES
        if path.stem != "views" and "views" not in path.parts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_tree_in_the_architecture_page_is_that_of_the_code() -> None:
    """``python -m tests.house`` writes it anew."""
    [found] = PLACE.findall(PAGE.read_text())
    assert found == tree()
    assert "/  \n" not in found, "a package without a docstring"


def test_sections_that_the_code_cites_are_in_the_documents() -> None:
    """“field-rules §4” and “architecture §4”; what the code once cited is in the repository by other names."""
    headings = {
        name: set(re.findall(r"^## (\d+)\.", (ROOT / "docs" / f"{name}.md").read_text(), re.M))
        for name in ("field-rules", "architecture")
    }
    files = [path for layer in (*LAYERS, "tests", "templates") for path in (ROOT / layer).rglob("*") if path.is_file()]
    for path in files:
        if path.suffix in {".py", ".html", ".csv"}:
            source = path.read_text()
            for name, first, more in re.findall(r"(field-rules|architecture) §(\d+)((?:, §\d+)*)", source):
                assert {first, *re.findall(r"\d+", more)} <= headings[name], f"{name_of(path)}: {name} §{first}{more}"
            assert not re.search(r"\b(RULES|DESIGN|STYLE) §", source) or path == Path(__file__), name_of(path)
