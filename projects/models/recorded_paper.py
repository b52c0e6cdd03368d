"""Papers that were made: what each says, and the file that was produced of it, as on the day it was made."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.accounts.models import Organisation
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptText
from programmes.models import Decision, PlanRound
from projects.models.payments import Voucher
from projects.models.project import Project
from projects.models.review import Appraisal

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

SUBJECTS = ("appraisal", "decision", "voucher", "round", "project")


class RecordedPaperQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Of offices that the user sees as a whole; a sheet of an appraisal to whoever sees the project."""
        seen = user.visible_organisation_ids()
        return self.filter(Q(organisation__in=seen) | Q(appraisal__project__organisation__in=seen))

    def made(self, kind: str, **subject: Appraisal | Decision | Voucher | PlanRound | Project) -> Self:
        """Of that kind, of that record, the newest first; without the files."""
        return (
            self.filter(kind=kind, **subject)
            .defer("word")
            .select_related("recorded_by", "on_behalf_of")
            .order_by("-number")
        )


class RecordedPaper(AppendOnly):
    """One making of a paper: its facts as texts, its page and its Word file. Printed again it is served as it was made.

    ``organisation`` is the office that it comes from; ``number`` counts the makings of one paper there. ``sha256`` is
    of the file. A later making says why.
    """

    class Kind(models.TextChoices):
        APPRAISAL = "appraisal", _("Phiếu thẩm định")
        APPENDIX = "appendix", _("Phụ lục điều chỉnh")
        APPROVED_LIST = "approved-list", _("Danh mục kèm theo văn bản")
        REQUEST = "request", _("Giấy đề nghị")
        ESTIMATE = "estimate", _("Dự toán kinh phí (Mẫu số 1)")
        SUMMARY = "summary", _("Bảng tổng hợp thẩm định")
        MINUTES = "minutes", _("Biên bản họp thẩm định")
        SUBMISSION = "submission", pgettext_lazy("kind of a paper", "Tờ trình")
        DRAFT_DECISION = "draft-decision", _("Dự thảo quyết định")

    kind = models.CharField(_("loại giấy tờ"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="papers", verbose_name=_("đơn vị lập"))
    appraisal = models.ForeignKey(
        Appraisal, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("phiếu thẩm định")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("quyết định, văn bản")
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("chứng từ")
    )
    round = models.ForeignKey(
        PlanRound, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("đợt")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("đề án")
    )
    number = models.PositiveSmallIntegerField(_("lần lập"))
    facts: Any = models.JSONField(_("nội dung"))
    typed: Any = models.JSONField(_("phần nhập khi lập"), default=dict)
    page = models.TextField(_("bản in"))
    word = models.BinaryField(_("tệp Word"))
    sha256 = models.CharField(_("mã kiểm tra (SHA-256)"), max_length=64)
    reason = KeptText(_("lý do lập lại"), blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theo ủy quyền của"),
    )

    objects: ClassVar = RecordedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("giấy tờ đã lập")
        verbose_name_plural = _("giấy tờ đã lập")
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["kind", name, "organisation", "number"],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"paper_of_{name}_once",
                    violation_error_message=_("Giấy tờ này vừa được lập."),
                )
                for name in SUBJECTS
            ),
            models.CheckConstraint(
                condition=Q(appraisal__isnull=False, decision=None, voucher=None, round=None, project=None)
                | Q(appraisal=None, decision__isnull=False, voucher=None, round=None, project=None)
                | Q(appraisal=None, decision=None, voucher__isnull=False, round=None, project=None)
                | Q(appraisal=None, decision=None, voucher=None, round__isnull=False, project=None)
                | Q(appraisal=None, decision=None, voucher=None, round=None, project__isnull=False),
                name="paper_of_one_record",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="paper_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def subject(self) -> Any:
        """The record that it is of."""
        return self.appraisal or self.decision or self.voucher or self.round or self.project

    @property
    def is_whole(self) -> bool:
        """Whether the file is the one that was made."""
        return hashlib.sha256(bytes(self.word)).hexdigest() == self.sha256

    def get_absolute_url(self) -> str:
        return reverse("projects:paper_detail", args=[self.pk])
