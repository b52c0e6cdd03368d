"""Contracts, vouchers, payments and settlements of projects: rows that are recorded once, in đồng.

What was recorded wrongly is put right by a reversing entry that names the one it reverses; it takes its date, so that
no day between the two ever shows the slip.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet, EffectiveQuerySet
from khuyencong.asof import NOW, AsOf
from khuyencong.fields import FoldedField, KeptLine, KeptText, TextLine
from khuyencong.funding import Nature
from khuyencong.text import dated, folded_query
from projects.models.beneficiary import Beneficiary
from projects.models.money import MoneyKey, MoneyQuerySet
from projects.models.project import PlanLine, Project, ProjectComponent

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class ReversibleQuerySet(EffectiveQuerySet, MoneyQuerySet):  # type: ignore[override]  # two as_manager()
    """What contracts, payments and settlements can all be asked."""

    def standing(self) -> Self:
        """Entries that were neither reversed nor are a reversal."""
        return self.filter(reverses=None, reversed_by=None)

    def for_reading(self) -> Self:
        """With what a row names: the project, the line, the source, who wrote it."""
        return self.select_related(
            "plan_line__project", "plan_line__round__plan", "component__activity_type", "source", "recorded_by"
        )


class ReversibleEntry(MoneyKey, AppendOnly):
    """Money on a line × content × source from a day on, in đồng; a reversal carries the opposite amount."""

    amount_vnd = models.BigIntegerField(_("số tiền (đồng)"))
    effective_on = models.DateField(_("tính từ ngày"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    reason = KeptText(_("lý do"), blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("ghi đảo của")
    )

    class Meta:
        abstract = True
        ordering = ["effective_on", "pk"]
        indexes = [
            models.Index(fields=["plan_line", "source", "effective_on"], name="%(class)s_line_source"),
            # Of the few that are reversals: SQLite, told by ANALYZE that nearly every row of the unique index says
            # None, reads the whole table for each entry whose reversal is asked for.
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="%(class)s_reversal"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_vnd=0),
                name="%(class)s_not_zero",
                violation_error_message=_("Số tiền phải khác 0."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_line_id} {self.amount_vnd}"

    @property
    def is_reversed(self) -> bool:
        """Whether a later entry took it back (``reversed_by`` joined)."""
        return hasattr(self, "reversed_by")


class ContractQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_project(self, project: Project) -> Self:
        return self.filter(project=project)

    def signed_by(self, as_of: AsOf) -> Self:
        """That were signed, and recorded, by then."""
        rows = self.filter(as_of.recorded())
        return rows if as_of.effective_on is None else rows.filter(signed_on__lte=as_of.effective_on)

    def for_page(self, as_of: AsOf = NOW) -> Self:
        """With the project and the amount that stands as of then, ``amount_total``."""
        rows = self.select_related("project", "beneficiary", "recorded_by")
        entries = ContractEntry.objects.effective_by(as_of).filter(contract=OuterRef("pk")).order_by()
        total = entries.values("contract").annotate(total=Sum("amount_vnd")).values("total")
        return rows.annotate(amount_total=Subquery(total)).order_by("signed_on", "pk")


class Contract(AppendOnly):
    """A contract for a project or a part of it. Its amounts are its entries: the first one and its amendments.

    Its ``HEAD`` is put right by a service that keeps what stood there (:class:`HeadChange`); so of a voucher.
    """

    HEAD = ("number", "partner", "subject", "due_on")
    amendable = (*HEAD, "amendments")

    project = models.ForeignKey(Project, models.PROTECT, related_name="contracts", verbose_name=_("đề án"))
    number = TextLine(_("số hợp đồng"), max_length=60)
    signed_on = models.DateField(_("ngày ký"))
    partner = KeptLine(_("bên ký hợp đồng với Trung tâm"), max_length=255)
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("đơn vị thụ hưởng")
    )
    subject = KeptText(_("nội dung"), blank=True)
    due_on = models.DateField(_("thời hạn thực hiện"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    amendments = models.PositiveIntegerField(_("số mục đã đính chính"), default=0, editable=False)

    objects: ClassVar = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["signed_on", "pk"]
        verbose_name = _("hợp đồng")
        verbose_name_plural = _("hợp đồng")
        constraints = [
            models.UniqueConstraint(
                "project",
                Lower("number"),
                "signed_on",
                name="contract_once",
                violation_error_message=_("Hợp đồng này đã được ghi nhận."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("signed_on")),
                name="contract_due_after_signing",
                violation_error_message=_("Thời hạn phải từ ngày ký trở đi."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return dated(self.number, self.signed_on)

    @property
    def last_entry(self) -> int:
        """The key of its newest entry: whoever saw that one saw the amounts that stand. 0 without any."""
        return self.entries.aggregate(key=Max("pk", default=0))["key"]

    def get_absolute_url(self) -> str:
        return reverse("projects:contract_detail", args=[self.pk])


class ContractEntryQuerySet(ReversibleQuerySet):  # type: ignore[override]  # two as_manager()
    def of_contract(self, contract: Contract) -> Self:
        return self.filter(contract=contract)


class ContractEntry(ReversibleEntry):
    """What a contract or one of its amendments gives to a line × content × source; negative when it lowers it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="entries", verbose_name=_("hợp đồng"))
    nature = models.CharField(_("tính chất"), max_length=20, choices=Nature, default=Nature.INITIAL)
    paper = TextLine(_("phụ lục hợp đồng"), max_length=60, blank=True)
    plan_line = models.ForeignKey(
        PlanLine, models.PROTECT, related_name="contract_entries", verbose_name=_("dòng kế hoạch")
    )
    component = models.ForeignKey(
        ProjectComponent, models.PROTECT, related_name="contract_entries", verbose_name=_("nội dung")
    )

    objects: ClassVar = ContractEntryQuerySet.as_manager()

    class Meta(ReversibleEntry.Meta):
        verbose_name = _("giá trị hợp đồng")
        verbose_name_plural = _("giá trị hợp đồng")


