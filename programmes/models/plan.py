"""The yearly plan and its rounds: a round is what is submitted, endorsed, forwarded and approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, Role
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.attachments import Attachment, AttachmentQuerySet
from khuyencong.fields import KeptLine
from khuyencong.funding import STATE_LEVELS, FundingLevel

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

FIRST_YEAR, LAST_YEAR = 2000, 2100


def year_to_begin_with(years: Iterable[int], today: dt.date) -> int | None:
    """Which of the years with a plan a page speaks of before one is chosen: the running one, for next year's plan is
    begun while this year's reports are due; else the newest. None where there is none."""
    known = set(years)
    return today.year if today.year in known else max(known, default=None)


class AnnualPlanQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def seen_by(self, user: User) -> list[AnnualPlan]:
        """All that the user may see, latest first. An organisation, and each above it, is read once for all its plans,
        which of many plans takes half as long as :meth:`for_page`."""
        nodes = Organisation.objects.known_to(user).linked()
        plans = list(self.visible_to(user).order_by())
        for plan in plans:
            plan.organisation = nodes[plan.organisation_id]
        return sorted(plans, key=lambda plan: (-plan.year, bytes(plan.organisation.name_key)))

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)

    def under(self, organisation_ids: frozenset[int]) -> Self:
        return self.filter(organisation__in=organisation_ids)

    def years(self) -> models.QuerySet[Any, int]:
        """The years that have a plan, newest first."""
        return self.order_by("-year").values_list("year", flat=True).distinct()

    def open(self) -> Self:
        return self.filter(is_closed=False)

    def for_writing(self, user: User) -> Self:
        """Plans of the organisations for which the user enters projects, latest first."""
        writers = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)
        return self.filter(organisation__in=user.organisation_ids_with(*writers)).for_page().latest_first()

    def for_project(self, project: Any) -> Self:
        """Plans of the project's organisation: those it is in, latest first, then open ones it may join."""
        is_in = models.Exists(PlanRound.objects.filter(plan=models.OuterRef("pk"), lines__project=project))
        plans = self.filter(organisation=project.organisation_id).annotate(is_in=is_in)
        return plans.filter(models.Q(is_in=True) | models.Q(is_closed=False)).for_page().order_by("-is_in", "-year")

    def of_decision(self, decision: Any) -> Self:
        """Plans in which the letter assigned or approved something, or into which it carried a project."""
        lines = Q(lines__approvals__decision=decision) | Q(lines__carried_by=decision)
        decided = PlanRound.objects.filter(lines).values("plan")
        return self.filter(Q(allocations__decision=decision) | Q(pk__in=decided)).distinct()

    def of_project(self, project: Any) -> Self:
        """Plans in which the project has a line."""
        return self.filter(pk__in=PlanRound.objects.filter(lines__project=project).values("plan"))

    def next_of(self, plan: AnnualPlan) -> AnnualPlan | None:
        """The same organisation's plan of the year after, where there is one."""
        return self.filter(organisation=plan.organisation_id, year=plan.year + 1).first()

    def earlier_than(self, plan: AnnualPlan) -> Self:
        """The same organisation's plans of the years before, the last one first."""
        return self.filter(organisation=plan.organisation_id, year__lt=plan.year).for_page().order_by("-year")

    def of_lines(self, line_ids: Iterable[int]) -> Self:
        """Plans in which these plan lines stand."""
        return self.filter(pk__in=PlanRound.objects.filter(lines__in=list(line_ids)).values("plan"))

    def joinable_by(self, project: Any) -> Self:
        """Open plans of the project's organisation in which it has no line yet, latest first."""
        lines = PlanRound.objects.filter(plan=models.OuterRef("pk"), lines__project=project)
        return self.filter(~models.Exists(lines), organisation=project.organisation_id).open().order_by("-year")

    def for_page(self) -> Self:
        """With the organisation and those above it, whose names head the page."""
        return self.select_related("organisation__parent__parent__parent")

    def latest_first(self) -> Self:
        return self.order_by("-year", "organisation__name_key")

    def locked(self) -> Self:
        """Rows held until the transaction ends, always taken in the order of their ids."""
        return self.select_for_update(of=("self",)).order_by("pk")


