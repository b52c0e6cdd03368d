"""The two commitments below the estimate of a project (Mẫu số 1, TT 36/2013), as they were signed on paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptLine
from projects.models.project import Project, ProjectDocument

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


# By the field that says it.
COMMITMENTS = {
    "is_without_other_support": _("không nhận hỗ trợ khác của nhà nước cho cùng khoản chi"),
    "is_with_own_share": _("góp đủ phần vốn của đơn vị thụ hưởng"),
}


class CommitmentQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Any) -> Self:
        """The newest first: that one stands."""
        return self.filter(project=project).select_related("document", "recorded_by").order_by("-pk")

    def standing(self, projects: Iterable[Any]) -> dict[int, Commitment]:
        """By project, of those of which something was recorded, with the scan."""
        newest = self.filter(project__in=projects).order_by().values("project").annotate(newest=Max("pk"))
        rows = self.filter(pk__in=newest.values("newest")).select_related("document")
        return {one.project_id: one for one in rows}


class Commitment(AppendOnly):
    """What those who are helped committed themselves to: that no other state money pays the same items, and that they
    put in their share. One that is recorded later says why it takes the place of the one before; with neither it says
    that nothing was signed."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="commitments", verbose_name=_("đề án"))
    is_without_other_support = models.BooleanField(COMMITMENTS["is_without_other_support"], default=False)
    is_with_own_share = models.BooleanField(COMMITMENTS["is_with_own_share"], default=False)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    signer = KeptLine(_("người ký, chức vụ"), max_length=200, blank=True)
    document = models.ForeignKey(
        ProjectDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bản quét")
    )
    reason = KeptLine(_("lý do ghi lại"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("cam kết của đơn vị thụ hưởng")
        verbose_name_plural = _("cam kết của đơn vị thụ hưởng")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_without_other_support=False, is_with_own_share=False)
                | (Q(signed_on__isnull=False, document__isnull=False) & ~Q(signer="")),
                name="commitment_was_signed",
                violation_error_message=_("Cam kết phải có ngày ký, người ký và bản quét."),
            )
        ]

    def __str__(self) -> str:
        return "; ".join(self.said) or str(_("chưa có cam kết"))

    @property
    def has_lost_scan(self) -> bool:
        """The paper that it rests on was withdrawn since (``document`` at hand)."""
        return self.document is not None and not self.document.is_current

    @property
    def stands(self) -> bool:
        """Something was committed to, and the signed paper is there to be read."""
        return bool(self.said) and not self.has_lost_scan

    @property
    def said(self) -> list[str]:
        """What was committed to, in the words of the form."""
        return [str(text) for name, text in COMMITMENTS.items() if getattr(self, name)]
