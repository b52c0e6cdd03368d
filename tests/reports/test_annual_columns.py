"""Columns of the yearly list in which nothing is said give their room to those whose texts are long."""

from __future__ import annotations

from types import SimpleNamespace

from projects.models import Project
from projects.models.pace import Pace
from reports.annual.rows import CATALOGUE, with_room
from reports.wording.project_words import status_of
from reports.yearly.sentences import _standing

EMPTY = dict.fromkeys((one.key for one in CATALOGUE), "")


def test_room_goes_to_the_longest_texts() -> None:
    row = SimpleNamespace(**EMPTY | {"name": "Đào tạo nghề thêu ren", "activity": "Đào tạo nghề, truyền nghề " * 3})
    before, after = ({one.key: one.width for one in columns} for columns in (CATALOGUE, with_room(CATALOGUE, [row])))
    assert abs(sum(before.values()) - sum(after.values())) < 0.01
    assert after["aims"] < before["aims"] and after["effects"] < before["effects"]
    assert after["activity"] > 2 * before["activity"] and after["total_vnd"] == before["total_vnd"]


def test_without_rows_nothing_moves() -> None:
    assert with_room(CATALOGUE, []) == list(CATALOGUE)


def test_a_status_stands_alone_where_no_progress_was_told() -> None:
    project = SimpleNamespace(shown_status=Project.Status.APPROVED, shown_pace=Pace.NONE)
    assert status_of(project) == "Đã phê duyệt"
    project.shown_pace = Pace.LATE
    assert status_of(project) == "Đã phê duyệt\nChậm tiến độ"


def test_a_status_that_names_a_paper_reads_as_a_sentence() -> None:
    assert _standing("Hồ sơ cũ chờ xác nhận", 9) == "9 đề án có hồ sơ cũ chờ xác nhận"
    assert _standing("Đã phê duyệt", 2) == "2 đề án đã phê duyệt"
