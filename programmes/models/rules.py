"""Rules of eligibility, advances and deadlines as dated data, each with the regulation that says so."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextBlock, TextLine
from programmes.models.area import AdminUnit
from programmes.models.dated import DatedQuerySet, dates_in_order
from programmes.models.reference import Regulation, citation


class RuleQuerySet(DatedQuerySet):
    def for_judging(self) -> Self:
        """With the regulation that each rule quotes; of two rules the one that began later comes last."""
        return self.select_related("regulation").order_by(models.F("effective_from").asc(nulls_first=True), "pk")


class DatedRule(models.Model):
    """Base of a rule in force between two days. ``is_confirmed``: it was read in the document itself."""

    regulation = models.ForeignKey(
        Regulation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản")
    )
    clause = TextLine(_("điều, khoản"), max_length=60, blank=True)
    effective_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    effective_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("đã đối chiếu văn bản"), default=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def citation(self) -> str:
        """The regulation and clause; a figure that was not read in them says so (regulation fetched)."""
        said = citation(self.regulation, self.clause) if self.regulation else ""
        return said if self.is_confirmed else f"{said} {_now('(chưa xác nhận)')}".strip()


class EligibilityRule(DatedRule):
    """What support depends on: the kind of the place (one row for each kind), or money of the beneficiary's own."""

    class Subject(models.TextChoices):
        PLACE = "place", _("Địa bàn")
        COUNTERPART = "counterpart", _("Vốn đối ứng")

    class Answer(models.TextChoices):
        ELIGIBLE = "eligible", _("Thuộc diện hỗ trợ")
        UNCHECKED = "unchecked", _("Chưa kiểm được")
        NOT_ELIGIBLE = "not_eligible", _("Không thuộc diện hỗ trợ")
        REQUIRED = "required", _("Bắt buộc có")

    subject = models.CharField(_("về"), max_length=20, choices=Subject)
    unit_kind = models.CharField(_("loại địa bàn"), max_length=20, choices=AdminUnit.Kind, blank=True)
    answer = models.CharField(_("trả lời"), max_length=20, choices=Answer)
    allows_craft_village = models.BooleanField(_("trừ làng nghề được công nhận"), default=False)
    allowed_norm_code = models.SlugField(_("trừ nội dung có mã mức"), max_length=60, blank=True)
    explanation = TextBlock(_("giải thích"), blank=True)

    class Meta:
        ordering = ["subject", "effective_from", "unit_kind"]
        verbose_name = _("điều kiện hỗ trợ")
        verbose_name_plural = _("điều kiện hỗ trợ")
        constraints = [
            dates_in_order("eligibility_dates"),
            models.UniqueConstraint(
                "subject",
                "unit_kind",
                Coalesce("effective_from", models.Value("0001-01-01", output_field=models.DateField())),
                name="eligibility_once",
                violation_error_message=_("Điều kiện này đã có cho ngày hiệu lực đó."),
            ),
            models.CheckConstraint(
                condition=Q(subject="place") & ~Q(unit_kind="") | Q(subject="counterpart", unit_kind=""),
                name="eligibility_place_has_kind",
                violation_error_message=_("Điều kiện về địa bàn cần ghi loại địa bàn."),
            ),
        ]

    def __str__(self) -> str:
        kind = f": {self.get_unit_kind_display()}" if self.unit_kind else ""
        return f"{self.get_subject_display()}{kind} ({self.get_answer_display()})"


class AdvanceShareQuerySet(RuleQuerySet):
    def for_codes(self, *codes: str) -> Self:
        return self.filter(norm_code__in=codes)


class AdvanceShare(DatedRule):
    """At most how many percent of the support may be advanced before acceptance.

    For the contents of one norm, or with an empty code for all the rest.
    """

    norm_code = models.SlugField(_("mã mức hỗ trợ"), max_length=60, blank=True)
    max_percent = models.PositiveSmallIntegerField(
        _("tạm ứng tối đa (%)"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    objects: ClassVar = AdvanceShareQuerySet.as_manager()

    class Meta:
        ordering = ["norm_code", "effective_from"]
        verbose_name = _("tỷ lệ tạm ứng")
        verbose_name_plural = _("tỷ lệ tạm ứng")
        constraints = [
            dates_in_order("advance_dates"),
            models.UniqueConstraint(
                "norm_code",
                Coalesce("effective_from", models.Value("0001-01-01", output_field=models.DateField())),
                name="advance_once",
                violation_error_message=_("Tỷ lệ tạm ứng này đã có cho ngày hiệu lực đó."),
            ),
            models.CheckConstraint(
                condition=Q(max_percent__range=(1, 100)),
                name="advance_percent",
                violation_error_message=_("Tỷ lệ phải từ 1 đến 100 phần trăm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.norm_code or _now('nội dung khác')}: {self.max_percent}%"


class DeadlineRule(DatedRule):
    """By when something has to be done: so many days after a step, or a day of the year before or after the plan's."""

    class Subject(models.TextChoices):
        SETTLEMENT = "settlement", _("Hồ sơ quyết toán")
        LIQUIDATION = "liquidation", _("Thanh lý kinh phí quốc gia")
        REGISTRATION = "registration", _("Đăng ký danh mục với Bộ")

    subject = models.CharField(_("việc"), max_length=20, choices=Subject)
    days = models.PositiveSmallIntegerField(_("số ngày"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(
        _("tháng"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("ngày của tháng đó"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )

    class Meta:
        ordering = ["subject", "effective_from"]
        verbose_name = _("thời hạn")
        verbose_name_plural = _("thời hạn")
        constraints = [
            dates_in_order("deadline_dates"),
            models.UniqueConstraint(
                "subject",
                Coalesce("effective_from", models.Value("0001-01-01", output_field=models.DateField())),
                name="deadline_once",
                violation_error_message=_("Thời hạn này đã có cho ngày hiệu lực đó."),
            ),
            models.CheckConstraint(
                condition=Q(subject="settlement", days__isnull=False, month=None, day=None)
                | Q(subject__in=("liquidation", "registration"), days=None, month__isnull=False, day__isnull=False),
                name="deadline_says_when",
                violation_error_message=_(
                    "Quyết toán ghi số ngày; thanh lý ghi ngày và tháng của năm sau; đăng ký ghi của năm trước."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_subject_display())

    def day_after(self, year: int) -> dt.date:
        """The day of the year that follows, of a rule that names one."""
        return dt.date(year + 1, self.month or 1, self.day or 1)

    def day_before(self, year: int) -> dt.date:
        """The day of the year before the plan's, of a rule that names one."""
        return dt.date(year - 1, self.month or 1, self.day or 1)
