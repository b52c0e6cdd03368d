"""In which order projects are to be considered (field-rules §5): which groups go first, and which places are in one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import TextLine
from programmes.models.dated import dates_in_order, once_from_a_day
from programmes.models.rules import DatedRule, RuleQuerySet


class PriorityStep(models.TextChoices):
    """What is asked first, what then."""

    AREA = "area", _("Địa bàn")
    TRADE = "trade", _("Ngành nghề")
    OWNER = "owner", _("Chủ cơ sở")


class PriorityGroup(models.TextChoices):
    """A group that some law prefers, or (cleaner production) considers out of turn."""

    HIGHLAND = "highland", _("huyện vùng cao")
    ISLAND = "island", _("hải đảo")
    BORDER = "border", _("biên giới đất liền")
    ETHNIC_AREA = "ethnic_area", _("vùng đồng bào dân tộc thiểu số")
    POOR = "poor", _("huyện nghèo")
    NEW_RURAL = "new_rural", _("xã trong kế hoạch xây dựng nông thôn mới")
    DIFFICULT = "difficult", _("địa bàn có điều kiện kinh tế - xã hội khó khăn, đặc biệt khó khăn")
    TYPICAL_PRODUCT = "typical_product", _("sản phẩm công nghiệp nông thôn tiêu biểu")
    KEY_PRODUCT = "key_product", _("sản phẩm chủ lực, mũi nhọn, trọng điểm")
    EXPORT = "export", _("sản phẩm có thị trường xuất khẩu")
    LOCAL_MATERIALS = "local_materials", _("sử dụng nguyên liệu tại chỗ")
    MUCH_LABOUR = "much_labour", _("sử dụng nhiều lao động")
    MECHANICS = "mechanics", _("cơ khí, hóa chất phục vụ nông nghiệp, nông thôn")
    PROCESSING = "processing", _("chế biến nông - lâm - thủy sản")
    SUPPORTING = "supporting", _("công nghiệp hỗ trợ")
    CLEANER_PRODUCTION = "cleaner_production", _("sản xuất sạch hơn")
    WOMEN = "women", _("do phụ nữ làm chủ")
    MINORITY = "minority", _("do người dân tộc thiểu số làm chủ")


AREA_GROUPS = ("highland", "island", "border", "ethnic_area", "poor", "new_rural", "difficult")
OWNER_GROUPS = ("women", "minority")


class PriorityRule(DatedRule):
    """Which place a group has in the order of its step; without one it is considered out of turn.

    A trade is known by ``norm_codes``, the codes of norms whose contents are of it; a place by :class:`PriorityArea`.
    """

    SAME = ("priority_group",)

    priority_group = models.CharField(_("nhóm ưu tiên"), max_length=20, choices=PriorityGroup)
    rank = models.PositiveSmallIntegerField(
        _("thứ tự"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("1 được xét trước nhất; để trống: không xét theo thứ tự."),
    )
    norm_codes = TextLine(
        _("nội dung có mã mức"),
        max_length=200,
        blank=True,
        help_text=_("Mã ở mục Mức hỗ trợ, cách nhau bằng dấu cách, ví dụ: machinery production_line."),
    )

    class Meta:
        ordering = ["effective_from", "rank", "priority_group"]
        verbose_name = _("thứ tự ưu tiên")
        verbose_name_plural = _("thứ tự ưu tiên")
        constraints = [
            dates_in_order("priority_dates"),
            once_from_a_day("priority_once", _("Đã có nhóm ưu tiên này với cùng ngày hiệu lực."), "priority_group"),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1),
                name="priority_rank_from_one",
                violation_error_message=_("Thứ tự bắt đầu từ 1."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_priority_group_display())

    @property
    def step(self) -> PriorityStep:
        if self.priority_group in AREA_GROUPS:
            return PriorityStep.AREA
        return PriorityStep.OWNER if self.priority_group in OWNER_GROUPS else PriorityStep.TRADE


class PriorityAreaQuerySet(RuleQuerySet):
    def of_codes(self, codes: Iterable[str]) -> Self:
        return self.filter(unit_code__in=codes)


class PriorityArea(DatedRule):
    """That a unit, and what lies in it, is in a group of places between two days; the code is the unit's."""

    SAME = ("unit_code", "priority_group")

    unit_code = models.CharField(_("mã đơn vị hành chính"), max_length=10)
    priority_group = models.CharField(
        _("nhóm địa bàn"), max_length=20, choices=[(code, PriorityGroup(code).label) for code in AREA_GROUPS]
    )

    objects: ClassVar = PriorityAreaQuerySet.as_manager()

    class Meta:
        ordering = ["unit_code", "effective_from"]
        verbose_name = _("địa bàn ưu tiên")
        verbose_name_plural = _("địa bàn ưu tiên")
        constraints = [
            dates_in_order("priority_area_dates"),
            once_from_a_day(
                "priority_area_once",
                _("Đã có địa bàn này trong nhóm với cùng ngày hiệu lực."),
                "unit_code",
                "priority_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code}: {self.get_priority_group_display()}"
