"""The estimate in detail: what a content's cost is made of, so that it can be judged. A project may have none."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextLine
from programmes.models import AnnualPlan
from projects.models.project import ProjectComponent

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class EstimateItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(component__project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Any) -> Self:
        return self.filter(component__project=project)

    def of_plan(self, plan: AnnualPlan) -> Self:
        return self.filter(plan=plan)

    def in_reading_order(self) -> Self:
        """By year, then as the contents and their items stand one after the other."""
        return self.order_by("plan__year", "component__position", "component", "position", "pk")


class EstimateItem(models.Model):
    """One row of the estimate of a content in one year: so much of something at so much each, from whatever source."""

    component = models.ForeignKey(
        ProjectComponent, models.CASCADE, related_name="estimate_items", verbose_name=_("nội dung")
    )
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="+", verbose_name=_("kế hoạch năm"))
    name = TextLine(_("nội dung chi"), max_length=300)
    unit = TextLine(_("đơn vị tính"), max_length=30, blank=True)
    quantity = models.DecimalField(_("số lượng"), max_digits=12, decimal_places=2)
    unit_price_vnd = models.BigIntegerField(_("đơn giá (đồng)"))
    state_vnd = models.BigIntegerField(_("trong đó kinh phí nhà nước (đồng)"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = EstimateItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("dự toán chi tiết")
        verbose_name_plural = _("dự toán chi tiết")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="estimate_of_something",
                violation_error_message=_("Số lượng phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price_vnd__gte=0) & (Q(state_vnd=None) | Q(state_vnd__gte=0)),
                name="estimate_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quantity_text(self) -> str:
        """“30”, “2,5”."""
        return f"{self.quantity.normalize():f}".replace(".", ",")

    @property
    def amount_vnd(self) -> int:
        return amount_of(self.quantity, self.unit_price_vnd)


def amount_of(quantity: Decimal, unit_price_vnd: int) -> int:
    """Đồng of so many at that price, rounded to whole đồng."""
    return int((Decimal(quantity) * unit_price_vnd).quantize(Decimal(1), ROUND_HALF_UP))
