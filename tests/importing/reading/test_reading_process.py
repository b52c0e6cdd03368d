"""The process that reads: what happens in it stays in it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from projects.importing.reading import child, files, limits
from projects.importing.reading.files import Unreadable, read_workbook
from tests.importing.reading.builders import by_openpyxl, cells

PLAIN = by_openpyxl(cells({"A1": "STT"}))


def test_it_knows_nothing_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Django is loaded, which would take half a second, and no key of the server is handed on."""
    asked = "import sys, projects.importing.reading.child; print('django' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=files.ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
    assert not {"SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & set(files._PASSED_ON)


def ended_by(death: str, monkeypatch: pytest.MonkeyPatch) -> BaseException | None:
    """What ends a process that does this instead of reading: to whoever brought the file, a damaged one."""
    run = subprocess.run
    monkeypatch.setattr(files.subprocess, "run", lambda command, **more: run([sys.executable, "-c", death], **more))
    with pytest.raises(Unreadable, match="Tệp bị hỏng") as problem:
        read_workbook("a.xlsx", PLAIN)
    assert problem.value.code == "damaged" and problem.value.__cause__ is not None
    return problem.value.__cause__.__cause__


@pytest.mark.parametrize(
    ("death", "end"),
    [
        ("import os; os.abort()", subprocess.CalledProcessError),
        ("raise SystemExit(1)", subprocess.CalledProcessError),
        ("print('no answer')", ValueError),
        ("pass", ValueError),
        (
            "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 28, 1 << 28)); bytearray(1 << 30)",
            subprocess.CalledProcessError,
        ),
    ],
)
def test_its_death_is_a_damaged_file(death: str, end: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(ended_by(death, monkeypatch), end)


def test_a_process_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHILD_SECONDS", 1)
    end = ended_by("import time; time.sleep(20)", monkeypatch)
    assert isinstance(end, subprocess.TimeoutExpired) and end.timeout == 1


def test_it_takes_its_limits_on_itself_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory and processor time, no core and no file: what a parser does without end, ends with them."""
    asked = (
        "import resource as r; from projects.importing.reading import child\n"
        "limits = (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE, r.RLIMIT_FSIZE)\n"
        "child.answer_for = lambda *given: str([r.getrlimit(one)[0] for one in limits]).encode()\n"
        "child.main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked, "xlsx"], cwd=files.ROOT, input=b"", capture_output=True, check=True
    )
    assert json.loads(answer.stdout) == [limits.CHILD_MEMORY, limits.CHILD_SECONDS, 0, 0]


def test_it_answers_in_json_with_each_text_once() -> None:
    answer = json.loads(child.answer_for("xlsx", by_openpyxl(cells({"A1": "x", "B1": "x", "C1": 1.5}))))
    assert answer["texts"] == ["x"] and answer["sheets"][0]["rows"] == [[1, ["s0", "s0", 1.5]]]


def test_too_long_an_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.importing.reading.answers.MAX_ANSWER", 50)
    assert json.loads(child.answer_for("xlsx", PLAIN)) == {"stopped": "too_many_cells", "sheet": ""}


def test_too_many_cells_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of those that hold something nor of places in the rows that do."""
    content = by_openpyxl(cells({"A1": 1, "B2": 2, "C3": 3}))
    for limit in ("MAX_CELLS", "MAX_GRID"):
        with monkeypatch.context() as changed:
            changed.setattr(f"projects.importing.reading.blocks.{limit}", 2)
            assert json.loads(child.answer_for("xlsx", content))["stopped"] == "too_many_cells"
