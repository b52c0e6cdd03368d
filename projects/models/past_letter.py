"""A letter of an old file as the Centre prepares it: nothing of it counts until the Department's head confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import KeptLine, KeptText, TextLine
from programmes.citation import called
from programmes.models import AnnualPlan, Authority, Decision, FundingSource
from projects.models.money import MoneyKey
from projects.models.project_states import ProjectStates

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class PastLetterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__organisation__in=user.visible_organisation_ids())

    def for_page(self) -> Self:
        return self.select_related(
            "plan__organisation__parent__parent__parent", "authority", "decision", "prepared_by", "moved_by"
        )

    def in_state(self, *states: str) -> Self:
        return self.filter(state__in=states)

    def open(self) -> Self:
        """With the Centre, which may still change them."""
        return self.in_state(*PastLetter.OPEN)

    def of_project(self, project: Any) -> Self:
        """That give money to the project."""
        return self.filter(approved__plan_line__project=project).distinct()

    def unconfirmed(self) -> Self:
        return self.exclude(state=PastLetter.State.CONFIRMED)

    def waiting_by_plan(self, state: str, organisations: frozenset[int]) -> list[tuple[int, int, str, int]]:
        """Open plans with letters in that state: id, year, name of the office, number of letters."""
        rows = self.in_state(state).filter(plan__organisation__in=organisations, plan__is_closed=False)
        columns = ("plan", "plan__year", "plan__organisation__name")
        return list(rows.order_by("plan__year", "plan").values_list(*columns).annotate(models.Count("pk")))


class PastLetter(models.Model):
    """The head of the letter as its paper has it, and where it stands between the Centre and the Department.

    An empty number, kind or date is not known. ``note`` is why the head did not confirm it. Confirmed, it has become
    ``decision``, and what it gave stands in the books.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Đang chuẩn bị")
        SENT = "sent", _("Chờ Sở xác nhận")
        RETURNED = "returned", _("Sở không xác nhận")
        CONFIRMED = "confirmed", _("Sở đã xác nhận")

    OPEN = (State.PREPARED, State.RETURNED)

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, related_name="past_letters", verbose_name=_("kế hoạch khuyến công năm")
    )
    kind = models.CharField(_("loại văn bản"), max_length=20, choices=Decision.Kind, blank=True)
    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ quan ban hành")
    )
    number = TextLine(_("số, ký hiệu"), max_length=60, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    signer = KeptLine(_("người ký"), max_length=120, blank=True)
    subject = KeptLine(_("trích yếu"), max_length=500, blank=True)
    summary = KeptText(_("lý do, ghi chú"), blank=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.PREPARED)
    note = KeptText(_("lý do không xác nhận"), blank=True)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người chuẩn bị")
    )
    prepared_at = models.DateTimeField(_("chuẩn bị lúc"), auto_now_add=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người xử lý gần nhất")
    )
    moved_at = models.DateTimeField(_("xử lý lúc"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, related_name="past_letters", verbose_name=_("quyết định, văn bản")
    )

    objects: ClassVar = PastLetterQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("văn bản của hồ sơ cũ")
        verbose_name_plural = _("văn bản của hồ sơ cũ")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="confirmed", decision__isnull=False) | (~Q(state="confirmed") & Q(decision=None)),
                name="past_letter_confirmed_is_recorded",
            ),
        ]

    def __str__(self) -> str:
        """“Công văn số 341/UBND-CN ngày 16/06/2006”; what is unknown is said to be."""
        return called(self.kind, self.number, self.issued_on)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def get_absolute_url(self) -> str:
        return reverse("projects:past_letter_detail", args=[self.pk])


class PastLetterRowQuerySet(models.QuerySet[Any]):
    """What a letter gives."""

    def visible_to(self, user: User) -> Self:
        return self.filter(letter__plan__organisation__in=user.visible_organisation_ids())


class PastLetterAssigned(models.Model):
    """What the letter assigns to the year from one source, in đồng."""

    letter = models.ForeignKey(PastLetter, models.CASCADE, related_name="assigned", verbose_name=_("văn bản"))
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="+", verbose_name=_("nguồn kinh phí"))
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))

    objects: ClassVar = PastLetterRowQuerySet.as_manager()

    class Meta:
        ordering = ["source", "pk"]
        verbose_name = _("kinh phí giao của văn bản cũ")
        verbose_name_plural = _("kinh phí giao của văn bản cũ")
        constraints = [
            models.UniqueConstraint(fields=["letter", "source"], name="past_assigned_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="past_assigned_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.amount_vnd}"


class PastLetterApprovedQuerySet(PastLetterRowQuerySet):
    def standing(self) -> Self:
        """Without projects that were withdrawn meanwhile; with what a row of the letter names."""
        rows = self.exclude(plan_line__project__status__in=ProjectStates.UNCOUNTED)
        return rows.select_related("plan_line__project", "component__activity_type", "source")

    def of_project(self, project: Any) -> Self:
        return self.filter(plan_line__project=project)

    def taking_back(self) -> Self:
        """That lower what was approved."""
        return self.filter(amount_vnd__lt=0)


class PastLetterApproved(MoneyKey):
    """What the letter approves for one content of a past record from one source, in đồng, beside what letters before
    it approved; less than nothing where it takes back."""

    letter = models.ForeignKey(PastLetter, models.CASCADE, related_name="approved", verbose_name=_("văn bản"))
    plan_line = models.ForeignKey(
        "PlanLine", models.CASCADE, related_name="past_approved", verbose_name=_("dòng kế hoạch")
    )
    component = models.ForeignKey(
        "ProjectComponent", models.CASCADE, related_name="past_approved", verbose_name=_("nội dung")
    )
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))

    objects: ClassVar = PastLetterApprovedQuerySet.as_manager()

    class Meta:
        ordering = ["plan_line__project__code", "pk"]
        verbose_name = _("kinh phí duyệt của văn bản cũ")
        verbose_name_plural = _("kinh phí duyệt của văn bản cũ")
        constraints = [
            models.UniqueConstraint(fields=["letter", "plan_line", "component", "source"], name="past_approved_once"),
            models.CheckConstraint(condition=~Q(amount_vnd=0), name="past_approved_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.amount_vnd}"
