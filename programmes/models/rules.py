"""Rules of eligibility, advances and deadlines as dated data, each with the regulation that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.fields import TextBlock, TextLine
from khuyencong.funding import STATE_LEVELS, FundingLevel
from programmes.models.area import AdminUnit
from programmes.models.dated import DatedQuerySet, dates_in_order, once_from_a_day
from programmes.models.reference import Authority, Regulation, citation

STATE_CHOICES = [(level.value, level.label) for level in STATE_LEVELS]


class RuleQuerySet(DatedQuerySet):
    def overlapping(self, rule: DatedRule) -> Self:
        """Other rows that say the same thing of one of its days."""
        first, last = rule.effective_from or dt.date.min, rule.effective_to or dt.date.max
        same = self.filter(**{name: getattr(rule, name) for name in rule.SAME}).exclude(pk=rule.pk)
        return same.in_force_between(first, last)

    def for_judging(self) -> Self:
        """With the regulation that each rule quotes; of two rules the one that began later comes last."""
        return self.select_related("regulation").order_by(models.F("effective_from").asc(nulls_first=True), "pk")


class DatedRule(models.Model):
    """Base of a rule in force between two days. ``is_confirmed``: it was read in the document itself.

    Of the rows that agree in ``SAME`` one at most holds on a day.
    """

    SAME: ClassVar[tuple[str, ...]] = ()

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

    def clean(self) -> None:
        """Refuses what was read in a document that it does not name, and two rows that would both judge one day,
        beside the day on which this one begins."""
        if self.is_confirmed and self.regulation is None:
            message = _("Đã đối chiếu văn bản thì phải ghi văn bản nào.")
            raise ValidationError({"regulation": ValidationError(message, "no_document")})
        start, end = self.effective_from, self.effective_to
        if start and end and end < start:
            return  # said by the constraint
        other = type(self).objects.overlapping(self).first()
        if other:
            message = _("Trùng thời gian với quy định có hiệu lực %(dates)s. Kết thúc quy định đó trước.")
            raise ValidationError({"effective_from": ValidationError(message, "overlap", {"dates": other.dates})})

    @property
    def dates(self) -> str:
        """“từ 11/05/2018 đến …”; an end that is not known stays open."""
        first, last = (f"{day:%d/%m/%Y}" if day else "…" for day in (self.effective_from, self.effective_to))
        return str(_("từ %(first)s đến %(last)s")) % {"first": first, "last": last}

    @property
    def citation(self) -> str:
        """The regulation and clause; a figure that was not read in them says so (regulation fetched)."""
        said = citation(self.regulation, self.clause) if self.regulation else ""
        return said if self.is_confirmed else f"{said} {_now('(chưa xác nhận)')}".strip()


class EstablishmentType(models.TextChoices):
    """Who may be helped, of any time; of which time each is, rows of :class:`EligibilityRule` say."""

    ENTERPRISE = "enterprise", _("Doanh nghiệp nhỏ và vừa")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    COOPERATIVE_UNION = "cooperative_union", _("Liên hiệp hợp tác xã")
    COOPERATIVE_GROUP = "cooperative_group", _("Tổ hợp tác")
    HOUSEHOLD = "household", _("Hộ kinh doanh")
    ARTISAN = "artisan", _("Nghệ nhân")
    CLUSTER_INVESTOR = "cluster_investor", _("Chủ đầu tư hạ tầng cụm công nghiệp")
    OTHER = "other", _("Tổ chức, cá nhân khác")


class EligibilityRuleQuerySet(RuleQuerySet):
    def of_types(self, year: int) -> dict[str, EligibilityRule]:
        """By the type of establishment what the law of a plan's year says of it; a “yes” of one day is enough."""
        rows = self.filter(subject=EligibilityRule.Subject.TYPE).for_judging()
        rows = rows.in_force_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
        return {one.beneficiary_type: one for one in sorted(rows, key=lambda one: one.is_yes)}


