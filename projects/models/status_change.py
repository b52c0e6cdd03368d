"""Steps in the life of rounds and projects: rows that are recorded once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet, EffectiveQuerySet
from khuyencong.fields import KeptText
from khuyencong.text import folded_query
from programmes.models import Decision, PlanRound
from projects.models.project_states import ProjectStates

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


# How a line stands after each step that concerns it; before the first it waits.
CONCLUDED = {
    **dict.fromkeys(("submit", "recall", "reconsider"), ProjectStates.Status.SUBMITTED),
    **dict.fromkeys(("appraise", "cancel"), ProjectStates.Status.APPRAISED),
    "return": ProjectStates.Status.RETURNED,
    **dict.fromkeys(("refuse", "reject"), ProjectStates.Status.REFUSED),
}


class RecordedQuerySet(AppendOnlyQuerySet):
    """What the two tables of history are asked alike; both say ``actor``, ``recorded_at``, ``project``."""

    def recorded_by(self, actor_id: int) -> Self:
        return self.filter(actor=actor_id)

    def recorded_between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """By local days, both included; None leaves that end open."""
        rows = self if first is None else self.filter(recorded_at__gte=_start_of(first))
        return rows if last is None else rows.filter(recorded_at__lt=_start_of(last + dt.timedelta(days=1)))

    def of_project(self, project: Any) -> Self:
        return self.filter(project=project)


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class StatusChangeQuerySet(RecordedQuerySet, EffectiveQuerySet):  # type: ignore[override]  # two as_manager()
    def visible_to(self, user: User) -> Self:
        seen = user.visible_organisation_ids()
        return self.filter(Q(project__organisation__in=seen) | Q(round__plan__organisation__in=seen))

    def of_kind(self, kind: str) -> Self:
        """Steps of ``project`` or ``round``; beneficiaries take none."""
        return self.filter(**{f"{kind}__isnull": False}) if kind in ("project", "round") else self.none()

    def mentioning(
        self, word: str, *, transitions: Iterable[str], statuses: Iterable[str], rounds: Iterable[int]
    ) -> Self:
        """By one word of the project's name or code, or among the steps, statuses and rounds whose labels have it."""
        states = Q(source_status__in=list(statuses)) | Q(target_status__in=list(statuses))
        spoken_of = list(rounds)
        named = Q(transition__in=list(transitions)) | Q(round__in=spoken_of) | Q(in_round__in=spoken_of)
        return self.filter(folded_query(word, "project__search") | states | named)

    def named(self, *transitions: str) -> Self:
        return self.filter(transition__in=transitions)

    def taken_by(self, people: Iterable[int]) -> Self:
        """By one of them, or in the name of one."""
        ids = list(people)
        return self.filter(Q(actor__in=ids) | Q(on_behalf_of__in=ids))

    def ordinary_of_rounds(self, plan: Any) -> Self:
        """Of the plan's rounds, but for the one step of that in which past records stand."""
        return self.filter(round__plan=plan).exclude(transition="record")

    def with_step(self) -> Self:
        """Adds ``step``, “round/return”: rounds and projects call steps of one code by different words."""
        kind = Case(When(project=None, then=Value("round/")), default=Value("project/"))
        return self.annotate(step=Concat(kind, "transition", output_field=models.CharField()))

    def of_line(self, round_id: Any) -> Self:
        """What was concluded of the project's line in that round, and what concerned all its lines."""
        return self.filter(Q(in_round=round_id) | Q(in_round=None))

    def newest_first(self) -> Self:
        return self.select_related("actor", "on_behalf_of", "decision", "in_round").order_by("-pk")

    def for_journal(self) -> Self:
        """With what a row of the history names."""
        return self.newest_first().select_related("project", "round__plan")


class StatusChange(AppendOnly):
    """One step in the life of a round or a project: who, in whose name if not their own, when, from which day it
    counts, why, under which letter.

    ``in_round``: of which of its lines a step of a project speaks, where it is judged or decided; of a project in two
    rounds, what is concluded of the one line leaves the other as it stands (:meth:`PlanLineQuerySet.with_status`).
    """

    round = models.ForeignKey(PlanRound, models.PROTECT, null=True, blank=True, related_name="status_changes")
    project = models.ForeignKey("Project", models.PROTECT, null=True, blank=True, related_name="status_changes")
    in_round = models.ForeignKey(
        PlanRound, models.PROTECT, null=True, blank=True, related_name="line_steps", verbose_name=_("đợt của dòng")
    )
    transition = models.CharField(_("bước"), max_length=30)
    source_status = models.CharField(_("từ trạng thái"), max_length=12)
    target_status = models.CharField(_("sang trạng thái"), max_length=12)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người thực hiện")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theo ủy quyền của"),
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    effective_on = models.DateField(_("tính từ ngày"))
    is_day_unknown = models.BooleanField(_("chưa rõ ngày"), default=False)
    reason = KeptText(_("lý do"), blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="status_changes", verbose_name=_("văn bản")
    )

    objects: ClassVar = StatusChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lịch sử trạng thái")
        verbose_name_plural = _("lịch sử trạng thái")
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, project=None) | Q(round=None, project__isnull=False),
                name="status_change_of_one_record",
            ),
            models.CheckConstraint(
                condition=Q(in_round=None) | Q(project__isnull=False), name="status_change_of_line_names_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_status} → {self.target_status}"

    @property
    def people(self) -> set[int]:
        """Ids of who took the step, and of whoever they took it for."""
        return {self.actor_id} | ({self.on_behalf_of_id} if self.on_behalf_of_id else set())

    @property
    def known_on(self) -> dt.date | None:
        """The day of the step; None where nobody knows it: under a letter of unknown day, of a past record when it was
        entered, and where its file has none. ``effective_on``, from which it counts, is never printed as the step's own
        day."""
        is_undated = self.transition == "record" or (self.decision is not None and self.decision.is_date_unknown)
        return None if is_undated or self.is_day_unknown else self.effective_on

    @property
    def line_label(self) -> str:
        """How the line of which it speaks stands after it, where its project stands otherwise by its other lines."""
        stands = CONCLUDED.get(self.transition) if self.in_round_id else None
        return str(stands.label) if stands and stands != self.target_status else ""

    @property
    def target_label(self) -> str:
        statuses = ProjectStates.Status if self.project_id else PlanRound.Status
        return str(statuses(self.target_status).label)
