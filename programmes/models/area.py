"""Administrative units before and after 01/07/2025, with what became of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import FoldedField, SortKeyField, TextBlock, TextLine
from khuyencong.text import folded_query, inside_sentence
from programmes.models.dated import dates_in_order

if TYPE_CHECKING:
    from programmes.models.plan import AnnualPlan


class AdminUnitQuerySet(models.QuerySet[Any]):
    def valid_on(self, on: dt.date) -> Self:
        return self.valid_between(on, on)

    def valid_between(self, first: dt.date, last: dt.date) -> Self:
        """On some day of these."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=first))

    def below_province(self) -> Self:
        return self.exclude(kind=AdminUnit.Kind.PROVINCE)

    def of_plan(self, plan: AnnualPlan) -> Self:
        """The places that a plan may name: of its province, on some day of its year."""
        then = self.valid_between(dt.date(plan.year, 1, 1), dt.date(plan.year, 12, 31))
        return then.below_province().in_province(plan.organisation.province().area_code)

    def in_province(self, code: str) -> Self:
        """Districts and today's communes stand below the province, former communes below a district of it."""
        return self.filter(Q(parent__code=code) | Q(parent__parent__code=code, parent__parent__kind="province"))

    def kept_by(self, code: str) -> Self:
        """The province of that code at any time, provinces that went into it, and all below these."""
        own = Q(code=code, kind="province")
        went = Q(kind="province", succeeded_by__successor__code=code, succeeded_by__successor__kind="province")
        roots = AdminUnit.objects.filter(own | went).values("pk")
        return self.filter(Q(pk__in=roots) | Q(parent__in=roots) | Q(parent__parent__in=roots))

    def top_level(self) -> Self:
        """Districts, and the communes of today: what a province is divided into first."""
        return self.filter(parent__parent=None)

    def named_by(self, projects: models.QuerySet[Any]) -> Self:
        """Units that one of the projects names as its place; of each, SQLite looks no further than the first."""
        naming = projects.model.places.through.objects.filter(adminunit=models.OuterRef("pk"))
        asked = projects.filter(pk=models.OuterRef("project_id"))
        return self.filter(models.Exists(naming.filter(models.Exists(asked))))

    def with_lineage(self) -> Self:
        """With what they are a part of, up to the province."""
        return self.select_related("parent__parent")

    def with_ids(self, units: Iterable[AdminUnit]) -> Self:
        """These, as they are stored."""
        return self.filter(pk__in=[one.pk for one in units])

    def counting_projects(self) -> Self:
        """Those that projects name as a place, with the number of these (``project_count``)."""
        return self.annotate(project_count=models.Count("projects")).filter(project_count__gt=0)

    def with_codes(self, codes: Iterable[str]) -> Self:
        """Of all times."""
        return self.filter(code__in=codes)

    def times_of(self, ids: Collection[int]) -> dict[int, list[AdminUnit]]:
        """By these ids their units under the kinds and names of all times, each of which has its code."""
        found = list(self.filter(code__in=self.model.objects.filter(pk__in=ids).values("code")))
        code_of = {one.pk: one.code for one in found if one.pk in ids}
        return {pk: [one for one in found if one.code == code] for pk, code in code_of.items()}

    def matching(self, text: str) -> Self:
        return self.filter(folded_query(text, "search"))


class AdminUnitManager(models.Manager.from_queryset(AdminUnitQuerySet)):  # type: ignore[misc]  # made while running
    """Units with what they are a part of: a former commune is named with its district."""

    def get_queryset(self) -> AdminUnitQuerySet:
        found: AdminUnitQuerySet = super().get_queryset().select_related("parent")
        return found