class Direction(models.TextChoices):
    """Which way the money of a voucher goes."""

    OUT = "out", _("Trung tâm chi")
    IN = "in", _("Kho bạc Nhà nước, Bộ cấp về Trung tâm")
    OWN = "own", _("Đơn vị thụ hưởng, nguồn khác tự chi")


class VoucherQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)

    def of_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation=organisation_id)

    def going(self, direction: str) -> Self:
        return self.filter(direction=direction)

    def like(self, voucher: Voucher, line_ids: Iterable[int]) -> Self:
        """Of the same day and direction, with one of those plan lines, the newest first."""
        entries = PaymentEntry.objects.filter(voucher=OuterRef("pk"), plan_line__in=line_ids)
        same = self.filter(Exists(entries), issued_on=voucher.issued_on, direction=voucher.direction)
        return same.order_by("-pk")

    def years(self) -> models.QuerySet[Any, int]:
        """The years that have vouchers, newest first."""
        return self.order_by("-year").values_list("year", flat=True).distinct()

    def matching(self, text: str) -> Self:
        """By words of the number, the payee or the content, ignoring marks and case."""
        return self.filter(folded_query(text, "search"))

    def numbers(self) -> models.QuerySet[Any, str]:
        """Their numbers, the last one recorded first."""
        return self.order_by("-pk").values_list("number", flat=True)

    def with_total(self) -> Self:
        """Adds ``amount_total``: what stands of it, corrections taken in."""
        return self.annotate(amount_total=Sum("entries__amount_vnd"))

    def for_list(self) -> Self:
        return self.with_total().select_related("organisation", "recorded_by").order_by("-issued_on", "-pk")

    def for_page(self) -> Self:
        return self.with_total().select_related("organisation__parent__parent__parent", "recorded_by")


