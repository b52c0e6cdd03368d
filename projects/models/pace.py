"""How a project keeps to its schedule as of a day, for SQL to filter and group by."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Case, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import NOW, AsOf
from khuyencong.money import NOT_RECORDED
from projects.models.past_record import PastRecord
from projects.models.progress import ProgressReport
from projects.models.project_states import ProjectStates
from projects.models.status_as_of import status_expression


class Pace(models.TextChoices):
    """How a project keeps to its schedule, by its latest report as of a day. Only work under way is late."""

    ON = "on", _("Đúng tiến độ")
    LATE = "late", _("Chậm tiến độ")
    WAS_LATE = "was_late", _("Đã kết thúc, từng báo chậm")
    NONE = "none", _("Chưa báo cáo")

    @property
    def beside_status(self) -> str:
        """Where the status says already that the work is over, and what is not reported is not named."""
        return {Pace.WAS_LATE: gettext("Từng báo chậm"), Pace.NONE: NOT_RECORDED}.get(self, str(self.label))


def pace_expression(project: str, as_of: AsOf = NOW, former: Mapping[int, str] | None = None) -> Coalesce:
    """The :class:`Pace` of the project at that path (empty: of the row itself) as of then: what its latest report
    says, and of one that says late whether the work is under way; without any report what the file of a past record
    states. ``former`` as for the status.
    """
    latest = ProgressReport.objects.latest_of(project or "pk", as_of)
    pace = Case(
        When(is_on_schedule=True, then=Value(Pace.ON)),
        When(stood__in=ProjectStates.RUNNING, then=Value(Pace.LATE)),
        default=Value(Pace.WAS_LATE),
        output_field=models.CharField(),
    )
    said = latest.alias(stood=status_expression("project", as_of, former)).values(pace=pace)
    kept = Case(
        When(is_on_schedule=True, then=Value(Pace.ON)), default=Value(Pace.WAS_LATE), output_field=models.CharField()
    )
    stated = PastRecord.objects.stating_pace_of(project or "pk", as_of).values(pace=kept)
    return Coalesce(Subquery(said), Subquery(stated), Value(Pace.NONE), output_field=models.CharField())
