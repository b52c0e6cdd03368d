"""Wrong changes to functions: mutmut's operators, and two of our own that take out a check.

mutmut makes the changes; running them is ours (:mod:`.trials`), because its runner leaves out every decorated
function, and all that writes here is decorated with ``transaction.atomic``.
"""

from __future__ import annotations
import __future__

import ast
import difflib
import importlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any

import libcst as cst
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}
# How rows are fetched and locked changes no row: counted queries and PostgreSQL's concurrency tests look at that.
FETCHING = {"select_related", "prefetch_related", "select_for_update", "defer", "only", "iterator"}
reached: set[str] = set()  # functions and entries of tables, since a test began


@dataclass(frozen=True)
class Mutant:
    """One wrong change. ``name`` says what is changed to what; ``apply`` makes the change in this process.

    ``place`` is the function or the entry of a table that is changed: only tests that reach it are run.
    """

    name: str
    module: str
    place: str
    apply: Callable[[], None]
    is_of_table: bool = False


def without_check(node: cst.If) -> Iterator[cst.If]:
    yield node.with_changes(test=cst.Name("False"))


def without_call(node: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    match node.body:
        case [cst.Expr(value=cst.Call())]:
            yield node.with_changes(body=[cst.Pass()])


def one_other_string(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """One of mutmut's three: what notices one of them notices the others."""
    return list(operator_string(node))[:1]


OPERATORS = [
    *((kind, one_other_string if operator is operator_string else operator) for kind, operator in mutation_operators),
    (cst.If, without_check),
    (cst.SimpleStatementLine, without_call),
]


class Visitor(MutationVisitor):
    """mutmut's, but for decorated functions, which it leaves out, and for words and fetching, which are not counted."""

    def __init__(self) -> None:
        super().__init__(OPERATORS, IgnoredCode(set(), set(), set()))

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call) and called(node) in FETCHING:
            node.func.visit(self)
            return False
        return super().on_visit(node)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        return is_text(node) or is_docstring(node) or super()._skip_node_and_children(node)

    def _removes_ignored_code(self, node: cst.CSTNode, mutated_node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call) and isinstance(mutated_node, cst.Call):
            touched = [arg for arg in node.args if arg not in mutated_node.args]
            return bool(touched) and all(is_text(arg) or holds_text(arg.value) for arg in touched)
        return isinstance(node, cst.Assign | cst.AnnAssign) and node.value is not None and is_text(node.value)


def called(node: cst.Call) -> str:
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return name.value if isinstance(name, cst.Name) else ""


def is_text(node: cst.CSTNode) -> bool:
    """A message, with what is set into it, or the code word of an error: what is said, not what is done."""
    match node:
        case cst.Call(func=cst.Name(value=name)):
            return name in TEXTS
        case cst.BinaryOperation(operator=cst.Modulo(), left=left):
            return is_text(left)
        case cst.Arg(keyword=cst.Name(value="code")):
            return True
    return False


def holds_text(node: cst.CSTNode) -> bool:
    return is_text(node) or any(map(holds_text, node.children))


def is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString)


def source_of(module: str) -> str:
    spec = find_spec(module)
    assert spec and spec.origin, module
    return Path(spec.origin).read_text()


def functions_of(tree: cst.Module) -> dict[cst.FunctionDef, str]:
    """The functions and methods of a module by their names, ``Class.method`` for the latter."""
    found = {}
    for node in tree.body:
        if isinstance(node, cst.FunctionDef):
            found[node] = node.name.value
        elif isinstance(node, cst.ClassDef):
            methods = [one for one in node.body.body if isinstance(one, cst.FunctionDef)]
            found |= {method: f"{node.name.value}.{method.name.value}" for method in methods}
    return found


def mutants_of(module: str) -> list[Mutant]:
    """All wrong changes to the functions of that module, in the order of its lines."""
    visitor = Visitor()
    tree = cst.MetadataWrapper(cst.parse_module(source_of(module))).visit(visitor)
    names, found = functions_of(tree), []
    seen: Counter[str] = Counter()
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if function in names:
            changed = function.deep_replace(mutation.original_node, mutation.mutated_node)
            assert isinstance(changed, cst.FunctionDef)
            right, wrong = code_of(function), code_of(changed)
            name = f"{module}.{names[function]}: {difference(right, wrong)}"
            seen[name] += 1
            name += f" ({seen[name]})" if seen[name] > 1 else ""
            place = f"{module}.{names[function]}"
            found.append(Mutant(name, module, place, partial(replace, module, names[function], wrong)))
    return found


def begin_each(module: str, statement: str) -> None:
    """Lets every function of the module begin with that statement, in which %s is its name."""
    for node, function in functions_of(cst.parse_module(source_of(module))).items():
        first = ast.parse(statement % f"{module}.{function}").body
        replace(module, function, code_of(node), first)


def record_calls(module: str) -> None:
    """Each function says that it was reached, in ``reached``."""
    vars(importlib.import_module(module))["_reached"] = reached
    begin_each(module, "_reached.add('%s')")


def break_all(module: str) -> None:
    begin_each(module, "raise RuntimeError('%s')")


def code_of(function: cst.FunctionDef) -> str:
    return cst.Module([function.with_changes(decorators=[], leading_lines=[])]).code


def difference(right: str, wrong: str) -> str:
    """“if on > since: → if on >= since:”, the lines that differ."""
    lines = list(difflib.ndiff(right.splitlines(), wrong.splitlines()))
    before = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
    after = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
    return f"{before} → {after}"


def replace(module: str, function: str, code: str, first: Sequence[ast.stmt] = ()) -> None:
    """Makes the living function do what the code says, wherever it has been imported, under its decorators.

    ``first``: statements that it begins with.
    """
    living = find(module, function)
    scope = dict(living.__globals__)
    tree = ast.parse(code)
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    definition.body[:0] = first
    if "__class__" in living.__code__.co_freevars:  # it calls super()
        definition.body.insert(0, ast.parse("__class__").body[0])
        tree.body = [ast.ClassDef("Holder", [], [], [definition], [])]
    flags = __future__.annotations.compiler_flag
    exec(compile(ast.fix_missing_locations(tree), f"<{module}.{function}>", "exec", flags, dont_inherit=True), scope)
    fresh = scope["Holder"].__dict__[definition.name] if "Holder" in scope else scope[definition.name]
    living.__code__, living.__defaults__ = fresh.__code__, fresh.__defaults__
    living.__kwdefaults__ = fresh.__kwdefaults__


def find(module: str, function: str) -> FunctionType:
    """The function itself, out of its decorators."""
    owner: Any = importlib.import_module(module)
    *classes, name = function.split(".")
    for part in classes:
        owner = getattr(owner, part)
    found = vars(owner)[name]
    for attribute in ("fget", "func", "__func__"):  # property, cached_property, classmethod
        found = getattr(found, attribute, None) or found
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found
