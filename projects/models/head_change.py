"""What was put right of the head of a contract or of a voucher: what stood there, who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptLine, KeptText
from projects.models.payments import Contract, Voucher

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class HeadChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Of whoever reads the contract or the voucher."""
        contracts, vouchers = Contract.objects.visible_to(user), Voucher.objects.visible_to(user)
        return self.filter(Q(contract__in=contracts.values("pk")) | Q(voucher__in=vouchers.values("pk")))

    def for_page(self) -> Self:
        return self.select_related("recorded_by").order_by("pk")


class HeadChange(AppendOnly):
    """One field; ``before`` and ``after`` are texts as a reader sees them."""

    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("hợp đồng")
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("chứng từ")
    )
    field = models.CharField(_("mục"), max_length=60)
    before = KeptText(_("trước"), blank=True)
    after = KeptText(_("sau"), blank=True)
    reason = KeptLine(_("lý do"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = HeadChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("đính chính hợp đồng, chứng từ")
        verbose_name_plural = _("đính chính hợp đồng, chứng từ")
        constraints = [
            models.CheckConstraint(
                condition=Q(contract__isnull=False, voucher=None) | Q(contract=None, voucher__isnull=False),
                name="head_change_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @staticmethod
    def field_labels() -> dict[str, str]:
        """What each field is called that may stand here; both call their number by what it is of."""
        metas: tuple[Any, ...] = (Voucher._meta, Contract._meta)
        return {one.name: capfirst(str(one.verbose_name)) for meta in metas for one in meta.concrete_fields}

    @property
    def field_label(self) -> str:
        meta: Any = (Contract if self.contract_id else Voucher)._meta
        return capfirst(str(meta.get_field(self.field).verbose_name))
