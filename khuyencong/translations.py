"""Message catalogues without system tools: compiling, and finding the texts that the code asks for."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "khuyencong" / "locale"
CODE_FOLDERS = ("khuyencong", "programmes", "projects", "reports")
# Names and explanations of the shipped reference data that pages show in their own language; texts of law are none.
DATA_COLUMNS = {
    "activity_types.csv": ("short_name",),
    "eligibility_rules.csv": ("explanation",),
    "funding_sources.csv": ("name", "short_name"),
    "support_norms.csv": ("unit",),
}
# How many leading arguments are text: (context, singular, plural).
FUNCTIONS = {
    "_": (False, 1),
    "gettext": (False, 1),
    "gettext_lazy": (False, 1),
    "gettext_noop": (False, 1),
    "ngettext": (False, 2),
    "ngettext_lazy": (False, 2),
    "pgettext": (True, 1),
    "pgettext_lazy": (True, 1),
    "npgettext": (True, 2),
    "npgettext_lazy": (True, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")
# templatize() turns a template into lines such as `gettext(u'…')` between letters that stand for the rest.
TEMPLATE_CALL = re.compile(r"\b(?:n?p?gettext|_)\(\s*u?['\"]")


@dataclass(frozen=True, order=True)
class Message:
    """One text that the code asks for; the place is not part of its identity."""

    context: str
    text: str
    plural: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def compile_catalogues() -> list[Path]:
    """Writes every ``.mo`` that is older than its ``.po``; returns those written."""
    written = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            catalogue = polib.pofile(str(source))
            # A half-written file must never be read by another process.
            partial = target.with_suffix(".mo.new")
            catalogue.save_as_mofile(str(partial))
            partial.replace(target)
            written.append(target)
    return written


def messages_in_code(root: Path = ROOT) -> list[Message]:
    """Every translatable text of the Python files, the templates and the reference data, in a stable order."""
    found: list[Message] = []
    for folder in CODE_FOLDERS:
        for path in (root / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found += messages_in_python(path.read_text(), str(path.relative_to(root)))
    for folder in ("templates", *CODE_FOLDERS):
        for path in (root / folder).rglob("*"):
            if path.suffix in {".html", ".txt", ".svg"} and (folder == "templates" or "templates" in path.parts):
                found += messages_in_template(path.read_text(), str(path.relative_to(root)))
    return sorted([*found, *messages_in_data(root)])


def messages_in_data(root: Path = ROOT) -> Iterator[Message]:
    """What :data:`DATA_COLUMNS` hold, for ``khuyencong.text.translated``."""
    for name, columns in DATA_COLUMNS.items():
        with (root / "programmes" / "data" / name).open(newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                yield from (
                    Message("", row[column], "", f"programmes/data/{name}:{line}") for column in columns if row[column]
                )


def messages_in_python(source: str, place: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from messages_of_call(node, place)


def messages_of_call(node: ast.Call, place: str) -> Iterator[Message]:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    if name not in FUNCTIONS:
        return
    has_context, texts = FUNCTIONS[name]
    wanted = node.args[: has_context + texts]
    values = [arg.value for arg in wanted if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if len(values) != has_context + texts:
        return
    context = values.pop(0) if has_context else ""
    yield Message(context, values[0], values[1] if texts == 2 else "", f"{place}:{node.lineno}")


def messages_in_template(source: str, place: str) -> Iterator[Message]:
    """Django's own extractor rewrites the template to calls; each is parsed as a Python expression."""
    text = templatize(source)
    for match in TEMPLATE_CALL.finditer(text):
        call = parse_call(text, match.start())
        if call is not None:
            yield from messages_of_call(call, f"{place}:{text.count(chr(10), 0, match.start()) + 1}")


def parse_call(text: str, start: int) -> ast.Call | None:
    """The shortest piece from ``start`` to a closing bracket that reads as one call."""
    end = start
    while (end := text.find(")", end) + 1) > 0:
        try:
            parsed = ast.parse(text[start:end], mode="eval").body
        except SyntaxError:
            continue
        return parsed if isinstance(parsed, ast.Call) else None
    return None


def missing_messages(language: str, messages: Iterable[Message]) -> list[Message]:
    """Those without a translation in the catalogue, each once."""
    catalogue = polib.pofile(str(catalogue_path(language)))
    known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue if entry.translated()}
    missing: dict[tuple[str, str], Message] = {}
    for message in messages:
        if message.key not in known:
            missing.setdefault(message.key, message)
    return list(missing.values())


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))
