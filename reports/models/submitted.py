"""Reports that were submitted: each is kept as it was printed, with the very file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.asof import AsOf
from khuyencong.fields import KeptText, TextLine
from reports.printing.book_json import digest

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class SubmittedReportQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)

    def of_organisation(self, code: str) -> Self:
        """That it issued itself."""
        return self.filter(organisation__code=code)

    def same_as(self, report: SubmittedReport) -> Self:
        """What says the same and is dated the same day, if it was submitted before."""
        names = ("organisation", "kind", "submitted_on", "sha256")
        return self.filter(**{name: getattr(report, name) for name in names})

    def for_page(self) -> Self:
        return self.select_related("organisation", "submitted_by", "on_behalf_of")

    def for_list(self) -> Self:
        """Newest first, without the books and files, which may be long."""
        return self.for_page().defer("book", "file").order_by("-submitted_on", "-pk")

    def years(self) -> list[int]:
        """Those of which there is a report, newest first."""
        return list(self.order_by("-year").values_list("year", flat=True).distinct())

    def issuers(self) -> models.QuerySet[Organisation]:
        """The organisations that submitted any of them."""
        return Organisation.objects.filter(pk__in=self.order_by().values("organisation"))


class SubmittedReport(AppendOnly):
    """A report as it was when it was submitted: what it says and the file that was produced of it, never changed.

    ``file`` is the workbook itself, which is served whatever became of the program that drew it, and ``file_sha256``
    its sum; ``book`` says the same as data, so that it can be compared with today, and ``sha256`` is of it.
    ``kind`` is a key of :data:`reports.submitted.kinds.KINDS` and ``query`` its question as it stands in an
    address, so that the same can be asked again. ``effective_on`` and ``recorded_on`` are the days of
    :class:`khuyencong.asof.AsOf` that were asked for.
    """

    kind = models.CharField(_("loại báo cáo"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="submitted_reports", verbose_name=_("đơn vị báo cáo")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    query = models.TextField(_("điều kiện đã chọn"))
    effective_on = models.DateField(_("số liệu tính đến ngày"), null=True, blank=True)
    recorded_on = models.DateField(_("đã ghi nhận đến hết ngày"), null=True, blank=True)
    title = TextLine(_("tên báo cáo"), max_length=300)
    submitted_on = models.DateField(_("ngày báo cáo"))
    number = TextLine(_("số văn bản"), max_length=60, blank=True)
    note = KeptText(_("ghi chú"), blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người chốt")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theo ủy quyền của"),
    )
    recorded_at = models.DateTimeField(_("chốt lúc"), auto_now_add=True)
    layout = models.PositiveSmallIntegerField(_("phiên bản mẫu trình bày"))
    book = models.TextField(_("nội dung đã chốt"))
    sha256 = models.CharField(_("mã kiểm tra"), max_length=64)
    file = models.BinaryField(_("tệp Excel"))
    file_sha256 = models.CharField(_("mã kiểm tra của tệp (SHA-256)"), max_length=64)

    objects: ClassVar = SubmittedReportQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_on", "-pk"]
        verbose_name = _("báo cáo đã chốt")
        verbose_name_plural = _("báo cáo đã chốt")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "submitted_on", "sha256"], name="submitted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:submitted_detail", args=[self.pk])

    @property
    def as_of(self) -> AsOf:
        return AsOf(self.effective_on, self.recorded_on)

    @property
    def is_intact(self) -> bool:
        """Whether book and file are still those whose sums were taken."""
        return digest(self.book) == self.sha256 and hashlib.sha256(self.file).hexdigest() == self.file_sha256
