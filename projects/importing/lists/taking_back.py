"""What stands in the way of taking a list back: that somebody has had one of its records in hand since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.importing.models import ImportBatch, ImportedRow
from projects.models import Project, StatusChange
from projects.refusals import Refused


def reason_of(rows: Sequence[ImportedRow]) -> str:
    """What the history of each record says."""
    with override("vi"):
        return _("Rút lại lần nhập từ tệp “%(file)s”") % {"file": rows[0].batch.file_name}


def refuse_touched(rows: Sequence[ImportedRow], status: str) -> None:
    """Raises Refused for the first project that is not as the list wrote it, in ``status``. Steps that it took since
    and that were annulled leave it so, and later lists that were taken back: each changed it and put it back."""
    imported = Project.objects.filter(imported_rows__batch=rows[0].batch)
    worked_on = set(imported.worked_on().values_list("pk", flat=True))
    since = StatusChange.objects.filter(project__in=imported, recorded_at__gt=rows[0].batch.written_at)
    steps = Counter(since.values_list("project", flat=True))
    undone = Counter(_changed_and_put_back(imported, rows[0].batch))
    for row, project in ((row, row.project) for row in rows if row.project is not None):
        since_written = steps[project.pk] + 2 * undone[project.pk]
        is_as_written = project.version - since_written == row.version_written and project.status == status
        if not is_as_written or project.pk in worked_on:
            text = _(
                "Đề án %(code)s đã được sửa, gửi, trao đổi hoặc đính kèm hồ sơ sau lần nhập, nên không rút "
                "lại lần nhập được."
            )
            raise Refused(text % {"code": project.code}, code="touched")


def _changed_and_put_back(projects: QuerySet[Project], batch: ImportBatch) -> Iterable[int]:
    """The projects that lists written after this one changed, once for each that was taken back."""
    later = ImportedRow.objects.filter(
        batch__stage=ImportBatch.Stage.TAKEN_BACK,
        batch__written_at__gt=batch.written_at,
        became=ImportedRow.Became.CHANGED,
        project__in=projects,
    )
    return later.values_list("project", flat=True)
