"""Files whose content can be taken out of the system, as of one with personal data; what they were stays written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.fields import KeptLine

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class Erasable(models.Model):
    """Base of a row with a ``file``: once erased that is empty, and who did it when and why stays."""

    file: Any  # the subclass says where it is kept

    erased_at = models.DateTimeField(_("xóa nội dung lúc"), null=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("người xóa nội dung"),
    )
    erase_reason = KeptLine(_("lý do xóa nội dung"), max_length=300, blank=True, editable=False)

    ERASED = ("file", "erased_at", "erased_by", "erase_reason")  # what :meth:`erase` changes

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None, erased_by=None)
                | Q(erased_at__isnull=False, erased_by__isnull=False, file=""),
                name="%(class)s_erased_has_no_file",
            )
        ]

    def erase(self, reason: str, actor: User) -> None:
        """Says so on the row, which the caller stores; the bytes go once that is committed."""
        stored, storage = self.file.name, self.file.storage
        self.file, self.erased_at, self.erased_by, self.erase_reason = "", timezone.now(), actor, reason
        if stored:
            transaction.on_commit(lambda: storage.delete(stored))
