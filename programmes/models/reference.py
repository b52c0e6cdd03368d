"""The law and its lists as dated data: regulations, activity types, norms, sources, issuing authorities."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.attachments import Attachment, AttachmentQuerySet
from khuyencong.fields import KeptLine, KeptText, SortKeyField, TextBlock, TextLine
from khuyencong.funding import STATE_LEVELS, FundingLevel
from khuyencong.money import format_vnd
from khuyencong.text import translated
from programmes.models.dated import DatedQuerySet, dates_in_order

if TYPE_CHECKING:
    from khuyencong.accounts.models import User

AMENDING = re.compile(r"(\S+) \(sửa đổi")


class Regulation(models.Model):
    """A legal document. ``evidence`` says how far its data was read in the document itself."""

    code = models.CharField(_("mã"), max_length=30, unique=True)
    number = TextLine(_("số, ký hiệu"), max_length=60, unique=True)
    title = TextLine(_("trích yếu"), max_length=300)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    effective_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    effective_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    replaced_or_amended_by = TextLine(_("văn bản thay thế, sửa đổi"), max_length=200, blank=True)
    evidence = TextLine(_("nguồn tra cứu"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "number"]
        verbose_name = _("văn bản quy phạm")
        verbose_name_plural = _("văn bản quy phạm")
        constraints = [dates_in_order("regulation_dates")]

    def __str__(self) -> str:
        return self.number

    @property
    def cited(self) -> str:
        """“TT 28/2018/TT-BTC”: the number with the kind of document that it names itself."""
        kind = self.number.rpartition("/")[2].partition("-")[0]
        return f"{kind} {self.number}" if kind.isalpha() else self.number

    def amendments_by(self, day: dt.date) -> DatedQuerySet:
        """Those that amend it, “235/2025/NĐ-CP (sửa đổi)”, and are in force on the day, in the order of their dates."""
        numbers = AMENDING.findall(self.replaced_or_amended_by)
        return Regulation.objects.filter(number__in=numbers, effective_from__lte=day).order_by("issued_on", "number")


def citation(regulation: Regulation, clause: str = "") -> str:
    """“TT 28/2018/TT-BTC, Điều 8 khoản 4”."""
    return f"{regulation.cited}, {clause}" if clause else regulation.cited


class ActivityTypeQuerySet(models.QuerySet[Any]):
    def in_use(self, year: int) -> Self:
        """The contents of each decree that was in force on some day of that year; one whose first day is not known is
        so from the year in which it was issued."""
        started = Coalesce("regulation__effective_from", "regulation__issued_on")
        rows = self.alias(started=started).filter(Q(started=None) | Q(started__year__lte=year))
        ended_before = Q(regulation__effective_to__year__lt=year)
        return rows.exclude(ended_before).select_related("regulation")

    def with_code(self, code: str) -> ActivityType | None:
        return self.filter(code=code).first()

    def with_ids(self, ids: Iterable[int]) -> Self:
        """In the order of the decrees, with those at hand."""
        return self.filter(pk__in=ids).select_related("regulation")

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Codes and names for a form, under the decree that lists them: two of them may call a content alike."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in self.select_related("regulation"):
            groups.setdefault(row.regulation.cited, []).append((row.code, translated(row.short_name)))
        return list(groups.items())


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
        return translated(self.short_name)


class FundingSourceQuerySet(models.QuerySet[Any]):
    def of_levels(self, *levels: str) -> Self:
        return self.filter(level__in=levels)

    def with_code(self, code: str) -> FundingSource | None:
        return self.filter(code=code).first()


class FundingSource(models.Model):
    """Where money comes from. State money (national, city) is assigned and approved; the rest is promised."""

    code = models.CharField(_("mã"), max_length=20, unique=True)
    name = TextLine(_("tên nguồn"), max_length=120)
    short_name = TextLine(_("tên gọi tắt"), max_length=30)
    level = models.CharField(_("cấp nguồn"), max_length=20, choices=FundingLevel)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    objects = FundingSourceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("nguồn kinh phí")
        verbose_name_plural = _("nguồn kinh phí")

    def __str__(self) -> str:
        return translated(self.short_name)

    @property
    def is_state(self) -> bool:
        return self.level in STATE_LEVELS


class SupportNormQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        """What holds for all, and what the provinces in which the user has a role set for themselves."""
        return self.filter(Q(province=None) | Q(province__in=user.lineage_ids()))

    def kept_by(self, user: User) -> Self:
        """Of the provinces that the user administers; what holds for all comes with the reference files."""
        return self.filter(province__in=Organisation.objects.administered_by(user))

    def for_provinces(self, provinces: Iterable[Organisation]) -> Self:
        """What judges projects of these provinces: their own and the general norms."""
        return self.filter(Q(province=None) | Q(province__in=provinces))

    def for_contents(self, activity_ids: Iterable[int], codes: Iterable[str]) -> Self:
        """Of these contents, and whatever bears one of the codes that were chosen."""
        return self.filter(Q(activity_type__in=activity_ids) | Q(code__in=codes))

    def of_level(self, level: str) -> Self:
        return self.filter(funding_level=level)

    def of_province(self, province: Organisation) -> Self:
        """Set by that province itself."""
        return self.filter(province=province)

    def versions_of(self, norm: SupportNorm) -> Self:
        """The same norm over time, the newest first: same code, level and province."""
        same = self.filter(code=norm.code, funding_level=norm.funding_level, province=norm.province_id)
        return same.for_page().order_by("-effective_from")

    def overlapping(self, norm: SupportNorm) -> Self:
        """Other rows of the same norm that are in force on one of its days."""
        others = self.filter(code=norm.code, funding_level=norm.funding_level, province=norm.province_id)
        return others.exclude(pk=norm.pk).in_force_between(norm.effective_from, norm.effective_to or dt.date.max)

    def for_page(self) -> Self:
        return self.select_related("regulation", "province", "activity_type__regulation")


class SupportNorm(models.Model):
    """A ceiling of support: at most ``max_percent`` of the eligible cost and ``max_amount_vnd`` for one unit.

    ``has_no_ceiling``: the law sends the content to general rules of spending, which ``note`` names. Otherwise a row
    without figures says in ``note`` what can't be compared by itself.
    """

    code = models.SlugField(_("mã mức"), max_length=60)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="norms", verbose_name=_("văn bản"))
    clause = TextLine(_("điều, khoản"), max_length=60)
    funding_level = models.CharField(_("nguồn"), max_length=20, choices=[(v.value, v.label) for v in STATE_LEVELS])
    province = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, verbose_name=_("tỉnh, thành phố áp dụng")
    )
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, related_name="norms", verbose_name=_("nội dung"))
    item = TextLine(_("khoản hỗ trợ"), max_length=200)
    unit = TextLine(_("đơn vị tính"), max_length=40)
    max_percent = models.PositiveSmallIntegerField(_("tỷ lệ tối đa (%)"), null=True, blank=True)
    max_amount_vnd = models.BigIntegerField(_("mức tối đa (đồng)"), null=True, blank=True)
    has_no_ceiling = models.BooleanField(_("không có mức trần"), default=False)
    note = TextBlock(_("điều kiện, ghi chú"), blank=True)
    effective_from = models.DateField(_("hiệu lực từ"))
    effective_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("đã đối chiếu văn bản"), default=False)

    objects = SupportNormQuerySet.as_manager()

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
                violation_error_message=_("Đã có mức hỗ trợ này với cùng ngày hiệu lực."),
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
                condition=Q(has_no_ceiling=True, max_percent=None, max_amount_vnd=None)
                | Q(has_no_ceiling=False)
                & (Q(max_percent__isnull=False) | Q(max_amount_vnd__isnull=False) | ~Q(note="")),
                name="norm_says_something",
                violation_error_message=_("Ghi tỷ lệ hoặc mức tiền tối đa."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} ({self.regulation}, {self.clause})"

    def get_absolute_url(self) -> str:
        return reverse("projects:norm_detail", args=[self.pk])

    def clean(self) -> None:
        """Refuses two rows that would both judge one day. Of the two the message names the other."""
        if not (self.code and self.funding_level and self.effective_from):
            return
        if self.effective_to and self.effective_to < self.effective_from:
            return  # said by the constraint
        other = SupportNorm.objects.overlapping(self).select_related("regulation").first()
        # The same start is refused by the constraint, which says so.
        if other and other.effective_from != self.effective_from:
            message = _("Trùng thời gian với “%(item)s”, %(citation)s, hiệu lực %(dates)s. Kết thúc mức đó trước.")
            params = {"item": other.item, "citation": other.citation, "dates": other.dates}
            raise ValidationError({"effective_from": ValidationError(message, code="overlap", params=params)})

    @property
    def citation(self) -> str:
        """“TT 28/2018/TT-BTC, Điều 8 khoản 4” (regulation fetched)."""
        return citation(self.regulation, self.clause)

    @property
    def dates(self) -> str:
        """“từ 11/05/2018”, with the last day where there is one."""
        if self.effective_to is None:
            return str(_("từ %(first)s")) % {"first": f"{self.effective_from:%d/%m/%Y}"}
        return str(_("từ %(first)s đến %(last)s")) % {
            "first": f"{self.effective_from:%d/%m/%Y}",
            "last": f"{self.effective_to:%d/%m/%Y}",
        }

    @property
    def figures(self) -> str:
        """“50%, tối đa 300.000.000 đồng/cơ sở”; without figures what the law says instead."""
        if self.has_no_ceiling:
            return str(_("không có mức trần, theo chế độ hiện hành"))
        parts = [f"{self.max_percent}%"] if self.max_percent else []
        if self.max_amount_vnd is not None:
            amount = {"amount": format_vnd(self.max_amount_vnd), "unit": translated(self.unit)}
            parts.append(str(_("tối đa %(amount)s đồng/%(unit)s")) % amount)
        return ", ".join(parts) or self.note

    @property
    def has_figures(self) -> bool:
        return self.max_percent is not None or self.max_amount_vnd is not None


class NormChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(norm__in=SupportNorm.objects.visible_to(user))

    def of_norm(self, norm: SupportNorm) -> Self:
        return self.filter(norm=norm).select_related("recorded_by").order_by("pk")


class NormChange(AppendOnly):
    """One field of a province's norm that was put right, or its last day: what stood there, who, when and why.

    ``before`` and ``after`` are texts as a reader sees them.
    """

    norm = models.ForeignKey(SupportNorm, models.PROTECT, related_name="changes", verbose_name=_("mức hỗ trợ"))
    field = models.CharField(_("mục"), max_length=60)
    before = KeptText(_("trước"), blank=True)
    after = KeptText(_("sau"), blank=True)
    reason = KeptLine(_("lý do"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = NormChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sửa mức hỗ trợ")
        verbose_name_plural = _("sửa mức hỗ trợ")

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @staticmethod
    def field_labels() -> dict[str, str]:
        """What each field is called that may stand here."""
        meta: Any = SupportNorm._meta
        return {one.name: capfirst(str(one.verbose_name)) for one in meta.concrete_fields}

    @property
    def field_label(self) -> str:
        return self.field_labels()[self.field]


class NormDocumentQuerySet(AttachmentQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the norm; nobody else, and nobody who is not signed in."""
        return self.filter(norm__in=SupportNorm.objects.visible_to(user))

    def of_document(self, norm: SupportNorm) -> Self:
        """Scans of the document that rules this norm: one that came with another norm of it serves for all."""
        return self.filter(norm__regulation=norm.regulation_id, norm__province=norm.province_id)


class NormDocument(Attachment):
    """The scan of the document in which a province rules its norm."""

    home = "norm"

    norm = models.ForeignKey(SupportNorm, models.PROTECT, related_name="documents", verbose_name=_("mức hỗ trợ"))

    objects = NormDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        abstract = False
        verbose_name = _("văn bản của mức hỗ trợ")
        verbose_name_plural = _("văn bản của mức hỗ trợ")


class AuthorityQuerySet(DatedQuerySet):
    def for_letters_of(self, year: int, province: Organisation) -> Self:
        """Who may have issued a letter about a province's plan of that year: the year before, in it, or after it."""
        then = self.in_force_between(dt.date(year - 1, 1, 1), dt.date(year + 1, 12, 31))
        return then.filter(Q(province=None) | Q(province=province))


class Authority(models.Model):
    """Who issues documents. Authorities stand outside the scope tree.

    Where the day of a change of names is not confirmed both names stand in the year of the change.
    """

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

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        verbose_name = _("cơ quan ban hành")
        verbose_name_plural = _("cơ quan ban hành")
        constraints = [dates_in_order("authority_dates")]

    def __str__(self) -> str:
        return self.name