class Voucher(AppendOnly):
    """A voucher of one organisation, with lines over one or several projects. Its number is unique in its year."""

    HEAD = ("number", "payee", "content")
    amendable = (*HEAD, "search", "amendments")

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="vouchers", verbose_name=_("đơn vị")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    number = TextLine(_("số chứng từ"), max_length=30)
    issued_on = models.DateField(_("ngày chứng từ"))
    direction = models.CharField(_("thu, chi"), max_length=3, choices=Direction, default=Direction.OUT)
    payee = KeptLine(_("người nhận, người nộp tiền"), max_length=255, blank=True)
    content = KeptText(_("nội dung"), blank=True)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    amendments = models.PositiveIntegerField(_("số mục đã đính chính"), default=0, editable=False)
    search = FoldedField(sources=("number", "payee", "content"))

    objects: ClassVar = VoucherQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("chứng từ")
        verbose_name_plural = _("chứng từ")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "year",
                Lower("number"),
                name="voucher_number_once_a_year",
                violation_error_message=_("Số chứng từ này đã dùng trong năm."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return dated(self.number, self.issued_on)

    def get_absolute_url(self) -> str:
        return reverse("projects:voucher_detail", args=[self.pk])


class PaymentEntryQuerySet(ReversibleQuerySet):  # type: ignore[override]  # two as_manager()
    def of_voucher(self, voucher: Voucher) -> Self:
        return self.filter(voucher=voucher).for_reading().select_related("beneficiary", "contract", "reversed_by")

    def going(self, *directions: str) -> Self:
        return self.filter(voucher__direction__in=directions)

    def in_vouchers(self, vouchers: VoucherQuerySet) -> Self:
        return self.filter(voucher__in=vouchers.order_by().values("pk"))

    def by_direction(self) -> dict[str, int]:
        """Đồng that went each way."""
        return self.amounts_by("voucher__direction")

    def advances(self) -> Self:
        return self.filter(ADVANCES)

    def of_beneficiary(self, beneficiary: Beneficiary) -> Self:
        return self.filter(beneficiary=beneficiary)


class PaymentEntry(ReversibleEntry):
    """One line of a voucher. Advances and payments are positive, what is taken back is negative."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", _("Tạm ứng")
        PAYMENT = "payment", pgettext_lazy("kind of payment", "Thanh toán")
        RECOVERY = "recovery", _("Thu hồi")

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="entries", verbose_name=_("chứng từ"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("hợp đồng")
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("đơn vị thụ hưởng")
    )
    plan_line = models.ForeignKey(PlanLine, models.PROTECT, related_name="payments", verbose_name=_("dòng kế hoạch"))
    component = models.ForeignKey(ProjectComponent, models.PROTECT, related_name="payments", verbose_name=_("nội dung"))

    objects: ClassVar = PaymentEntryQuerySet.as_manager()

    class Meta(ReversibleEntry.Meta):
        verbose_name = _("tạm ứng, thanh toán, thu hồi")
        verbose_name_plural = _("tạm ứng, thanh toán, thu hồi")


# What the Centre paid in advance, less what it took back.
ADVANCES = Q(voucher__direction=Direction.OUT, kind__in=(PaymentEntry.Kind.ADVANCE, PaymentEntry.Kind.RECOVERY))


class SettlementEntry(ReversibleEntry):
    """What a settlement file accepts as spent for a line × content × source (within 15 days of acceptance)."""

    paper = TextLine(_("số hồ sơ quyết toán"), max_length=60)
    plan_line = models.ForeignKey(PlanLine, models.PROTECT, related_name="settlements", verbose_name=_("dòng kế hoạch"))
    component = models.ForeignKey(
        ProjectComponent, models.PROTECT, related_name="settlements", verbose_name=_("nội dung")
    )

    objects: ClassVar = ReversibleQuerySet.as_manager()

    class Meta(ReversibleEntry.Meta):
        verbose_name = _("quyết toán")
        verbose_name_plural = _("quyết toán")