class EligibilityRule(DatedRule):
    """What support depends on: the kind of the place, the type of the establishment, money of its own, or what it
    commits itself to.

    Of a kind of place a row that holds only ``holds_where`` goes before the row for all of them. A recognised craft
    village, or a content with one of ``allowed_norm_codes``, is eligible in spite of the answer.
    """

    class Subject(models.TextChoices):
        PLACE = "place", _("Địa bàn")
        TYPE = "type", _("Loại hình")
        COUNTERPART = "counterpart", _("Vốn đối ứng")
        COMMITMENT = "commitment", _("Cam kết của đơn vị thụ hưởng")

    class Answer(models.TextChoices):
        ELIGIBLE = "eligible", _("Thuộc diện hỗ trợ")
        UNCHECKED = "unchecked", _("Chưa xác định được")
        NOT_ELIGIBLE = "not_eligible", _("Không thuộc diện hỗ trợ")
        REQUIRED = "required", _("Bắt buộc có")

    class Where(models.TextChoices):
        ANY = "", _("mọi nơi")
        CLASS_1 = "class_1", _("thuộc thành phố loại 1")
        CLASS_2 = "class_2", _("thuộc thành phố loại 2")
        CLASS_3 = "class_3", _("thuộc thành phố loại 3")
        NEW_WARD = "new_ward", _("phường chuyển đổi từ xã chưa quá 5 năm")
        IN_PROVINCE = "in_province", _("thuộc tỉnh, không thuộc thành phố trực thuộc trung ương")

    SAME = ("subject", "unit_kind", "beneficiary_type", "holds_where")

    subject = models.CharField(_("đối tượng xét"), max_length=20, choices=Subject)
    unit_kind = models.CharField(_("loại địa bàn"), max_length=20, choices=AdminUnit.Kind, blank=True)
    beneficiary_type = models.CharField(_("loại hình"), max_length=20, choices=EstablishmentType, blank=True)
    holds_where = models.CharField(_("trường hợp áp dụng"), max_length=20, choices=Where, blank=True, default=Where.ANY)
    answer = models.CharField(_("kết luận"), max_length=20, choices=Answer)
    allows_craft_village = models.BooleanField(_("không áp dụng với làng nghề được công nhận"), default=False)
    allowed_norm_codes = TextLine(
        _("không áp dụng với nội dung có mã mức"),
        max_length=200,
        blank=True,
        help_text=_("Mã ở mục Mức hỗ trợ, cách nhau bằng dấu cách, ví dụ: machinery production_line."),
    )
    explanation = TextBlock(_("giải thích"), blank=True)

    objects: ClassVar = EligibilityRuleQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "effective_from", "unit_kind", "beneficiary_type", "holds_where"]
        verbose_name = _("điều kiện hỗ trợ")
        verbose_name_plural = _("điều kiện hỗ trợ")
        constraints = [
            dates_in_order("eligibility_dates"),
            once_from_a_day(
                "eligibility_once",
                _("Đã có điều kiện này với cùng ngày hiệu lực."),
                "subject",
                "unit_kind",
                "beneficiary_type",
                "holds_where",
            ),
            models.CheckConstraint(
                condition=Q(subject="place", beneficiary_type="") & ~Q(unit_kind="")
                | Q(subject="type", unit_kind="") & ~Q(beneficiary_type="")
                | Q(subject__in=("counterpart", "commitment"), unit_kind="", beneficiary_type=""),
                name="eligibility_says_of_what",
                violation_error_message=_(
                    "Điều kiện về địa bàn chỉ ghi loại địa bàn, về loại hình chỉ ghi loại hình, về vốn đối ứng, "
                    "cam kết thì để trống cả hai."
                ),
            ),
        ]

    def __str__(self) -> str:
        about = self.get_unit_kind_display() or self.get_beneficiary_type_display()
        kind = f": {about}" if about else ""
        return f"{self.get_subject_display()}{kind} ({self.get_answer_display()})"

    @property
    def is_yes(self) -> bool:
        return self.answer == self.Answer.ELIGIBLE


class CityClassQuerySet(RuleQuerySet):
    def of_codes(self, codes: Iterable[str]) -> Self:
        return self.filter(unit_code__in=codes)


