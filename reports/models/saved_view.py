"""A question to the catalogue kept under a name, for oneself or for all who work under an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.fields import TextLine

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class SavedViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own, and what is shared by an organisation that is one's own, above it or below it."""
        return self.filter(Q(owner=user) | Q(shared_with__in=user.lineage_ids()))

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def named(self, name: str) -> Self:
        return self.filter(name__iexact=name)

    def for_list(self) -> Self:
        return self.select_related("owner", "shared_with").order_by("name", "pk")


class SavedView(models.Model):
    """``query`` stands in an address as it is. It shows no rows of its own: whoever opens it sees what they may see."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("người lưu")
    )
    report = models.CharField(_("báo cáo"), max_length=40)
    name = TextLine(_("tên mẫu báo cáo"), max_length=100)
    query = models.TextField(_("điều kiện đã chọn"), blank=True)
    shared_with = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chia sẻ trong đơn vị"),
    )
    saved_at = models.DateTimeField(_("lưu lúc"), auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("mẫu báo cáo đã lưu")
        verbose_name_plural = _("mẫu báo cáo đã lưu")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_name_once",
                violation_error_message=_("Bạn đã lưu một mẫu báo cáo mang tên này."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The report itself, asked the same."""
        return f"{reverse('reports:report_detail', args=[self.report])}?{self.query}"