class AdminUnit(models.Model):
    """A unit as it was between two days. The same code may return with another kind or name."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Tỉnh, thành phố")
        DISTRICT = "district", _("Huyện")
        URBAN_DISTRICT = "urban_district", _("Quận")
        TOWN = "town", _("Thị xã")
        CITY = "city", _("Thành phố thuộc tỉnh")
        TOWNSHIP = "township", _("Thị trấn")
        COMMUNE = "commune", _("Xã")
        WARD = "ward", _("Phường")
        SPECIAL_ZONE = "special_zone", _("Đặc khu")

    # The word that a unit of each kind carries in front of its name; provinces have two.
    PREFIXES = {
        "province": ("Thành phố", "Tỉnh"),
        "district": ("Huyện",),
        "urban_district": ("Quận",),
        "town": ("Thị xã",),
        "city": ("Thành phố",),
        "township": ("Thị trấn",),
        "commune": ("Xã",),
        "ward": ("Phường",),
        "special_zone": ("Đặc khu",),
    }

    code = models.CharField(_("mã"), max_length=10)
    name = TextLine(_("tên"), max_length=120)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("thuộc")
    )
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến ngày"), null=True, blank=True)
    former_communes = TextBlock(_("các xã, phường cũ"), blank=True)
    resolution = TextLine(_("nghị quyết"), max_length=120, blank=True)
    search = FoldedField(sources=("name", "code"))
    name_key = SortKeyField(source="name")

    objects = AdminUnitManager()

    class Meta:
        ordering = ["name_key"]
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        constraints = [
            dates_in_order("admin_unit_dates", "valid_from", "valid_to"),
            models.UniqueConstraint(
                "code",
                "kind",
                Coalesce("valid_from", models.Value(dt.date.min)),
                name="admin_unit_once",
                violation_error_message=_("Đã có đơn vị mang mã này trong thời gian đó."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        prefixes = self.PREFIXES.get(self.kind, ())
        if self.name and not any(self.name.startswith(f"{prefix} ") for prefix in prefixes):
            raise ValidationError(
                {"name": _("Tên chưa phù hợp với loại: phải bắt đầu bằng “%s”.") % " / ".join(prefixes)}
            )

    def is_valid_on(self, on: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or self.valid_to >= on)

    @property
    def bare_name(self) -> str:
        """The name without its kind: “Tiên Lãng” for “Huyện Tiên Lãng”."""
        for prefix in self.PREFIXES.get(self.kind, ()):
            if self.name.startswith(f"{prefix} "):
                return self.name[len(prefix) + 1 :]
        return self.name

    @property
    def full_name(self) -> str:
        """The name by which papers tell it from others: “Xã Hòa Bình (huyện Vĩnh Bảo)”, for a former commune."""
        if self.parent is None or self.parent.kind == self.Kind.PROVINCE:
            return self.name
        return f"{self.name} ({inside_sentence(self.parent.name)})"


def listed_units(units: Iterable[AdminUnit]) -> str:
    """“Huyện Kiến Thụy, huyện Tiên Lãng”: a kind is written small inside a sentence (NĐ 30, Phụ lục II)."""
    return listed_names([unit.full_name for unit in units])


def listed_names(names: Sequence[str]) -> str:
    return ", ".join([*names[:1], *map(inside_sentence, names[1:])])


class AdminUnitSuccessionQuerySet(models.QuerySet[Any]):
    def into(self, units: Iterable[AdminUnit]) -> Self:
        """Of which one of the units is the successor."""
        return self.filter(successor__in=units)

    def turned_into_wards(self, wards: Iterable[AdminUnit]) -> dict[int, dt.date]:
        """By the id of each of these wards that was made out of communes alone, the day from which it is one.

        Of one that took in wards or townships as well it can't be told where in it a project stands.
        """
        rows = self.filter(successor__in=wards, predecessor__kind=AdminUnit.Kind.COMMUNE)
        mixed = self.filter(predecessor__kind__in=(AdminUnit.Kind.WARD, AdminUnit.Kind.TOWNSHIP))
        rows = rows.exclude(successor__in=mixed.filter(successor__in=wards).values("successor"))
        return dict(rows.filter(successor__valid_from__isnull=False).values_list("successor", "successor__valid_from"))


class AdminUnitSuccession(models.Model):
    """What became of a unit; ``is_partial`` when only a part of it went there, or it was split.

    None where the sources differ: ``remark`` says which of them says what.
    """

    predecessor = models.ForeignKey(AdminUnit, models.CASCADE, related_name="succeeded_by", verbose_name=_("đơn vị cũ"))
    successor = models.ForeignKey(AdminUnit, models.CASCADE, related_name="succeeds", verbose_name=_("đơn vị mới"))
    is_partial = models.BooleanField(_("một phần"), null=True, blank=True, default=False)
    remark = TextLine(_("ghi chú"), max_length=200, blank=True)

    objects = AdminUnitSuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị kế thừa")
        verbose_name_plural = _("đơn vị kế thừa")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")),
                name="succession_not_to_itself",
                violation_error_message=_("Đơn vị kế thừa phải là đơn vị khác."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    def clean(self) -> None:
        """A unit is succeeded by one that begins after it has ended; days that are not known are not asked."""
        if not (self.predecessor_id and self.successor_id):
            return
        old, new = self.predecessor, self.successor
        if old.valid_to and new.valid_from and new.valid_from <= old.valid_to:
            message = _("“%(new)s” có từ ngày %(first)s, khi “%(old)s” còn đến ngày %(last)s.")
            days = {"first": f"{new.valid_from:%d/%m/%Y}", "last": f"{old.valid_to:%d/%m/%Y}"}
            said = {"new": str(new), "old": str(old), **days}
            raise ValidationError({"successor": ValidationError(message, "too_early", said)})
