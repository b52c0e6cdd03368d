"""The work of a review: who reviews which line, until when, and what the Department writes for itself alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptLine, KeptText
from programmes.models import PlanRound
from projects.models.project import Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

# Who reads and writes what the Department keeps to itself.
NOTE_ROLES = (Role.REVIEWER, Role.DEPARTMENT_HEAD)


class ReviewAssignmentQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_round(self, plan_round: Any) -> Self:
        return self.filter(round=plan_round)

    def of_line(self, line: Any) -> Self:
        rows = self.filter(round=line.round_id, project=line.project_id)
        return rows.select_related("reviewer", "recorded_by").order_by("pk")

    def latest_by_project(self) -> dict[int, ReviewAssignment]:
        """Of one round, the last row of each project."""
        rows = self.select_related("reviewer", "recorded_by").order_by("pk")
        return {row.project_id: row for row in rows}


class ReviewAssignment(AppendOnly):
    """From then on that reviewer reads the line (the project in the round); without one the line was put back.

    The newest counts. It locks nothing: who concludes is asked of roles and earlier steps alone.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="review_assignments", verbose_name=_("đề án"))
    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="assignments", verbose_name=_("đợt"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người được giao thẩm định"),
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người giao, nhận")
    )

    objects: ClassVar = ReviewAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("giao thẩm định")
        verbose_name_plural = _("giao thẩm định")

    def __str__(self) -> str:
        return str(self.reviewer or _("bỏ phân công"))


def reviewer_of_line() -> models.Subquery:
    """Of the rows of plan lines: the id of whoever reviews each now, to be annotated."""
    rows = ReviewAssignment.objects.filter(round=models.OuterRef("round"), project=models.OuterRef("project"))
    return models.Subquery(rows.order_by("-pk").values("reviewer")[:1])


class ReviewDeadlineQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__plan__organisation__in=user.visible_organisation_ids())

    def of_rounds(self, ids: Iterable[int]) -> Self:
        return self.filter(round__in=list(ids)).select_related("recorded_by").order_by("pk")


class ReviewDeadline(AppendOnly):
    """Until when the Department wants the round reviewed; without a day it wants none any more. The newest counts, and
    none from before the round was sent last."""

    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="deadlines", verbose_name=_("đợt"))
    due_on = models.DateField(_("hạn thẩm định"), null=True, blank=True)
    reason = KeptLine(_("lý do"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đặt hạn")
    )

    objects: ClassVar = ReviewDeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("hạn thẩm định")
        verbose_name_plural = _("hạn thẩm định")

    def __str__(self) -> str:
        return f"{self.due_on:%d/%m/%Y}" if self.due_on else "–"


class ReviewNoteQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """The Department's own, wherever they are asked for: whoever only sees the project reads none."""
        return self.filter(project__organisation__in=user.organisation_ids_with(*NOTE_ROLES))

    def of_project(self, project: Any) -> Self:
        rows = self.filter(project=project).select_related("author", "round__plan", "withdrawal__recorded_by")
        return rows.order_by("pk")

    def standing(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(withdrawal=None)


class ReviewNote(AppendOnly):
    """What reviewers write for each other about a line; a wrong one is withdrawn (:class:`NoteWithdrawal`). The Centre
    reads it nowhere: no page, paper, notice or file takes notes but through :meth:`ReviewNoteQuerySet.visible_to`."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="review_notes", verbose_name=_("đề án"))
    round = models.ForeignKey(PlanRound, models.PROTECT, related_name="review_notes", verbose_name=_("đợt"))
    text = KeptText(_("ghi chú nội bộ"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi chú")
    )

    objects: ClassVar = ReviewNoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ghi chú nội bộ của Sở")
        verbose_name_plural = _("ghi chú nội bộ của Sở")

    def __str__(self) -> str:
        return self.text[:60]


class NoteWithdrawalQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Of whoever reads the note."""
        return self.filter(note__in=ReviewNote.objects.visible_to(user))


class NoteWithdrawal(AppendOnly):
    """A note of the Department taken back: its own go on reading it, struck through."""

    note = models.OneToOneField(ReviewNote, models.PROTECT, related_name="withdrawal", verbose_name=_("ghi chú nội bộ"))
    reason = KeptLine(_("lý do rút"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người rút")
    )

    objects: ClassVar = NoteWithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ghi chú nội bộ đã rút")
        verbose_name_plural = _("ghi chú nội bộ đã rút")

    def __str__(self) -> str:
        return self.reason
