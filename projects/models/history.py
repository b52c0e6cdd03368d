"""What happened to a round or a project, and what its text was at each submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextBlock
from khuyencong.ledger import AppendOnly, AppendOnlyQuerySet
from programmes.models import Decision, PlanRound
from projects.models.project import Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class StatusChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        seen = user.visible_organisation_ids()
        return self.filter(Q(project__organisation__in=seen) | Q(round__plan__organisation__in=seen))

    def of_project(self, project: Project) -> Self:
        return self.filter(project=project)

    def newest_first(self) -> Self:
        return self.select_related("actor", "decision").order_by("-pk")


class StatusChange(AppendOnly):
    """One step in the life of a round or a project: who, when, from which day it counts, why, under which letter."""

    round = models.ForeignKey(PlanRound, models.PROTECT, null=True, blank=True, related_name="status_changes")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="status_changes")
    transition = models.CharField(_("bước"), max_length=30)
    source_status = models.CharField(_("từ trạng thái"), max_length=12)
    target_status = models.CharField(_("sang trạng thái"), max_length=12)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người thực hiện")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    effective_on = models.DateField(_("tính từ ngày"))
    reason = TextBlock(_("lý do"), blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="status_changes", verbose_name=_("văn bản")
    )

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lịch sử trạng thái")
        verbose_name_plural = _("lịch sử trạng thái")
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, project=None) | Q(round=None, project__isnull=False),
                name="status_change_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_status} → {self.target_status}"

    @property
    def target_label(self) -> str:
        statuses = Project.Status if self.project_id else PlanRound.Status
        return str(statuses(self.target_status).label)


class ProjectRevision(AppendOnly):
    """The text, places, beneficiaries and costs of a project as they were submitted; a dated snapshot."""

    class Occasion(models.TextChoices):
        SUBMISSION = "submission", _("Gửi thẩm định")
        ADJUSTMENT = "adjustment", _("Điều chỉnh")

    project = models.ForeignKey(Project, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("lần"))
    occasion = models.CharField(_("dịp"), max_length=12, choices=Occasion)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    snapshot: Any = models.JSONField(_("nội dung"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        verbose_name = _("bản thuyết minh")
        verbose_name_plural = _("bản thuyết minh")
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.number}"
