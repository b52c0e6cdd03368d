"""Letters of authorities, their scans, and the money they assign to a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from khuyencong.append_only import AmountQuerySet, AppendOnly, AppendOnlyQuerySet, EffectiveQuerySet
from khuyencong.asof import AsOf
from khuyencong.attachments import Attachment, AttachmentQuerySet, current_of
from khuyencong.fields import FoldedField, KeptLine, KeptText, TextLine
from khuyencong.funding import CORRECTING_NATURES, Nature
from khuyencong.text import dated
from programmes.models.plan import AnnualPlan
from programmes.models.reference import Authority, FundingSource

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class DecisionQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """What one's own organisation or one above it recorded."""
        return self.filter(organisation__in=user.lineage_ids())

    def for_page(self) -> Self:
        scans = Prefetch("documents", queryset=DecisionDocument.objects.for_list())
        return self.select_related("authority", "organisation", "recorded_by").prefetch_related(scans)

    def standing(self) -> Self:
        """Without those that were recorded by mistake and cancelled."""
        return self.filter(is_cancelled=False)

    def same_letter(self, letter: Decision) -> Self:
        """The record of that very letter, which stands; letters of unknown number are never the same."""
        if not letter.number:
            return self.none()
        return self.standing().filter(
            organisation=letter.organisation,
            authority=letter.authority,
            number=letter.number,
            issued_on=letter.issued_on,
        )

    def in_order(self) -> Self:
        """By the day from which each counts, which is that of its issue where that is known; then as recorded."""
        return self.order_by("effective_on", "pk")

    def newest_first(self) -> Self:
        return self.in_order().reverse()


def counted_from(issued_on: dt.date | None, *, year: int, today: dt.date, stated: dt.date | None = None) -> dt.date:
    """The day from which a letter counts: that of its issue; where that is unknown the one that the recorder states,
    or else the first of the plan's year. It is never printed as the letter's date."""
    return issued_on or stated or min(dt.date(year, 1, 1), today)


