"""The conventions that a machine can check: layers, life cycle, views, dates, names, addresses."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from programmes.models import PlanRound
from projects.models import Project
from tests.sources import FILES, LAYERS, ROOT, TEMPLATES, name_of

STATUS_WRITER = "projects/rules/workflow.py"
STATUS_HOMES = {"programmes/models/plan.py", "projects/models/project_states.py"}
STATUS_NAMES = {*PlanRound.Status.__members__, *Project.Status.__members__}
PUBLIC = {"healthz", "readyz", "i18n/setlang/", "accounts/login/", "admin/login/"}
# A view may count and page; what a row means is said by its QuerySet.
QUERY_WORDS = {"filter", "exclude", "project_parts", "annotate", "alias", "extra", "raw"}
CLOCK_WORDS = {"now", "today", "utcnow", "localdate", "localtime", "time"}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def broken(rule: Callable[[ast.Module], Iterable[object]], files: Iterable[Path] = FILES) -> list[str]:
    """Where the files break a rule. One test asks them all: a test for each file takes longer than reading it."""
    return [f"{name_of(path)}:{what}" for path in files for what in rule(tree_of(path))]


def is_views(path: Path) -> bool:
    return path.stem == "views" or path.stem.endswith("_views") or "views" in path.parts


def called_name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def test_imports_point_one_way() -> None:
    for number, layer in enumerate(LAYERS):
        above = LAYERS[:number]

        def upwards(tree: ast.Module, above: tuple[str, ...] = above) -> list[str]:
            return [f"{line}: {name}" for line, name in imported(tree) if name.split(".")[0] in above]

        assert not broken(upwards, [path for path in FILES if path.relative_to(ROOT).parts[0] == layer])


def status_writes(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(map(is_status, targets)):
            yield node.lineno
        elif isinstance(node, ast.Call) and called_name(node) in {
            "update",
            "create",
            "get_or_create",
            "update_or_create",
            "aupdate",
            "acreate",
        }:
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "status" and on_rows(node))
        elif isinstance(node, ast.Call) and called_name(node) == "setattr" and len(node.args) > 1:
            named = node.args[1]
            if isinstance(named, ast.Constant) and named.value == "status":
                yield node.lineno


def is_status(target: ast.AST | None) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(map(is_status, target.elts))
    return isinstance(target, ast.Attribute) and target.attr == "status"


def on_rows(node: ast.Call) -> bool:
    """``context.update(status=…)`` is a dictionary: a call on a bare name is let through."""
    return not (isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name))


def test_only_the_workflow_writes_status() -> None:
    assert not broken(status_writes, [path for path in FILES if name_of(path) != STATUS_WRITER])


def test_status_rule_sees_every_way_of_writing() -> None:
    source = (
        "x.status = 'a'\nP.objects.update(status='a')\nP.objects.filter(pk=1).update(status='a')\n"
        "P.objects.create(status='a')\nsetattr(x, 'status', 'a')\na, x.status = 1, 2\nx.status += 'a'\n"
    )
    assert sorted(status_writes(ast.parse(source))) == [1, 2, 3, 4, 5, 6, 7]


def status_sets(tree: ast.Module) -> Iterator[int]:
    """Where two statuses or more are named together; a transition names those that it starts from."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    sources = {id(part) for node in calls if called_name(node) == "Transition" for part in node.args}
    for node in ast.walk(tree):
        if id(node) not in sources and sum(map(is_status_name, named_together(node))) > 1:
            assert isinstance(node, ast.expr)
            yield node.lineno


