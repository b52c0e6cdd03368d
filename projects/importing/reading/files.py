"""A workbook that someone hands over, read in a process of its own."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

from khuyencong.packed import ReadingStopped
from khuyencong.text import nfc

from .answers import unpacked_sheets
from .kinds import workbook_format
from .limits import CHILD_SECONDS, MAX_BYTES
from .sheets import SourceFile
from .unreadable import Unreadable

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]
# What a Python needs to start; keys and passwords of the server are nobody's business there.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")


def read_workbook(name: str, content: bytes) -> SourceFile:
    """The sheets of an .xlsx, .xls or .ods file, known by its content. Raises Unreadable with words for the person.

    Text is NFC; a line end in a cell stays (“\\n”), non-breaking blanks are blanks, and blanks at the ends of lines go.
    Numbers stored as text stay text; a percentage is its text (“50%”), but of an .xls, which calamine
    gives as a number; a day is told by the cell's format.
    """
    try:
        if len(content) > MAX_BYTES:
            raise ReadingStopped("too_big")
        kind = workbook_format(content)
        answer = read_in_child(kind, content)
    except ReadingStopped as stop:
        raise Unreadable(stop.code, stop.sheet) from stop
    return SourceFile(
        name=name,
        format=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        sheets=unpacked_sheets(answer, tidy_text),
        has_links=answer["has_external"],
    )


def read_in_child(kind: str, content: bytes) -> dict[str, Any]:
    """The answer of ``child.py``. Its death, by a parser's crash or by the limits set on it, is a damaged file."""
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    command = [sys.executable, "-m", "projects.importing.reading.child", kind]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=CHILD_SECONDS, cwd=ROOT, env=environment, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as problem:
        said = getattr(problem, "stderr", None) or b""
        logger.warning("Reading a workbook ended badly: %s %s", problem, said[-2000:].decode(errors="replace"))
        raise ReadingStopped("damaged") from problem
    if "stopped" in answer:
        raise ReadingStopped(answer["stopped"], tidy_text(answer["sheet"]))
    return answer


def tidy_text(text: str) -> str:
    """As ``nfc`` with lines, which most texts already are."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    return nfc(text, multiline=True)
