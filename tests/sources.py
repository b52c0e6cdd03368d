"""The files that conventions are asked of."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("reports", "projects", "programmes", "khuyencong")
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for folder in ("templates", *LAYERS) for path in (ROOT / folder).rglob("*.html"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
