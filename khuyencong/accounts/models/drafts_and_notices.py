"""What a person has on the desk: forms begun and not yet saved, and the notices they do not want."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FormDraftQuerySet(models.QuerySet[Any]):
    def of(self, user: int) -> Self:
        return self.filter(user=user)

    def at(self, key: str) -> Self:
        """Of the form that is sent to this address."""
        return self.filter(key=key)

    def opened(self, opening: str) -> Self:
        return self.filter(opening=opening)

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-pk")

    def give_up_all_but(self, count: int) -> None:
        """Keeps the newest ones of those found."""
        self.filter(pk__in=list(self.newest_first().values_list("pk", flat=True)[count:])).delete()


class FormDraft(models.Model):
    """What was typed into a form and not yet saved. One for each opening of the form; gone once it is saved.

    ``key`` is the address that the form is sent to, with its query; ``opening`` names one opening of it, in one tab.
    ``data`` is what the browser would have posted: pairs of a field and its texts, in the order of the form.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    key = models.CharField(_("trang"), max_length=2000)
    opening = models.CharField(_("lần mở"), max_length=12)
    data: Any = models.JSONField(_("nội dung đã nhập"))
    updated_at = models.DateTimeField(_("lưu lúc"), auto_now=True)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản nháp")
        verbose_name_plural = _("bản nháp")
        constraints = [models.UniqueConstraint(fields=["user", "key", "opening"], name="draft_once_an_opening")]

    def __str__(self) -> str:
        return self.key


class Notice(models.TextChoices):
    """Kinds of e-mail that the system sends; each can be turned off."""

    SUBMITTED = "submitted", _("Đợt, đề án mới gửi, gửi lại, hoặc Trung tâm rút lại")
    RETURNED = "returned", _("Đề án, đợt bị trả lại, thẩm định lại; đề án không được đưa vào kế hoạch")
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
        verbose_name = _("thư thông báo đã tắt")
        verbose_name_plural = _("thư thông báo đã tắt")
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="notice_off_once")]

    def __str__(self) -> str:
        return self.notice