def named_together(node: ast.AST) -> list[ast.expr]:
    """The members of a literal, the arguments of a call, what the parts of a condition compare with."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return node.elts
    if isinstance(node, ast.BoolOp):
        return [other for part in node.values if isinstance(part, ast.Compare) for other in part.comparators]
    return node.args if isinstance(node, ast.Call) else []


def is_status_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in STATUS_NAMES


def test_sets_of_statuses_stand_beside_the_statuses() -> None:
    assert not broken(status_sets, [path for path in FILES if name_of(path) not in STATUS_HOMES])


def test_status_set_rule_sees_every_way_of_listing() -> None:
    source = (
        "a = (Project.Status.DRAFT, STATUS.RETURNED)\nb = [P.DRAFT, *MORE, P.RETURNED]\nc = {P.DRAFT, P.RETURNED}\n"
        "rows.with_statuses(P.DRAFT, P.RETURNED)\nd = x == P.DRAFT or x == P.RETURNED\n"
        "Transition('submit', (P.DRAFT, P.RETURNED), P.SUBMITTED)\ne = (P.DRAFT, 'no status', OTHER.LATE)\n"
    )
    assert sorted(status_sets(ast.parse(source))) == [1, 2, 3, 4, 5]


def queries_by_hand(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERY_WORDS:
            yield f"{node.lineno}: .{node.func.attr}("


def test_views_ask_querysets_by_name() -> None:
    assert not broken(queries_by_hand, filter(is_views, FILES))


def bare_functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            arguments += [each for each in (node.args.vararg, node.args.kwarg) if each]
            bare = [each.arg for each in arguments if each.annotation is None and each.arg not in {"self", "cls"}]
            if bare or node.returns is None:
                yield f"{node.lineno}: {node.name} {bare}"


def test_every_function_is_annotated() -> None:
    assert not broken(bare_functions)


def clock_calls_at_import(tree: ast.Module) -> Iterator[int]:
    """Calls of a clock that run when the module is read: defaults of arguments do, bodies do not."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            waiting += getattr(node, "decorator_list", [])
            continue
        if isinstance(node, ast.Call) and called_name(node) in CLOCK_WORDS and not node.args:
            yield node.lineno
        waiting += ast.iter_child_nodes(node)


def test_clock_rule_sees_defaults_and_module_level() -> None:
    source = "a = date.today()\ndef f(on=timezone.now()): return now()\nclass C:\n    x = datetime.now()\n"
    assert sorted(clock_calls_at_import(ast.parse(source))) == [1, 2, 4]


def test_no_clock_is_read_at_import() -> None:
    assert not broken(clock_calls_at_import)


ORACLES = sorted((ROOT / "tests").rglob("plain_*.py"))


def test_there_are_oracles() -> None:
    assert {path.stem for path in ORACLES} >= {"plain_ledger", "plain_question", "plain_reports", "plain_rollups"}


@pytest.mark.parametrize("path", ORACLES, ids=name_of)
def test_what_figures_are_compared_with_knows_the_tables_alone(path: Path) -> None:
    """An oracle reads rows as they are stored, so that it can't repeat a slip of the product."""
    tree = tree_of(path)
    wrong = [
        f"{line}: {name}"
        for line, name in imported(tree)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not re.fullmatch(r"(khuyencong\.accounts|programmes|projects|reports)\.models", name)
        and not re.fullmatch(r"tests\.\w+\.plain_\w+", name)
    ]
    managers = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "objects"]
    assert not wrong and not managers


def taken_from_tests(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", "") or "", *(alias.name for alias in node.names)]
            yield from (f"{node.lineno}: {name}" for name in names if re.search(r"\btest_", name))


def test_no_test_is_a_library() -> None:
    """What several share stands in a plain module or a conftest, so that reading one test never runs another."""
    assert not broken(taken_from_tests, sorted((ROOT / "tests").rglob("*.py")))


def test_no_module_is_called_utils() -> None:
    assert not [name_of(path) for path in FILES if path.stem in {"utils", "helpers", "misc", "common"}]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address, pattern


def test_every_address_asks_for_a_sign_in_but_those_listed() -> None:
    free = {
        address
        for address, pattern in addresses(get_resolver().url_patterns)
        if not getattr(pattern.callback, "login_required", True)
    }
    assert free == PUBLIC


INLINE = {
    "style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>", re.I),
    "event handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.I),
    "htmx that needs eval": re.compile(r"\shx-on[:\-]|hx-vals=.js:|hx-headers=.js:", re.I),
    "address of another host": re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.I),
}


def test_templates_obey_the_content_policy() -> None:
    wrong = []
    for path in TEMPLATES:
        # Tags may hold < and >: what the server removes is not looked at.
        source = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", path.read_text(), flags=re.S)
        wrong += [f"{name_of(path)}: {what}" for what, pattern in INLINE.items() if pattern.search(source)]
    assert not wrong


def test_stylesheets_load_nothing_from_another_host() -> None:
    for path in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", path.read_text()), name_of(path)