class AnnualPlan(models.Model):
    """The plan of one organisation (usually the Centre) for one year."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="plans", verbose_name=_("đơn vị lập kế hoạch")
    )
    year = models.PositiveSmallIntegerField(
        _("năm"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    is_closed = models.BooleanField(_("đã khóa sổ"), default=False)
    created_at = models.DateTimeField(_("lập lúc"), auto_now_add=True)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("kế hoạch khuyến công năm")
        verbose_name_plural = _("kế hoạch khuyến công năm")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="plan_once_a_year",
                violation_error_message=_("Đơn vị này đã có kế hoạch cho năm đó."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                name="plan_year",
                violation_error_message=_("Năm phải từ 2000 đến 2100."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Kế hoạch khuyến công năm %(year)s")) % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("projects:plan_detail", args=[self.pk])


class BooksChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__organisation__in=user.visible_organisation_ids())

    def of_plan(self, plan: AnnualPlan) -> Self:
        """The newest first."""
        return self.filter(plan=plan).select_related("recorded_by").order_by("-pk")


class BooksChange(AppendOnly):
    """That the books of a year were closed, or opened again: who, when and why. ``AnnualPlan.is_closed`` is what the
    newest says."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="books_changes", verbose_name=_("kế hoạch"))
    is_closed = models.BooleanField(_("đã khóa sổ"))
    reason = KeptLine(_("lý do"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = BooksChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lần khóa, mở sổ")
        verbose_name_plural = _("lần khóa, mở sổ")

    def __str__(self) -> str:
        return self.reason


class PlanRoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__organisation__in=user.visible_organisation_ids())

    def forwarded(self) -> Self:
        return self.filter(status=PlanRound.Status.FORWARDED)

    def of_project(self, project: Any) -> Self:
        return self.filter(lines__project=project)

    def in_status(self, *statuses: str) -> Self:
        return self.filter(status__in=statuses)

    def waiting(self) -> Self:
        """That somebody has to move on. Empty drafts wait for nobody."""
        return self.exclude(status__in=PlanRound.AT_REST).filter(lines__isnull=False).distinct()

    def empty_drafts(self) -> Self:
        """Being drafted, and without any line yet."""
        return self.filter(status=PlanRound.Status.DRAFT, lines__isnull=True)

    def for_page(self) -> Self:
        """With the plan and the organisations above it, whose names head the page."""
        return self.select_related("plan__organisation__parent__parent__parent")

    def of_level(self, level: str) -> Self:
        return self.filter(level=level)


class PlanRound(models.Model):
    """One round of a plan at one funding level; the two levels have their own calendars and authorities."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Đang lập")
        SUBMITTED = "submitted", _("Đã gửi Sở")
        RETURNED = "returned", _("Trả lại bổ sung")
        ENDORSED = "endorsed", _("Sở đã thống nhất")
        FORWARDED = "forwarded", _("Đã trình")
        APPROVED = "approved", _("Đã phê duyệt")
        PAST = "past", _("Hồ sơ cũ")

    # With the Centre: projects may be entered and rewritten.
    EDITABLE = (Status.DRAFT, Status.RETURNED)
    # Reviewed and forwarded: a letter may decide its lines.
    DECIDABLE = (Status.FORWARDED, Status.APPROVED)
    # Nobody has to move it on: approved, or of past records, which take no steps.
    AT_REST = (Status.APPROVED, Status.PAST)

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="rounds", verbose_name=_("kế hoạch"))
    level = models.CharField(
        _("nguồn kinh phí"), max_length=20, choices=[(level.value, level.label) for level in STATE_LEVELS]
    )
    number = models.PositiveSmallIntegerField(_("đợt số"), validators=[MinValueValidator(1)])
    status = models.CharField(_("trạng thái"), max_length=20, choices=Status, default=Status.DRAFT)

    objects = PlanRoundQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "level", "number"]
        verbose_name = _("đợt")
        verbose_name_plural = _("đợt")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "level", "number"],
                name="round_number_once",
                violation_error_message=_("Đợt mang số này đã có."),
            ),
            models.CheckConstraint(condition=Q(level__in=STATE_LEVELS), name="round_level_is_state_money"),
            models.CheckConstraint(condition=Q(number__gte=1), name="round_number_from_one"),
        ]

    def __str__(self) -> str:
        return str(_("Đợt %(number)s · %(level)s")) % {"number": self.number, "level": self.short_level}

    @property
    def in_sentence(self) -> str:
        """As it is called within a sentence: “đợt 1 (KCĐP)”."""
        return str(_("đợt %(number)s (%(level)s)")) % {"number": self.number, "level": self.short_level}

    @property
    def short_level(self) -> str:
        """KCQG or KCĐP, as officials say."""
        return {FundingLevel.NATIONAL: "KCQG", FundingLevel.CITY: "KCĐP"}[FundingLevel(self.level)]

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:plan_detail', args=[self.plan_id])}#round-{self.pk}"


class RoundDocumentQuerySet(AttachmentQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__plan__organisation__in=user.visible_organisation_ids())


class RoundDocument(Attachment):
    """A paper of the round as a whole, of the Centre's or the Department's: what it is sent with, minutes, a list."""

    home = "round"

    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="documents", verbose_name=_("đợt"))

    objects = RoundDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        abstract = False
        verbose_name = _("tài liệu của đợt")
        verbose_name_plural = _("tài liệu của đợt")
