"""What a person has on the desk: forms begun and not yet saved, and the notices they do not want."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FormDraftQuerySet(models.QuerySet[Any]):
    def of(self, user: Any, key: str) -> Self:
        return self.filter(user=user, key=key)


class FormDraft(models.Model):
    """What was typed into a long form and not yet saved. One for each person and form; gone once it is saved.

    ``key`` is the address of the form, with its query. ``data`` is what the browser would have posted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    key = models.CharField(_("trang"), max_length=300)
    data: Any = models.JSONField(_("nội dung đã nhập"))
    updated_at = models.DateTimeField(_("lưu lúc"), auto_now=True)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản nhập dở")
        verbose_name_plural = _("bản nhập dở")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once_a_form")]

    def __str__(self) -> str:
        return self.key


class Notice(models.TextChoices):
    """Kinds of e-mail that the system sends; each can be turned off."""

    SUBMITTED = "submitted", _("Đợt kế hoạch mới gửi, hoặc gửi lại")
    RETURNED = "returned", _("Đề án, đợt bị trả lại hoặc không được đồng ý")
    ENDORSED = "endorsed", _("Đợt đã được Sở thống nhất, đã trình")
    DECIDED = "decided", _("Quyết định phê duyệt, điều chỉnh, ngừng thực hiện")
    COMMENTED = "commented", pgettext_lazy("kind of notice", "Ý kiến mới về đề án")
    DIGEST = "digest", _("Bản tóm tắt việc đang chờ, mỗi ngày một lần")


class NoticeOptOutQuerySet(models.QuerySet[Any]):
    def of(self, user: Any) -> set[str]:
        """The kinds that this person has turned off."""
        return set(self.filter(user=user).values_list("notice", flat=True))

    def turn_off(self, user: Any, kinds: set[str]) -> None:
        """Makes these kinds, and no others, those that the person does not get."""
        self.filter(user=user).exclude(notice__in=kinds).delete()
        new = [self.model(user=user, notice=kind) for kind in sorted(kinds)]
        self.bulk_create(new, ignore_conflicts=True)


class NoticeOptOut(models.Model):
    """A kind of notice that the person has turned off."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_opt_outs")
    notice = models.CharField(_("loại thư"), max_length=20, choices=Notice)

    objects = NoticeOptOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("thư báo đã tắt")
        verbose_name_plural = _("thư báo đã tắt")
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="notice_off_once")]

    def __str__(self) -> str:
        return self.notice
