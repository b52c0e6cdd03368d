"""What a Centre says of its year in its own words: the texts that the yearly report prints beside the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, EffectiveQuerySet
from khuyencong.asof import NOW, AsOf
from khuyencong.fields import KeptLine, KeptText
from programmes.models import AnnualPlan

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class YearAssessmentQuerySet(EffectiveQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__organisation__in=user.visible_organisation_ids())

    def of_plan(self, plan: AnnualPlan) -> Self:
        """All that was written of that year, the newest first."""
        return self.filter(plan=plan).select_related("recorded_by").order_by("-pk")

    def standing(self, plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> dict[int, Any]:
        """What stands as of then for each plan, by its id; of a plan of which nothing was written there is no key."""
        rows = self.effective_by(as_of).filter(plan__in=list(plans)).select_related("recorded_by").order_by("pk")
        return {row.plan_id: row for row in rows}


class YearAssessment(AppendOnly):
    """Both texts of a year as they were written at one time; the latest row stands, the others are its history.

    ``assessment`` looks back on the year of the plan, ``directions`` on to the next. ``source`` names the paper that
    they were taken from, if the Centre did not write them here. They count from the day of writing, for a year that
    is over from its last day.
    """

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, related_name="assessments", verbose_name=_("kế hoạch khuyến công năm")
    )
    assessment = KeptText(_("đánh giá chung"), blank=True)
    directions = KeptText(_("phương hướng, giải pháp"), blank=True)
    source = KeptLine(_("nguồn"), max_length=300, blank=True)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = YearAssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("đánh giá năm")
        verbose_name_plural = _("đánh giá năm")

    def __str__(self) -> str:
        return f"{self.plan} ({self.recorded_at:%d/%m/%Y})"

    @property
    def texts(self) -> tuple[str, str, str]:
        return (self.assessment, self.directions, self.source)


def told_from(plan: AnnualPlan, today: dt.date) -> dt.date:
    """The day from which a text counts that is written of the year today."""
    return min(today, dt.date(plan.year, 12, 31))
