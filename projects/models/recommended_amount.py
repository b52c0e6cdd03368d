"""What the Department would approve of what was asked for, said with the appraisal of a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from programmes.models import ActivityType, FundingSource, PlanRound
from projects.models.review import Appraisal

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

Recommended = dict[tuple[int, int, int, int], "RecommendedAmount"]  # by project, round, content and source


class RecommendedAmountQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(appraisal__project__organisation__in=user.visible_organisation_ids())

    def in_force(self, rounds: Iterable[PlanRound | int]) -> Recommended:
        """Of the newest appraisal of each line of these rounds: one that says no amount takes the earlier ones back."""
        newest = Appraisal.objects.filter(round__in=rounds).order_by().values("project", "round")
        rows = self.filter(appraisal__in=newest.annotate(newest=Max("pk")).values("newest")).select_related("appraisal")
        return {
            (row.appraisal.project_id, row.appraisal.round_id, row.activity_type_id, row.source_id): row for row in rows
        }


class RecommendedAmount(AppendOnly):
    """The amount that an appraisal proposes to approve for a content from one state source, at most what was asked.

    A content is named by its activity, which it alone has in its project: the content itself may be taken out of a
    project that goes back to the Centre. ``requested_vnd`` is what was judged, so that a later request is not mistaken
    for it.
    """

    appraisal = models.ForeignKey(
        Appraisal, models.PROTECT, related_name="recommended", verbose_name=_("phiếu thẩm định")
    )
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, related_name="+", verbose_name=_("nội dung"))
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="+", verbose_name=_("nguồn kinh phí"))
    requested_vnd = models.BigIntegerField(_("kinh phí đề nghị (đồng)"))
    amount_vnd = models.BigIntegerField(_("kinh phí thẩm định đề nghị (đồng)"))

    objects: ClassVar = RecommendedAmountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("kinh phí thẩm định đề nghị")
        verbose_name_plural = _("kinh phí thẩm định đề nghị")
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "activity_type", "source"], name="recommended_once"),
            models.CheckConstraint(
                condition=Q(amount_vnd__gte=0, amount_vnd__lte=F("requested_vnd")),
                name="recommended_within_request",
                violation_error_message=_("Số thẩm định đề nghị từ 0 đến số đã đề nghị."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_type_id} {self.amount_vnd}"

    def stands_for(self, requested_vnd: int | None) -> bool:
        """Whether it was said of this request; of another one nobody has judged the amount yet."""
        return self.requested_vnd == requested_vnd


def proposed_vnd(said: RecommendedAmount | None, requested_vnd: int | None) -> int | None:
    """What the Department proposes of a request: the amount recommended of it, the request itself where none was said.
    Of a request that was changed after the appraisal nothing is proposed."""
    if said is None:
        return requested_vnd
    return said.amount_vnd if said.stands_for(requested_vnd) else None
