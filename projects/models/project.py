"""A project, its contents, and its line in each year's plan."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.attachments import Attachment, AttachmentQuerySet, current_of
from khuyencong.fields import FoldedField, SortKeyField, TextBlock, TextLine
from programmes.models import ActivityType, AdminUnit, AnnualPlan, Decision, PlanRound, SupportNorm, listed_units
from programmes.models.dated import dates_in_order
from projects.models.pace import Pace
from projects.models.plan_line_querysets import PlanLineQuerySet
from projects.models.project_querysets import ProjectQuerySet
from projects.models.project_states import ProjectStates

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class Project(ProjectStates, models.Model):
    """Đề án: what is asked for, where and for whom. Dates, headings and costs may be empty in a draft or an old record.

    ``version`` counts the writes to the whole aggregate (contents, lines, supports, progress); a save that was
    started from an older version is refused and shows both texts.
    """

    code = models.CharField(_("mã đề án"), max_length=30)
    name = TextLine(_("tên đề án"), max_length=500)
    kind = models.CharField(_("loại"), max_length=10, choices=ProjectStates.Kind, default=ProjectStates.Kind.SINGLE)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="projects", verbose_name=_("đơn vị thực hiện")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("cán bộ phụ trách"),
    )
    area_scope = models.CharField(
        _("phạm vi địa bàn"), max_length=10, choices=ProjectStates.AreaScope, default=ProjectStates.AreaScope.UNITS
    )
    places = models.ManyToManyField(AdminUnit, blank=True, related_name="projects", verbose_name=_("địa bàn"))
    start_on = models.DateField(_("bắt đầu"), null=True, blank=True)
    end_on = models.DateField(_("kết thúc"), null=True, blank=True)
    # The eight headings of a project text; the sixth, the estimate, is the cost lines and this note (TT 36/2013).
    parties = TextBlock(_("1. Các bên tham gia và địa điểm"), blank=True)
    necessity = TextBlock(_("2. Sự cần thiết và căn cứ"), blank=True)
    aims = TextBlock(_("3. Mục tiêu"), blank=True)
    scale = TextBlock(_("4. Quy mô"), blank=True)
    contents = TextBlock(_("5. Nội dung và tiến độ"), blank=True)
    estimate_notes = TextBlock(_("6. Thuyết minh dự toán"), blank=True)
    organising = TextBlock(_("7. Tổ chức thực hiện"), blank=True)
    effects = TextBlock(_("8. Hiệu quả, kết quả dự kiến"), blank=True)
    notes = TextBlock(_("ghi chú"), blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=12, choices=ProjectStates.Status, default=ProjectStates.Status.DRAFT
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("lập lúc"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lập")
    )
    search = FoldedField(sources=("name", "code"))
    name_key = SortKeyField(source="name")

    objects = ProjectQuerySet.as_manager()

    pace: str  # of the rows of ``with_pace``

    HEADINGS = ("parties", "necessity", "aims", "scale", "contents", "estimate_notes", "organising", "effects")

    class Meta:
        ordering = ["code"]
        verbose_name = _("đề án")
        verbose_name_plural = _("đề án")
        indexes = [models.Index(fields=["status", "organisation"], name="project_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="project_code_once",
                violation_error_message=_("Mã đề án này đã dùng."),
            ),
            dates_in_order("project_dates", "start_on", "end_on"),
            models.CheckConstraint(condition=~Q(name=""), name="project_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:project_detail", args=[self.pk])

    @property
    def shown_status(self) -> ProjectStates.Status:
        """As of the day that the rows were asked for (see ``with_status``), else of now."""
        return self.Status(getattr(self, "status_then", self.status))

    @property
    def current_documents(self) -> list[Any]:
        return current_of(self.documents)

    @cached_property
    def plans(self) -> list[AnnualPlan]:
        """Those in which the project has a line: of its lines where they are at hand, else asked once."""
        if "lines" not in getattr(self, "_prefetched_objects_cache", ()):
            return list(AnnualPlan.objects.of_project(self).order_by("pk"))
        plans = {line.round.plan_id: line.round.plan for line in self.lines.all()}
        return [plans[pk] for pk in sorted(plans)]

    @cached_property
    def past_record(self) -> Any:
        """What its file states of it now, if it came as a past record; then it never left those statuses."""
        if self.status not in (*self.HISTORIC, self.Status.WITHDRAWN):
            return None
        return self.last_statement

    @property
    def last_statement(self) -> Any:
        """What its file states of it, of which nothing was put right since; None of a project that began here."""
        return max(self.past_records.all(), key=lambda record: record.pk, default=None)

    @property
    def is_outside_its_years(self) -> bool:
        """Whether its time is known and no day of it is in a year of its plans: a year was typed wrong, or copied."""
        known, years = [day.year for day in (self.start_on, self.end_on) if day], [plan.year for plan in self.plans]
        return bool(known and years) and (known[-1] < min(years) or known[0] > max(years))

    @property
    def shown_pace(self) -> Pace:
        """As of the day that the rows were asked for (see ``with_pace``)."""
        return Pace(self.pace)

    def latest_plan(self) -> AnnualPlan | None:
        """The plan of the last year in which the project has a line."""
        return AnnualPlan.objects.filter(rounds__lines__project=self).order_by("-year").first()

    @property
    def is_shared_area(self) -> bool:
        """Whether the money of the project belongs to several places together (places prefetched)."""
        return self.area_scope == self.AreaScope.UNITS and len(self.places.all()) > 1

    @property
    def places_text(self) -> str:
        """“Huyện Kiến Thụy, huyện Tiên Lãng”: 27 units of today bear the bare name of a former district, so each is
        named with its kind (places prefetched)."""
        return listed_units(self.places.all())

    @property
    def area_text(self) -> str:
        """Where it is, as a paper says it: “Huyện Kiến Thụy, huyện Tiên Lãng (chung)”, “Toàn thành phố”; empty while
        nothing is chosen (places prefetched)."""
        if self.area_scope != self.AreaScope.UNITS:
            return str(self.get_area_scope_display())
        return f"{self.places_text} (chung)" if self.is_shared_area else self.places_text


class ProjectComponentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())


class ProjectComponent(models.Model):
    """One content of a project. Nearly every project has one; a pilot project has two or more."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="components", verbose_name=_("đề án"))
    activity_type = models.ForeignKey(
        ActivityType, models.PROTECT, related_name="components", verbose_name=_("nội dung hoạt động")
    )
    norm = models.ForeignKey(
        SupportNorm, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mức hỗ trợ áp dụng")
    )
    units = models.PositiveIntegerField(_("số lượng"), null=True, blank=True)
    eligible_cost_vnd = models.BigIntegerField(_("chi phí hợp lệ (đồng)"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ProjectComponentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("nội dung của đề án")
        verbose_name_plural = _("nội dung của đề án")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "activity_type"],
                name="component_once",
                violation_error_message=_("Đề án đã có nội dung này."),
            ),
            models.CheckConstraint(
                condition=Q(eligible_cost_vnd=None) | Q(eligible_cost_vnd__gte=0),
                name="component_cost_not_negative",
                violation_error_message=_("Chi phí không được âm."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity_type)

    def has_money_beyond(self, plan: AnnualPlan) -> bool:
        """Whether money was asked or estimated for this content in another year, or approved in any."""
        asked, estimated = self.cost_lines.exclude(plan_line__round__plan=plan), self.estimate_items.exclude(plan=plan)
        return asked.exists() or estimated.exists() or self.approvals.exists()


class PlanLine(models.Model):
    """A project in a round. A project of two sources or two years has a line for each, and counts once.

    Each line is judged and decided by itself (:meth:`PlanLineQuerySet.with_status`); where the project stands follows
    from its lines (``projects.rules.workflow``). ``carried_by`` is the letter by which it goes on into this year, with
    or without any amount.
    """

    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="lines", verbose_name=_("đợt"))
    project = models.ForeignKey(Project, models.PROTECT, related_name="lines", verbose_name=_("đề án"))
    carried_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_lines",
        verbose_name=_("chuyển tiếp theo văn bản"),
    )

    objects = PlanLineQuerySet.as_manager()

    status_then: str  # of the rows of ``with_status``

    class Meta:
        ordering = ["round", "pk"]
        verbose_name = _("dòng kế hoạch")
        verbose_name_plural = _("dòng kế hoạch")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "project"],
                name="line_once",
                violation_error_message=_("Đề án đã có trong đợt này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.project_id}"

    @property
    def status(self) -> ProjectStates.Status:
        """Its own (of the rows of ``with_status``)."""
        return ProjectStates.Status(self.status_then)


class ProjectDocumentQuerySet(AttachmentQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())


class ProjectDocument(Attachment):
    """A file of the project's dossier."""

    home = "project"

    project = models.ForeignKey(Project, models.PROTECT, related_name="documents", verbose_name=_("đề án"))

    objects = ProjectDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        abstract = False
