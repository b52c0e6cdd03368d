"""Programs and a font outside Python that some tests need: where they are, and what to say when they are missing.

``python -m tests.requirements postgresql chromium`` fails unless the named ones are there;
``--summary`` says which parts of the tests were left out and how to add them.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest


def postgresql() -> str | None:
    """The directory with the newest PostgreSQL server's programs."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if found:
        return str(max(found, key=lambda path: float(path.parent.name)))
    initdb = shutil.which("initdb")
    return str(Path(initdb).resolve().parent) if initdb else None


def chromium() -> str | None:
    """The one without a window if it is there: it opens a page with a third of the work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def poppler() -> str | None:
    return shutil.which("pdftotext")


def liberation() -> str | None:
    """The folder of Liberation Serif; version 2, which has Vietnamese letters, before version 1."""
    return max((str(path.parent) for path in Path("/usr/share/fonts").rglob("LiberationSerif-Bold.ttf")), default=None)


PROGRAMS = {
    "postgresql": postgresql,
    "chromium": chromium,
    "libreoffice": libreoffice,
    "poppler": poppler,
    "liberation": liberation,
}
HOW_TO_ADD = {
    "postgresql": "The tests were not run on PostgreSQL: no server programs. Debian: apt install postgresql",
    "chromium": "The browser tests were left out: no Chromium. Debian: apt install chromium-headless-shell",
    "libreoffice": "Workbooks were not opened in LibreOffice. "
    "Debian: apt install libreoffice-calc libreoffice-writer fonts-liberation2",
    "poppler": "Printed pages were not read: no pdftotext. Debian: apt install poppler-utils",
    "liberation": "Widths of letters were not compared with the font. Debian: apt install fonts-liberation2",
}


def need(name: str) -> str:
    """The program for a test; skips the test when it is missing, fails when ``REQUIRE`` names it."""
    found = PROGRAMS[name]()
    if found is None:
        stop = pytest.fail if name in os.environ.get("REQUIRE", "").split() else pytest.skip
        stop(HOW_TO_ADD[name])
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--summary"]:
        for name, find in PROGRAMS.items():
            if find() is None:
                print(f"-- {HOW_TO_ADD[name]}")
        return 0
    unknown = [name for name in arguments if name not in PROGRAMS]
    missing = [name for name in arguments if name not in unknown and PROGRAMS[name]() is None]
    for name in unknown:
        print(f"REQUIRE: {name} is not one of {', '.join(PROGRAMS)}.", file=sys.stderr)
    for name in missing:
        print(f"REQUIRE names {name}. {HOW_TO_ADD[name]}", file=sys.stderr)
    return 1 if unknown or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
