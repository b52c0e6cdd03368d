"""Money of a project, keyed by plan line × content × source: what was asked and what was approved, in đồng."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AmountQuerySet, AppendOnly
from khuyencong.asof import NOW, AsOf
from khuyencong.fields import KeptText
from khuyencong.funding import ADJUSTING_NATURES, CORRECTING_NATURES, STATE_LEVELS, Nature
from programmes.models import Decision, FundingSource
from programmes.models.decision import LetterEntryQuerySet
from projects.models.status_as_of import counted_by

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

CellKey = tuple[int, int, int]  # ids of a plan line, a content and a source
CELL = ("plan_line", "component", "source")


class MoneyQuerySet(AmountQuerySet):
    """What every table keyed by line × content × source can be asked."""

    def visible_to(self, user: User) -> Self:
        return self.filter(plan_line__round__plan__organisation__in=user.visible_organisation_ids())

    def for_plans(self, plans: Iterable[Any]) -> Self:
        return self.filter(plan_line__round__plan__in=plans)

    def of_project(self, project: Any) -> Self:
        return self.filter(plan_line__project=project)

    def of_projects(self, projects: Iterable[Any]) -> Self:
        """Of those, by themselves or by their ids."""
        return self.filter(plan_line__project__in=projects)

    def of_round(self, plan_round: Any) -> Self:
        return self.filter(plan_line__round=plan_round)

    def on_lines(self, ids: Iterable[int]) -> Self:
        return self.filter(plan_line__in=list(ids))

    def state_money(self) -> Self:
        """From the national fund and the city's budget, without what beneficiaries and others put in."""
        return self.filter(source__level__in=STATE_LEVELS)

    def from_source(self, code: str) -> Self:
        return self.filter(source__code=code)

    def of_activity(self, code: str) -> Self:
        return self.filter(component__activity_type__code=code)

    def counted(self, as_of: AsOf = NOW) -> Self:
        """Of projects that count in totals as of then."""
        return counted_by(self, "plan_line__project", as_of)

    def by_cell(self, *more: str) -> dict[Any, int]:
        """Đồng by line × content × source, and by these columns after them; no row, no key."""
        return self.amounts_by(*CELL, *more)


class MoneyKey(models.Model):
    """Plan line × content × source."""

    plan_line = models.ForeignKey(
        "projects.PlanLine", models.PROTECT, related_name="%(class)ss", verbose_name=_("dòng kế hoạch")
    )
    component = models.ForeignKey(
        "projects.ProjectComponent", models.PROTECT, related_name="%(class)ss", verbose_name=_("nội dung")
    )
    source = models.ForeignKey(
        FundingSource, models.PROTECT, related_name="%(class)ss", verbose_name=_("nguồn kinh phí")
    )

    class Meta:
        abstract = True

    @property
    def key(self) -> CellKey:
        return (self.plan_line_id, self.component_id, self.source_id)

    def clean(self) -> None:
        """The content belongs to the line's project, and state money to a round of its own level."""
        if self.component.project_id != self.plan_line.project_id:
            raise ValidationError(_("Nội dung không thuộc đề án của dòng kế hoạch."))
        if self.source.is_state and self.source.level != self.plan_line.round.level:
            raise ValidationError({"source": _("Nguồn kinh phí không thuộc cấp của đợt.")})


class CostLine(MoneyKey):
    """What is asked for a content from one source. What it is made of may be said by items of the estimate."""

    plan_line = models.ForeignKey(
        "PlanLine", models.CASCADE, related_name="cost_lines", verbose_name=_("dòng kế hoạch")
    )
    component = models.ForeignKey(
        "ProjectComponent", models.CASCADE, related_name="cost_lines", verbose_name=_("nội dung")
    )
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))
    position = models.PositiveSmallIntegerField(default=0)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("dự toán")
        verbose_name_plural = _("dự toán")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gte=0),
                name="cost_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            )
        ]

    def __str__(self) -> str:
        return str(self.component)


def in_column(*natures: str) -> Q:
    """What :meth:`ApprovalEntryQuerySet.in_column` asks of an entry."""
    return Q(nature__in=natures) | Q(corrects__nature__in=natures)


class ApprovalEntryQuerySet(LetterEntryQuerySet, MoneyQuerySet):  # type: ignore[override]  # two as_manager()
    def of_decision(self, decision: Decision) -> Self:
        return self.filter(decision=decision).select_related(
            "plan_line__project", "plan_line__round__plan", "component__activity_type", "source", "recorded_by"
        )

    def in_column(self, *natures: str) -> Self:
        """Of these natures, with the corrections of slips in such entries."""
        return self.filter(in_column(*natures))

    def adjusting(self) -> Self:
        """What changes an amount that was approved before."""
        return self.filter(nature__in=ADJUSTING_NATURES)

    def annotate_round(self) -> Self:
        """Adds ``round_id``."""
        return self.annotate(round_id=models.F("plan_line__round"))


class ApprovalEntry(MoneyKey, AppendOnly):
    """Money approved by one decision for one line, content and source; negative when it is lowered."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="approvals", verbose_name=_("quyết định, văn bản")
    )
    plan_line = models.ForeignKey("PlanLine", models.PROTECT, related_name="approvals", verbose_name=_("dòng kế hoạch"))
    component = models.ForeignKey(
        "ProjectComponent", models.PROTECT, related_name="approvals", verbose_name=_("nội dung")
    )
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))
    nature = models.CharField(_("tính chất"), max_length=20, choices=Nature)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    reason = KeptText(_("lý do"), blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("đính chính cho")
    )

    objects: ClassVar = ApprovalEntryQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        verbose_name = _("kinh phí được duyệt")
        verbose_name_plural = _("kinh phí được duyệt")
        indexes = [models.Index(fields=["plan_line", "source", "effective_on"], name="approval_line_source")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_vnd=0),
                name="approval_not_zero",
                violation_error_message=_("Số tiền phải khác 0."),
            ),
            models.CheckConstraint(
                condition=Q(nature__in=CORRECTING_NATURES, corrects__isnull=False)
                | (~Q(nature__in=CORRECTING_NATURES) & Q(corrects=None)),
                name="approval_correction_names_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_line_id} {self.amount_vnd}"

    @property
    def column(self) -> str:
        """The nature under which the amount is shown: a correction stands where the slip stood."""
        return self.corrects.nature if self.corrects else self.nature
