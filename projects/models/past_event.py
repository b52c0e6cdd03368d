"""What an old file says was done for a project after its approval: prepared, and in no book before its letters are
confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextLine
from programmes.models import FundingSource

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class PastEventQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Any) -> Self:
        return self.of_projects([project])

    def of_projects(self, projects: Any) -> Self:
        """By project in the order of their days, with what a row names."""
        return self.filter(project__in=projects).select_related("component__activity_type", "source")


class PastEvent(models.Model):
    """A contract, a payment, what was taken back of it, the acceptance or the settlement as the file has it, in đồng.

    ``stated_on`` is the day in the file, None where it has none; ``counted_on`` the day from which it counts, another
    one where the books can't take that of the file. An empty ``number`` is not known.
    """

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Hợp đồng")
        ADVANCE = "advance", _("Tạm ứng")
        PAYMENT = "payment", pgettext_lazy("kind of payment", "Thanh toán")
        RECOVERY = "recovery", _("Thu hồi")
        ACCEPTANCE = "acceptance", _("Nghiệm thu")
        SETTLEMENT = "settlement", _("Quyết toán")

    PAID = (Kind.ADVANCE, Kind.PAYMENT, Kind.RECOVERY)

    project = models.ForeignKey("Project", models.CASCADE, related_name="past_events", verbose_name=_("đề án"))
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    number = TextLine(_("số hợp đồng, chứng từ, hồ sơ"), max_length=60, blank=True)
    stated_on = models.DateField(_("ngày theo tệp"), null=True, blank=True)
    counted_on = models.DateField(_("tính từ ngày"))
    component = models.ForeignKey(
        "ProjectComponent", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("nội dung")
    )
    source = models.ForeignKey(
        FundingSource, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nguồn kinh phí")
    )
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"), null=True, blank=True)

    objects: ClassVar = PastEventQuerySet.as_manager()

    class Meta:
        ordering = ["project", "counted_on", "pk"]
        verbose_name = _("việc đã thực hiện theo hồ sơ cũ")
        verbose_name_plural = _("việc đã thực hiện theo hồ sơ cũ")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="acceptance", component=None, source=None, amount_vnd=None)
                | (
                    ~Q(kind="acceptance")
                    & Q(component__isnull=False, source__isnull=False, amount_vnd__isnull=False, amount_vnd__gt=0)
                ),
                name="past_event_of_money_names_it",
                violation_error_message=_("Số tiền phải lớn hơn 0."),
            ),
        ]

    def __str__(self) -> str:
        """“Hợp đồng 03/HĐ-KC ngày 10/02/2026”, “Tạm ứng chưa rõ số, chưa rõ ngày”."""
        if self.kind == self.Kind.ACCEPTANCE and not self.number:
            return f"{self.get_kind_display()} {self.day_text}"
        number = self.number or gettext("chưa rõ số")
        return f"{self.get_kind_display()} {number}{'' if self.stated_on else ','} {self.day_text}"

    @property
    def vnd(self) -> int:
        return self.amount_vnd or 0

    @property
    def paid_vnd(self) -> int:
        """What it adds to what was paid, in đồng: less than nothing where it was taken back."""
        return -self.vnd if self.kind == self.Kind.RECOVERY else self.vnd

    @property
    def day_text(self) -> str:
        if self.stated_on is None:
            return gettext("chưa rõ ngày")
        return gettext("ngày %(day)s") % {"day": f"{self.stated_on:%d/%m/%Y}"}
