"""When the totals were last proved, and what came of it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet


class ProofRunQuerySet(AppendOnlyQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-pk")


class ProofRun(AppendOnly):
    """One proof of all totals, by SQL and by a replay of the entries. ``findings`` names the entries at fault."""

    ran_at = models.DateTimeField(_("kiểm tra lúc"), auto_now_add=True)
    milliseconds = models.PositiveIntegerField(_("thời gian kiểm tra (phần nghìn giây)"))
    entry_count = models.PositiveIntegerField(_("số bút toán"))
    total_count = models.PositiveIntegerField(_("số tổng đã kiểm tra"))
    finding_count = models.PositiveIntegerField(_("số chỗ sai"))
    findings = models.TextField(_("kết quả"), blank=True)

    objects: ClassVar = ProofRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần kiểm tra số liệu")
        verbose_name_plural = _("các lần kiểm tra số liệu")

    def __str__(self) -> str:
        return f"{self.ran_at:%d/%m/%Y %H:%M}"

    @property
    def is_clean(self) -> bool:
        return self.finding_count == 0
