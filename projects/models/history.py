"""What happened to a round or a project, its text at each submission, and every change of a field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, EffectiveQuerySet
from khuyencong.asof import AsOf
from khuyencong.fields import FoldedField, KeptText
from khuyencong.text import folded_query
from programmes.models import Decision
from projects.models.beneficiary import Beneficiary
from projects.models.field_labels import label_of
from projects.models.project import Project
from projects.models.status_change import RecordedQuerySet

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class ProjectRevisionQuerySet(EffectiveQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_decision(self, decision: Decision) -> Self:
        return self.filter(decision=decision).select_related("project", "recorded_by").order_by("pk")

    def adjustments(self) -> Self:
        """What letters changed, not what put that right."""
        return self.filter(occasion=ProjectRevision.Occasion.ADJUSTMENT)

    def before(self, revision: ProjectRevision) -> ProjectRevision | None:
        """The text that stood before that one."""
        return self.filter(project=revision.project_id, number__lt=revision.number).order_by("-number").first()

    def submissions_of(self, project: Project) -> Self:
        """The texts that were sent to the Department, the newest first."""
        return self.filter(project=project, occasion=ProjectRevision.Occasion.SUBMISSION).order_by("-number")

    def of_former_texts(self, projects: Iterable[Any], as_of: AsOf) -> Self:
        """All texts of those projects that have said something else since, in their order.

        A text that was sent once and never changed says the same on every day.
        """
        is_change = Q(number__gt=1) | Q(occasion=ProjectRevision.Occasion.ADJUSTMENT)
        if isinstance(projects, models.QuerySet):
            projects = projects.order_by().values("pk")
        later = self.model._default_manager.filter(as_of.not_yet(), is_change, project=OuterRef("project"))
        return self.filter(Exists(later), project__in=projects).order_by("project", "number")


class ProjectRevision(AppendOnly):
    """The text, places, beneficiaries and costs of a project as they were submitted; a dated snapshot.

    An adjustment that was recorded wrongly is put right by one that ``corrects`` it, under the same letter and from the
    same day; corrected again, both name the first.
    """

    class Occasion(models.TextChoices):
        SUBMISSION = "submission", _("Gửi thẩm định")
        ADJUSTMENT = "adjustment", _("Điều chỉnh")
        CORRECTION = "correction", _("Đính chính điều chỉnh")

    project = models.ForeignKey(Project, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("lần ghi"))
    occasion = models.CharField(_("bước ghi"), max_length=12, choices=Occasion)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name=_("văn bản")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("đính chính cho")
    )
    reason = KeptText(_("lý do"), blank=True)
    snapshot: Any = models.JSONField(_("nội dung"))

    objects: ClassVar = ProjectRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        verbose_name = _("bản thuyết minh")
        verbose_name_plural = _("bản thuyết minh")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=Q(occasion="correction", corrects__isnull=False, decision__isnull=False) & ~Q(reason="")
                | ~Q(occasion="correction") & Q(corrects=None),
                name="revision_corrects_with_reason",
                violation_error_message=_("Đính chính phải ghi điều chỉnh được đính chính và lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.number}"


class FieldChangeQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> Self:
        """The history of a record is readable by whoever reads the record."""
        return self.filter(
            Q(project__organisation__in=user.visible_organisation_ids())
            | Q(beneficiary__province__in=user.lineage_ids())
        )

    def of_decision(self, decision: Decision) -> Self:
        """What was changed in projects under that letter."""
        return self.filter(decision=decision, project__isnull=False).select_related("project").order_by("pk")

    def of_beneficiary(self, beneficiary: Beneficiary) -> Self:
        return self.filter(beneficiary=beneficiary)

    def matching(self, text: str) -> Self:
        """By words of what stood before or after, ignoring marks and case."""
        return self.filter(folded_query(text, "search"))

    def of_kind(self, kind: str) -> Self:
        """Changes of a ``project`` or a ``beneficiary``; rounds have no fields of their own."""
        return self.filter(**{f"{kind}__isnull": False}) if kind in ("project", "beneficiary") else self.none()

    def mentioning(self, word: str) -> Self:
        """By one word of what stood before or after, or of the record's own name or code."""
        columns = ("search", "project__search", "beneficiary__search")
        return self.filter(reduce(or_, (folded_query(word, column) for column in columns)))

    def newest_first(self) -> Self:
        return self.select_related("actor", "on_behalf_of", "decision", "project", "beneficiary").order_by("-pk")


class FieldChange(AppendOnly):
    """One field of a project or a beneficiary that somebody changed: from what, to what, when, under which letter, in
    whose name if not their own, and why, where what was recorded was put right.

    ``before`` and ``after`` are texts as a reader sees them; personal numbers are masked before they come here.
    """

    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="field_changes")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, null=True, blank=True, related_name="field_changes")
    field = models.CharField(_("mục"), max_length=60)
    before = KeptText(_("trước"), blank=True)
    after = KeptText(_("sau"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người thực hiện")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="field_changes", verbose_name=_("văn bản")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theo ủy quyền của"),
    )
    reason = KeptText(_("lý do"), blank=True)
    search = FoldedField(sources=("before", "after"))

    objects: ClassVar = FieldChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lịch sử sửa đổi")
        verbose_name_plural = _("lịch sử sửa đổi")
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, beneficiary=None) | Q(project=None, beneficiary__isnull=False),
                name="field_change_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @property
    def field_label(self) -> str:
        return label_of(self.field, of_beneficiary=self.beneficiary_id is not None)
