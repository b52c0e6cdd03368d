"""The process that reads a workbook: ``python -m projects.importing.reading.child xlsx < file > answer``.

What a hostile file does to a parser (a loop, memory without end, a crash) happens here and ends with this process.
"""

from __future__ import annotations

import gc
import resource
import sys

from khuyencong.packed import ReadingStopped, broken_is_damaged, opened_zip

from .answers import packed_answer, packed_stop
from .binary import read_binary
from .blocks import cut_all
from .limits import CHILD_MEMORY, CHILD_SECONDS
from .ooxml import has_external_links, read_ooxml
from .opendocument import read_opendocument


def answer_for(kind: str, content: bytes) -> bytes:
    """The sheets, or why there are none."""
    try:
        with broken_is_damaged():
            if kind == "xlsx":
                packed = opened_zip(content)
                sheets, has_external = read_ooxml(packed), has_external_links(packed.namelist())
            elif kind == "ods":
                sheets, has_external = read_opendocument(opened_zip(content))
            else:
                sheets, has_external = read_binary(content)
            return packed_answer(cut_all(sheets), has_external)
    except ReadingStopped as stop:
        return packed_stop(stop)


def main() -> None:
    gc.disable()  # nothing here goes in circles, and the process is short: a quarter of the time
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it reads and answers; it writes no file
    sys.stdout.buffer.write(answer_for(sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