class Decision(AppendOnly):
    """A letter that assigns money, approves projects, or both. Recorded with its entries, so locked at once.

    ``kind`` and ``subject`` (trích yếu) are what a paper cites it by beside number, day and authority; both are empty
    while nobody knows them, as with old letters. ``summary`` is the recorder's reason, not the letter's words.
    ``number`` and ``issued_on`` may be unknown when marked so; they are then never invented. ``effective_on`` is
    the day from which its entries count: the date of issue, or the day the recorder states when that is unknown;
    what counts so is of the year, and of no part of it.

    Its head is put right, and it is cancelled, by services that keep what stood there (:class:`DecisionChange`).
    ``is_cancelled``: recorded by mistake; its entries were corrected to nothing.
    """

    HEAD = (
        *("kind", "authority", "number", "is_number_unknown", "issued_on", "is_date_unknown"),
        *("signer", "subject", "summary", "effective_on"),
    )
    amendable = (*HEAD, "search", "is_cancelled", "amendments")

    class Kind(models.TextChoices):
        OFFICIAL_LETTER = "official_letter", _("Công văn")
        DECISION = "decision", pgettext_lazy("kind of a document", "Quyết định")
        SUBMISSION = "submission", _("Tờ trình")
        NOTICE = "notice", pgettext_lazy("kind of a document", "Thông báo")
        RESOLUTION = "resolution", _("Nghị quyết")
        OTHER = "other", _("Loại khác")

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="decisions", verbose_name=_("nơi ghi nhận")
    )
    kind = models.CharField(_("loại văn bản"), max_length=20, choices=Kind, blank=True)
    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("cơ quan ban hành")
    )
    number = TextLine(_("số, ký hiệu"), max_length=60, blank=True)
    is_number_unknown = models.BooleanField(_("chưa rõ số"), default=False)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    is_date_unknown = models.BooleanField(_("chưa rõ ngày"), default=False)
    signer = KeptLine(_("người ký"), max_length=120, blank=True)
    subject = KeptLine(_("trích yếu"), max_length=500, blank=True)
    summary = KeptText(_("lý do, ghi chú"), blank=True)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    is_cancelled = models.BooleanField(_("đã hủy"), default=False, editable=False)
    amendments = models.PositiveIntegerField(_("số mục đã đính chính"), default=0, editable=False)
    search = FoldedField(sources=("number", "subject", "summary", "signer"))

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("quyết định, văn bản")
        verbose_name_plural = _("quyết định, văn bản")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_number_unknown=True, number="") | (Q(is_number_unknown=False) & ~Q(number="")),
                name="decision_number_or_unknown",
                violation_error_message=_("Ghi số văn bản, hoặc đánh dấu “chưa rõ số”."),
            ),
            models.CheckConstraint(
                condition=Q(is_date_unknown=True, issued_on=None) | Q(is_date_unknown=False, issued_on__isnull=False),
                name="decision_date_or_unknown",
                violation_error_message=_("Ghi ngày ban hành, hoặc đánh dấu “chưa rõ ngày”."),
            ),
            models.UniqueConstraint(
                "organisation",
                Coalesce("authority", Value(0)),
                "number",
                Coalesce("issued_on", Value(dt.date.min)),
                condition=~Q(number="") & Q(is_cancelled=False),
                name="decision_once",
                violation_error_message=_("Văn bản này đã được ghi nhận."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """“Công văn 341/UBND-CN ngày 16/06/2006” on a page, or what is unknown of it said so."""
        if not self.has_kind:
            return dated(self.number or pgettext("of a document", "Văn bản chưa rõ số"), self.issued_on)
        words = {
            "kind": self.get_kind_display(),
            "number": self.number or pgettext("number of a document", "chưa rõ số"),
        }
        return dated(str(_("%(kind)s %(number)s") % words), self.issued_on)

    @property
    def has_kind(self) -> bool:
        """Whether one of the kinds that have a name is known of it."""
        return self.kind not in ("", self.Kind.OTHER)

    @property
    def is_incomplete(self) -> bool:
        return self.is_number_unknown or self.is_date_unknown

    @property
    def current_documents(self) -> list[Any]:
        return current_of(self.documents)

    def get_absolute_url(self) -> str:
        return reverse("projects:decision_detail", args=[self.pk])


class DecisionChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(decision__organisation__in=user.lineage_ids())

    def of_head(self) -> Self:
        """What was put right of the heads of letters."""
        return self.exclude(field=DecisionChange.CANCELLED)

    def cancelling(self) -> Self:
        return self.filter(field=DecisionChange.CANCELLED)

    def for_page(self) -> Self:
        return self.select_related("recorded_by").order_by("pk")


class DecisionChange(AppendOnly):
    """One field of a recorded letter that was put right: what stood there, what stands now, who, when and why.

    ``before`` and ``after`` are texts as a reader sees them. Of a letter that was cancelled as a whole the field is
    :attr:`CANCELLED` and both are empty.
    """

    CANCELLED = "is_cancelled"

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="changes", verbose_name=_("quyết định, văn bản")
    )
    field = models.CharField(_("mục"), max_length=60)
    before = KeptText(_("trước"), blank=True)
    after = KeptText(_("sau"), blank=True)
    reason = KeptText(_("lý do"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = DecisionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("đính chính, hủy văn bản")
        verbose_name_plural = _("đính chính, hủy văn bản")

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @staticmethod
    def field_labels() -> dict[str, str]:
        """What each field is called that may stand here."""
        meta: Any = Decision._meta
        names = (*Decision.HEAD, DecisionChange.CANCELLED)
        return {name: capfirst(str(meta.get_field(name).verbose_name)) for name in names}

    @property
    def field_label(self) -> str:
        return self.field_labels()[self.field]


class DecisionDocumentQuerySet(AttachmentQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(decision__organisation__in=user.lineage_ids())


class DecisionDocument(Attachment):
    """The scanned letter, or another file that belongs to it."""

    home = "decision"

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="documents", verbose_name=_("quyết định, văn bản")
    )

    objects = DecisionDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        abstract = False
        verbose_name = _("bản quét của quyết định, văn bản")
        verbose_name_plural = _("bản quét của quyết định, văn bản")


# Of entries of letters: those of which somebody knows on which day they were made, and the others.
DATED, UNDATED = Q(decision__is_date_unknown=False), Q(decision__is_date_unknown=True)


class LetterEntryQuerySet(EffectiveQuerySet):
    """Of entries under a letter. One whose letter is of unknown day counts in its year, and as of each day from
    ``effective_on`` on, but in no quarter, month or half of that year: nobody knows in which it was made."""

    def since(self, day: dt.date | None) -> Self:
        return super().since(day) if day is None else super().since(day).filter(DATED)

    def effective_by(self, as_of: AsOf) -> Self:
        """As of every such row; without those of cancelled letters, which are nothing on each day, so that a place
        that has no other is not recorded again and no 0. By what was recorded before, such a letter still stood."""
        rows = super().effective_by(as_of)
        return rows if as_of.recorded_on else rows.of_standing_letters()

    def of_standing_letters(self) -> Self:
        return self.exclude(decision__in=Decision.objects.filter(is_cancelled=True).order_by().values("pk"))

    def standing(self) -> Self:
        """What letters recorded and nobody cancelled. A slip that was put right stands: its letter says the amount."""
        return self.of_standing_letters().filter(corrects=None).exclude(corrections__nature=Nature.CANCELLATION)

    def undated(self) -> Self:
        """What is in the year and in none of its parts."""
        return self.filter(UNDATED)


class AllocationEntryQuerySet(LetterEntryQuerySet, AmountQuerySet):  # type: ignore[override]  # two as_manager()
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__organisation__in=user.visible_organisation_ids())

    def for_plans(self, plans: Iterable[AnnualPlan]) -> Self:
        return self.filter(plan__in=plans)

    def from_source(self, code: str) -> Self:
        return self.filter(source__code=code)

    def of_decision(self, decision: Decision) -> Self:
        return self.filter(decision=decision).select_related("plan__organisation", "source", "recorded_by")

    def total_vnd(self) -> int:
        return self.aggregate(total=Sum("amount_vnd", default=0))["total"]


class AllocationEntry(AppendOnly):
    """Money assigned to a plan from one source by one decision, in đồng; negative when it is taken back."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="allocations", verbose_name=_("quyết định, văn bản")
    )
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="allocations", verbose_name=_("kế hoạch"))
    source = models.ForeignKey(
        FundingSource, models.PROTECT, related_name="allocations", verbose_name=_("nguồn kinh phí")
    )
    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))
    nature = models.CharField(_("tính chất"), max_length=20, choices=Nature)
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    reason = KeptText(_("lý do"), blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("đính chính cho")
    )

    objects: ClassVar = AllocationEntryQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        verbose_name = _("kinh phí được giao")
        verbose_name_plural = _("kinh phí được giao")
        indexes = [models.Index(fields=["plan", "source", "effective_on"], name="allocation_envelope")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_vnd=0),
                name="allocation_not_zero",
                violation_error_message=_("Số tiền phải khác 0."),
            ),
            models.CheckConstraint(
                condition=Q(nature__in=CORRECTING_NATURES, corrects__isnull=False)
                | (~Q(nature__in=CORRECTING_NATURES) & Q(corrects=None)),
                name="allocation_correction_names_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.amount_vnd}"
