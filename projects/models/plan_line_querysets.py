"""The vocabulary for asking about plan lines; their model stands in ``project.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from khuyencong.asof import NOW, AsOf
from projects.models.money import ApprovalEntry
from projects.models.project_states import ProjectStates
from projects.models.status_as_of import counted_by, left_out, status_expression
from projects.models.status_change import CONCLUDED, StatusChange

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


# A letter that stands took the project into the year of the line.
CARRIED = Q(carried_by__isnull=False, carried_by__is_cancelled=False)


class PlanLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__plan__organisation__in=user.visible_organisation_ids())

    def for_plans(self, plans: Iterable[Any]) -> Self:
        return self.filter(round__plan__in=plans)

    def counted(self, as_of: AsOf = NOW) -> Self:
        """Lines of projects that count in totals as of then."""
        return counted_by(self, "project", as_of)

    def uncounted(self) -> Self:
        """Those that :meth:`counted` leaves out now."""
        return left_out(self, "project")

    def of_activity(self, code: str) -> Self:
        """Of projects with that content."""
        return self.filter(project__components__activity_type__code=code)

    def of_projects(self, ids: Iterable[int]) -> Self:
        return self.filter(project__in=ids)

    def not_carried(self) -> Self:
        """Without those of projects that go on by a letter: they are asked for, sent and appraised by nobody again."""
        return self.exclude(CARRIED)

    def carried_by(self, decision: Any) -> Self:
        """Lines with which projects go on by that letter, and whether it says with how much."""
        amounts = ApprovalEntry.objects.filter(plan_line=OuterRef("pk"), decision=decision)
        rows = self.filter(carried_by=decision).annotate(has_money=Exists(amounts))
        return rows.select_related("project", "round__plan").order_by("project__code", "pk")

    def undecided(self) -> Self:
        """Lines for which no letter has approved anything yet, nor carried them here without an amount; one that was
        cancelled has not."""
        approvals = ApprovalEntry.objects.of_standing_letters()
        return self.not_carried().filter(~Exists(approvals.filter(plan_line=OuterRef("pk"))))

    def entered_by(self, as_of: AsOf) -> Self:
        """Lines of projects that had been entered by the day of recording."""
        return self.filter(as_of.recorded("project__created_at"))

    def with_status(self, as_of: AsOf = NOW) -> Self:
        """Adds ``status_then``: how the line itself stands as of then, in the words of its project's statuses.

        While the project is before the Department, and where it runs by what another line got, a line stands as it was
        concluded last; sent again, it waits anew. What is with the Centre, and what a letter decided or carried here,
        stands as its project does.
        """
        letters = ApprovalEntry.objects.effective_by(as_of).filter(plan_line=OuterRef("pk"))
        status = ProjectStates.Status
        # No line of an appraised project waits, but one may have been refused.
        is_judged = Q(project_then=status.SUBMITTED) | Q(project_then=status.APPRAISED, conclusion=status.REFUSED)
        is_own = is_judged | (Q(project_then__in=ProjectStates.REPORTABLE) & ~Q(Exists(letters)) & ~CARRIED)
        rows = self.with_conclusion(as_of).alias(project_then=status_expression("project", as_of))
        own = Case(When(is_own, then=F("conclusion")), default=F("project_then"), output_field=models.CharField())
        return rows.annotate(status_then=own)

    def with_conclusion(self, as_of: AsOf = NOW) -> Self:
        """Adds ``conclusion``: the status to which the last step that concerned the line took it."""
        steps = StatusChange.objects.filter(project=OuterRef("project")).of_line(OuterRef("round"))
        by_step = (When(transition=name, then=Value(stands)) for name, stands in CONCLUDED.items())
        last = steps.effective_by(as_of).named(*CONCLUDED).order_by("-pk")
        stands = Subquery(last.values(stands=Case(*by_step, output_field=models.CharField()))[:1])
        return self.annotate(conclusion=Coalesce(stands, Value(ProjectStates.Status.SUBMITTED)))

    def line_of(self, plan_round: Any, project: Any) -> Any:
        """The project's line in the round with how it stands, as a step of it is told; None where there is none."""
        lines = self.filter(round=plan_round, project=project).with_status()
        return lines.select_related("round__plan", "project").first()

    def standing(self, *statuses: str) -> Self:
        """Of themselves now, as :meth:`with_status` says."""
        return self.with_status().filter(status_then__in=statuses)

    def unresolved(self) -> Self:
        """With something left to do for the reviewer, or for the Centre that is to send them again."""
        return self.with_status().exclude(status_then__in=ProjectStates.RESOLVED)
