"""What stands in the way of taking a list back: that somebody has had one of its records in hand since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.importing.models import ImportedRow
from projects.models import Project, StatusChange
from projects.refusals import Refused


def reason_of(rows: Sequence[ImportedRow]) -> str:
    """What the history of each record says."""
    with override("vi"):
        return _("Rút lại lần nhập từ tệp “%(file)s”") % {"file": rows[0].batch.file_name}


def refuse_touched(rows: Sequence[ImportedRow], status: str) -> None:
    """Raises Refused for the first project that is not as the list wrote it, in ``status``. Steps that it took since
    and that were annulled leave it so."""
    imported = Project.objects.filter(imported_rows__batch=rows[0].batch)
    worked_on = set(imported.worked_on().values_list("pk", flat=True))
    since = StatusChange.objects.filter(project__in=imported, recorded_at__gt=rows[0].batch.written_at)
    steps = Counter(since.values_list("project", flat=True))
    for row, project in ((row, row.project) for row in rows if row.project is not None):
        is_as_written = project.version - steps[project.pk] == row.version_written and project.status == status
        if not is_as_written or project.pk in worked_on:
            text = _(
                "Đề án %(code)s đã được sửa, gửi, trao đổi hoặc đính kèm hồ sơ sau lần nhập, nên không rút "
                "lại lần nhập được."
            )
            raise Refused(text % {"code": project.code}, code="touched")
