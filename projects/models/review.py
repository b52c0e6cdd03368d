"""What reviewers write: comments on a project or a field of it, and the five appraisal criteria."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.accounts.models import Role
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptLine, KeptText
from programmes.models import PlanRound
from projects.models.field_labels import label_of
from projects.models.project import PlanLine, Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


# Whoever writes in another role writes for the Department.
CENTRE_ROLES = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)


class CommentQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Project) -> Self:
        rows = self.filter(project=project).select_related("author", "round", "withdrawal__recorded_by")
        return rows.order_by("pk")

    def to_be_answered(self) -> Self:
        """Remarks that stand, not answers, with their projects."""
        return self.standing().filter(answers=None).select_related("project", "author")

    def standing(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(withdrawal=None)

    def open(self) -> Self:
        """Remarks of which the side that made them had the last word: nobody answered, or it asked again. An answer
        that was withdrawn answers nothing."""
        said = Comment.objects.standing().filter(answers=models.OuterRef("pk")).order_by("-pk")
        rows = self.standing().filter(answers=None).alias(last_role=models.Subquery(said.values("author_role")[:1]))
        by_centre, asked_by_centre = (
            models.Q(**{f"{name}__in": CENTRE_ROLES}) for name in ("last_role", "author_role")
        )
        is_own = (by_centre & asked_by_centre) | (~by_centre & ~asked_by_centre)
        return rows.filter(models.Q(last_role=None) | is_own)

    def open_in(self, plan_round: PlanRound) -> Self:
        """Of the projects of that round."""
        rows = self.open().filter(project__lines__round=plan_round).select_related("project")
        return rows.order_by("project", "pk")

    def open_counts(self, projects: Iterable[Project]) -> dict[int, int]:
        """By project, of those with one."""
        rows = self.open().filter(project__in=list(projects)).order_by().values_list("project")
        return dict(rows.annotate(models.Count("pk")))


class Comment(AppendOnly):
    """A remark on a project's line in a round; on one field of the project when ``field`` names it.

    Written by the Department or the Centre, and never changed: an inspector reads what was said. ``answers`` names the
    remark under which it stands: the other side's word there answers it, a later one of the side that made the remark
    asks again (:meth:`CommentQuerySet.open`). A wrong one is withdrawn (:class:`CommentWithdrawal`).
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="comments", verbose_name=_("đề án"))
    round = models.ForeignKey(
        PlanRound, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("đợt")
    )
    field = models.CharField(_("mục"), max_length=30, blank=True)
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("trả lời ý kiến")
    )
    text = KeptText(_("ý kiến"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nêu ý kiến")
    )
    author_role = models.CharField(_("với vai trò"), max_length=20, choices=Role, blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ý kiến")
        verbose_name_plural = _("ý kiến")

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_of_centre(self) -> bool:
        return self.author_role in CENTRE_ROLES

    @property
    def field_label(self) -> str:
        """What the comment is about, as the form of a project calls it."""
        return label_of(self.field) if self.field else ""


class CommentWithdrawalQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(comment__project__organisation__in=user.visible_organisation_ids())


class CommentWithdrawal(AppendOnly):
    """A remark, or an answer, taken back: it is read on, struck through, and waits for nobody."""

    comment = models.OneToOneField(Comment, models.PROTECT, related_name="withdrawal", verbose_name=_("ý kiến"))
    reason = KeptLine(_("lý do rút"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người rút")
    )

    objects: ClassVar = CommentWithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ý kiến đã rút")
        verbose_name_plural = _("ý kiến đã rút")

    def __str__(self) -> str:
        return self.reason


class AppraisalQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Project) -> Self:
        return self.filter(project=project)

    def of_line(self, line: PlanLine) -> Self:
        return self.filter(project=line.project_id, round=line.round_id)

    def newest_first(self) -> Self:
        return self.select_related("appraiser", "round__plan").order_by("-pk")


class Appraisal(AppendOnly):
    """The appraisal of a project at the Department (thẩm định cấp cơ sở): five answers and a conclusion.

    One for each time that a reviewer has decided; the newest counts.
    """

    class Conclusion(models.TextChoices):
        ACCEPT = "accept", pgettext_lazy("of an appraisal", "Thống nhất đưa vào kế hoạch")
        RETURN = "return", _("Yêu cầu bổ sung, hoàn thiện")
        REFUSE = "refuse", _("Không đưa vào kế hoạch")

    project = models.ForeignKey(Project, models.PROTECT, related_name="appraisals", verbose_name=_("đề án"))
    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="appraisals", verbose_name=_("đợt"))
    conclusion = models.CharField(_("kết luận"), max_length=10, choices=Conclusion)
    note = KeptText(_("ý kiến thẩm định"), blank=True)
    appraiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người thẩm định")
    )
    appraised_on = models.DateField(_("ngày thẩm định"))
    # What the document names, as it was read when it was signed (``projects.papers.appraisal_sheet``).
    sheet: Any = models.JSONField(_("phiếu như đã ký"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    objects: ClassVar = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("phiếu thẩm định")
        verbose_name_plural = _("phiếu thẩm định")

    def __str__(self) -> str:
        return f"{self.get_conclusion_display()}"


class AppraisalAnswerQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(appraisal__project__organisation__in=user.visible_organisation_ids())


class AppraisalAnswer(AppendOnly):
    """The answer to one criterion (TT 36/2013, Điều về thẩm định cấp cơ sở)."""

    class Criterion(models.TextChoices):
        PRINCIPLES = "principles", _("Phù hợp với nguyên tắc lập đề án và chương trình, kế hoạch")
        EFFECT = "effect", _("Mục tiêu, sự cần thiết, hiệu quả; sự hợp lý của kinh phí")
        ABILITY = "ability", _("Năng lực của đơn vị thực hiện, phối hợp và thụ hưởng")
        COMBINATION = "combination", _("Khả năng kết hợp, lồng ghép với chương trình, dự án khác")
        COMPLETENESS = "completeness", _("Sự đầy đủ, phù hợp của hồ sơ, tài liệu")

    class Verdict(models.TextChoices):
        MET = "met", pgettext_lazy("of a criterion", "Đạt")
        NOT_MET = "not_met", pgettext_lazy("of a criterion", "Chưa đạt")
        NOT_APPLICABLE = "not_applicable", _("Không áp dụng")

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="answers")
    criterion = models.CharField(_("tiêu chí"), max_length=20, choices=Criterion)
    verdict = models.CharField(_("đánh giá"), max_length=20, choices=Verdict)
    note = KeptText(_("nhận xét"), blank=True)

    objects: ClassVar = AppraisalAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("tiêu chí thẩm định")
        verbose_name_plural = _("tiêu chí thẩm định")
        constraints = [models.UniqueConstraint(fields=["appraisal", "criterion"], name="criterion_answered_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.verdict}"
