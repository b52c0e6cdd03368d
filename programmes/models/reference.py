"""The law and its lists as dated data: regulations, activity types, norms, sources, issuing authorities."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import SortKeyField, TextBlock, TextLine
from khuyencong.ledger import STATE_LEVELS, Level
from programmes.models.dated import DatedQuerySet, dates_in_order


class Regulation(models.Model):
    """A legal document. ``evidence`` says how far its data was read in the document itself."""

    code = models.CharField(_("mã"), max_length=30, unique=True)
    number = TextLine(_("số, ký hiệu"), max_length=60, unique=True)
    title = TextLine(_("trích yếu"), max_length=300)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    effective_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    effective_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    replaced_or_amended_by = TextLine(_("được thay thế, sửa đổi bởi"), max_length=200, blank=True)
    evidence = TextLine(_("nguồn tra cứu"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "number"]
        verbose_name = _("văn bản quy phạm")
        verbose_name_plural = _("văn bản quy phạm")
        constraints = [dates_in_order("regulation_dates")]

    def __str__(self) -> str:
        return self.number


class ActivityTypeQuerySet(models.QuerySet[Any]):
    def in_use(self, year: int) -> Self:
        """The contents of the decree in force at the end of that year."""
        regulations = Regulation.objects.filter(activity_types__isnull=False, issued_on__year__lte=year)
        newest = regulations.order_by("-issued_on").values("pk")[:1]
        return self.filter(regulation__in=newest)


class ActivityType(models.Model):
    """A content of industrial extension as a decree lists it (NĐ 134/2004, then Điều 4 NĐ 45/2012)."""

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="activity_types", verbose_name=_("văn bản"))
    code = models.CharField(_("mã"), max_length=20, unique=True)
    short_name = TextLine(_("tên gọi ngắn"), max_length=120)
    legal_wording = TextLine(_("nguyên văn"), max_length=400)

    objects = ActivityTypeQuerySet.as_manager()

    class Meta:
        ordering = ["regulation__issued_on", "code"]
        verbose_name = _("nội dung hoạt động khuyến công")
        verbose_name_plural = _("nội dung hoạt động khuyến công")

    def __str__(self) -> str:
        return self.short_name


class FundingSourceQuerySet(models.QuerySet[Any]):
    def of_levels(self, *levels: str) -> Self:
        return self.filter(level__in=levels)


class FundingSource(models.Model):
    """Where money comes from. State money (national, city) is assigned and approved; the rest is promised."""

    code = models.CharField(_("mã"), max_length=20, unique=True)
    name = TextLine(_("tên nguồn"), max_length=120)
    short_name = TextLine(_("tên gọi tắt"), max_length=30)
    level = models.CharField(_("cấp nguồn"), max_length=20, choices=Level)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    objects = FundingSourceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("nguồn kinh phí")
        verbose_name_plural = _("nguồn kinh phí")

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_state(self) -> bool:
        return self.level in STATE_LEVELS


class SupportNorm(models.Model):
    """A ceiling of support: at most ``max_percent`` of the eligible cost and ``max_amount_vnd`` for one unit."""

    code = models.SlugField(_("mã mức"), max_length=60)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="norms", verbose_name=_("văn bản"))
    clause = TextLine(_("điều, khoản"), max_length=60)
    funding_level = models.CharField(_("nguồn"), max_length=20, choices=[(v.value, v.label) for v in STATE_LEVELS])
    province = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, verbose_name=_("tỉnh, thành phố áp dụng")
    )
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, related_name="norms", verbose_name=_("nội dung"))
    item = TextLine(_("khoản hỗ trợ"), max_length=200)
    unit = TextLine(_("tính cho một"), max_length=40)
    max_percent = models.PositiveSmallIntegerField(_("tỷ lệ tối đa (%)"), null=True, blank=True)
    max_amount_vnd = models.BigIntegerField(_("mức tối đa (đồng)"), null=True, blank=True)
    effective_from = models.DateField(_("hiệu lực từ"))
    effective_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("đã đối chiếu văn bản"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["activity_type", "code", "effective_from"]
        verbose_name = _("mức hỗ trợ")
        verbose_name_plural = _("mức hỗ trợ")
        constraints = [
            dates_in_order("norm_dates"),
            models.UniqueConstraint(
                "code",
                "funding_level",
                Coalesce("province", models.Value(0)),
                "effective_from",
                name="norm_once",
                violation_error_message=_("Mức hỗ trợ này đã có cho ngày hiệu lực đó."),
            ),
            models.CheckConstraint(
                condition=Q(max_percent=None) | Q(max_percent__range=(1, 100)),
                name="norm_percent",
                violation_error_message=_("Tỷ lệ phải từ 1 đến 100 phần trăm."),
            ),
            models.CheckConstraint(
                condition=Q(max_amount_vnd=None) | Q(max_amount_vnd__gt=0),
                name="norm_amount",
                violation_error_message=_("Mức tiền phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(max_percent__isnull=False) | Q(max_amount_vnd__isnull=False),
                name="norm_says_something",
                violation_error_message=_("Ghi tỷ lệ hoặc mức tiền tối đa."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} ({self.regulation}, {self.clause})"


class Authority(models.Model):
    """Who issues documents. Authorities stand outside the scope tree."""

    class Level(models.TextChoices):
        CENTRAL = "central", _("Bộ, ngành trung ương")
        AGENCY = "agency", _("Cục thuộc Bộ")
        CITY = "city", _("Tỉnh, thành phố")
        DEPARTMENT = "department", _("Sở")

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    name = TextLine(_("tên cơ quan"), max_length=200)
    level = models.CharField(_("cấp"), max_length=20, choices=Level)
    province = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, verbose_name=_("thuộc tỉnh, thành phố")
    )
    effective_from = models.DateField(_("hoạt động từ"), null=True, blank=True)
    effective_to = models.DateField(_("hoạt động đến"), null=True, blank=True)
    notes = TextBlock(_("ghi chú"), blank=True)
    name_key = SortKeyField(source="name")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        verbose_name = _("cơ quan ban hành")
        verbose_name_plural = _("cơ quan ban hành")
        constraints = [dates_in_order("authority_dates")]

    def __str__(self) -> str:
        return self.name
