"""The tree of packages as docs/architecture.md prints it: ``python -m tests.house`` writes it there anew."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tests.sources import LAYERS, ROOT

PAGE = ROOT / "docs" / "architecture.md"
PLACE = re.compile(r"(?<=<!-- tree -->\n```\n).*?(?=```\n<!-- /tree -->)", re.S)
NO_ROOMS = {"migrations", "commands", "formats", "locale", "data", "en", "vi"}
WIDTH = 118


def packages(folder: Path) -> Iterator[Path]:
    """The folder and the packages in it, each before those inside it."""
    if (folder / "__init__.py").exists() and folder.name not in NO_ROOMS:
        yield folder
        for inside in sorted(folder.iterdir()):
            if inside.is_dir():
                yield from packages(inside)


def lines_of(package: Path) -> Iterator[str]:
    """What it is, in the words of its own docstring, and the names of its modules."""
    place = package.relative_to(ROOT).as_posix()
    said = (ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or "").split("\n")[0]
    yield f"{place}/  {said}"
    modules = sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")
    commands = sorted(path.stem for path in package.glob("commands/*.py") if path.stem != "__init__")
    yield from textwrap.wrap(" ".join([*modules, *commands]), WIDTH, initial_indent="    ", subsequent_indent="    ")


def tree() -> str:
    """The site first, what stands on it after it."""
    found = [line for layer in reversed(LAYERS) for package in packages(ROOT / layer) for line in lines_of(package)]
    return "\n".join(found) + "\n"


if __name__ == "__main__":
    PAGE.write_text(PLACE.sub(lambda _found: tree(), PAGE.read_text()))