class CityClass(DatedRule):
    """Of which class a city was between two days, by the decision that recognised it; the code is the unit's."""

    SAME = ("unit_code",)

    unit_code = models.CharField(_("mã đơn vị hành chính"), max_length=10)
    urban_class = models.PositiveSmallIntegerField(
        _("loại đô thị"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    objects: ClassVar = CityClassQuerySet.as_manager()

    class Meta:
        ordering = ["unit_code", "effective_from"]
        verbose_name = _("loại đô thị")
        verbose_name_plural = _("loại đô thị")
        constraints = [
            dates_in_order("city_class_dates"),
            once_from_a_day("city_class_once", _("Đã có loại đô thị này với cùng ngày hiệu lực."), "unit_code"),
            models.CheckConstraint(
                condition=Q(urban_class__range=(1, 5)),
                name="city_class_range",
                violation_error_message=_("Loại đô thị phải từ 1 đến 5."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("đô thị loại %(class)s (mã %(code)s)")) % {"class": self.urban_class, "code": self.unit_code}

    def clean(self) -> None:
        """A city has no class before the day of the decision that gave it."""
        super().clean()
        issued_on = self.regulation.issued_on if self.regulation else None
        if issued_on and (self.effective_from is None or self.effective_from < issued_on):
            message = _("Loại đô thị không thể có trước ngày %(issued)s của quyết định công nhận %(number)s.")
            said = {"issued": f"{issued_on:%d/%m/%Y}", "number": str(self.regulation)}
            raise ValidationError({"effective_from": ValidationError(message, "too_early", said)})


class AdvanceShareQuerySet(RuleQuerySet):
    def for_codes(self, *codes: str) -> Self:
        return self.filter(norm_code__in=codes)


class AdvanceShare(DatedRule):
    """At most how many percent of the support may be advanced before acceptance; 0: it is paid after that.

    For the contents of one norm, or with an empty code for all the rest; of one level of money, or with none of all.
    """

    SAME = ("norm_code", "funding_level")

    norm_code = models.SlugField(_("mã mức hỗ trợ"), max_length=60, blank=True)
    funding_level = models.CharField(_("nguồn"), max_length=20, choices=STATE_CHOICES, blank=True)
    max_percent = models.PositiveSmallIntegerField(_("tạm ứng tối đa (%)"), validators=[MaxValueValidator(100)])
    precondition = TextLine(_("điều kiện tạm ứng"), max_length=300, blank=True)

    objects: ClassVar = AdvanceShareQuerySet.as_manager()

    class Meta:
        ordering = ["norm_code", "funding_level", "effective_from"]
        verbose_name = _("tỷ lệ tạm ứng")
        verbose_name_plural = _("tỷ lệ tạm ứng")
        constraints = [
            dates_in_order("advance_dates"),
            once_from_a_day(
                "advance_once", _("Đã có tỷ lệ tạm ứng này với cùng ngày hiệu lực."), "norm_code", "funding_level"
            ),
            models.CheckConstraint(
                condition=Q(max_percent__range=(0, 100)),
                name="advance_percent",
                violation_error_message=_("Tỷ lệ phải từ 0 đến 100 phần trăm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.norm_code or _now('nội dung khác')}: {self.max_percent}%"


class DeadlineRule(DatedRule):
    """By when something has to be done: so many days after a step, a day of the year before or after the plan's, or a
    day of each month."""

    class Subject(models.TextChoices):
        SETTLEMENT = "settlement", _("Hồ sơ quyết toán")
        LIQUIDATION = "liquidation", _("Thanh lý kinh phí quốc gia")
        FILE = "file", _("Gửi hồ sơ đề án về Sở")
        REGISTRATION = "registration", _("Đăng ký danh mục với Bộ")
        MONTHLY = "monthly", _("Báo cáo tiến độ hằng tháng")

    SAME = ("subject",)

    subject = models.CharField(_("công việc"), max_length=20, choices=Subject)
    days = models.PositiveSmallIntegerField(
        _("số ngày"), null=True, blank=True, help_text=_("Chỉ ghi cho hồ sơ quyết toán: kể từ ngày nghiệm thu.")
    )
    month = models.PositiveSmallIntegerField(
        _("tháng"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("ngày trong tháng"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )

    class Meta:
        ordering = ["subject", "effective_from"]
        verbose_name = _("thời hạn")
        verbose_name_plural = _("thời hạn")
        constraints = [
            dates_in_order("deadline_dates"),
            once_from_a_day("deadline_once", _("Đã có thời hạn này với cùng ngày hiệu lực."), "subject"),
            models.CheckConstraint(
                condition=Q(subject="settlement", days__isnull=False, month=None, day=None)
                | Q(subject="monthly", days=None, month=None, day__isnull=False)
                | Q(
                    subject__in=("liquidation", "file", "registration"),
                    days=None,
                    month__isnull=False,
                    day__isnull=False,
                ),
                name="deadline_says_when",
                violation_error_message=_(
                    "Quyết toán: ghi số ngày. Thanh lý: ghi ngày, tháng của năm sau. Gửi hồ sơ, đăng ký: ghi "
                    "ngày, tháng của năm trước. Báo cáo hằng tháng: chỉ ghi ngày."
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


class DeciderRuleQuerySet(RuleQuerySet):
    def for_province(self, province: Organisation) -> Self:
        """What holds for all and what the province set itself, which comes last."""
        rows = self.filter(Q(province=None) | Q(province=province)).for_judging()
        return rows.order_by(models.F("province").asc(nulls_first=True), *rows.query.order_by)


class DeciderRule(DatedRule):
    """Who may decide a change of what was approved: authorities of that level, and those above them that decide over
    money of the same kind. A province's own rule goes before a general one."""

    SAME = ("change", "funding_level", "province")
    # Who decides over the money of a level, the lowest first.
    LADDERS: ClassVar[dict[str, tuple[Authority.Level, ...]]] = {
        FundingLevel.NATIONAL: (Authority.Level.DEPARTMENT, Authority.Level.AGENCY, Authority.Level.CENTRAL),
        FundingLevel.CITY: (Authority.Level.DEPARTMENT, Authority.Level.CITY),
    }

    class Change(models.TextChoices):
        MORE_MONEY = "more_money", _("tăng kinh phí hỗ trợ")
        OTHER_CONTENTS = "other_contents", _("thay đổi nội dung")
        NEXT_YEAR = "next_year", _("kéo dài sang năm sau")
        ADD_PROJECT = "add_project", _("bổ sung đề án")
        STOP = "stop", _("ngừng thực hiện đề án")
        LESS_MONEY = "less_money", _("giảm kinh phí hỗ trợ")
        PLACE = "place", _("thay đổi địa bàn")
        BENEFICIARY = "beneficiary", _("thay đổi đơn vị thụ hưởng")
        TIME_WITHIN_YEAR = "time_within_year", _("thay đổi thời gian trong năm")
        GROUP_PLACE = "group_place", _("thay đổi địa bàn của đề án nhóm")
        GROUP_BENEFICIARY = "group_beneficiary", _("thay đổi đơn vị thụ hưởng của đề án nhóm")

    change = models.CharField(_("thay đổi"), max_length=20, choices=Change)
    funding_level = models.CharField(_("nguồn"), max_length=20, choices=STATE_CHOICES)
    province = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("tỉnh, thành phố áp dụng"),
        help_text=_("Quy định của tỉnh, thành phố nào thì chọn nơi đó; để trống là quy định chung cả nước."),
    )
    decided_by = models.CharField(
        _("cấp thấp nhất có thẩm quyền"),
        max_length=20,
        choices=Authority.Level,
        help_text=_("Các cấp cao hơn cũng có thẩm quyền đối với cùng nguồn kinh phí."),
    )

    objects: ClassVar = DeciderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["funding_level", "change", "effective_from"]
        verbose_name = _("thẩm quyền quyết định")
        verbose_name_plural = _("thẩm quyền quyết định")
        constraints = [
            dates_in_order("decider_dates"),
            once_from_a_day(
                "decider_once",
                _("Đã có thẩm quyền này với cùng ngày hiệu lực."),
                "change",
                "funding_level",
                Coalesce("province", models.Value(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()} ({self.get_funding_level_display()}): {self.get_decided_by_display()}"

    def clean(self) -> None:
        super().clean()
        if self.decided_by and self.decided_by not in self.LADDERS.get(self.funding_level, ()):
            raise ValidationError({"decided_by": _("Cấp này không có thẩm quyền đối với nguồn kinh phí đó.")})

    @property
    def levels(self) -> tuple[Authority.Level, ...]:
        """The levels of authorities that may decide."""
        ladder = self.LADDERS[self.funding_level]
        return ladder[ladder.index(Authority.Level(self.decided_by)) :]
