"""What an old file or report states of a project of a year that was over before it came into the system."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, EffectiveQuerySet
from khuyencong.asof import AsOf
from khuyencong.fields import KeptLine, KeptText

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class PastRecordQuerySet(EffectiveQuerySet):
    def effective_by(self, as_of: AsOf) -> Self:
        """What counts as of then; of a statement that was put right only the last that was recorded by then."""
        if as_of.recorded_before is None:
            return super().effective_by(as_of).filter(corrected_by=None)
        return super().effective_by(as_of).exclude(corrected_by__recorded_at__lt=as_of.recorded_before)

    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def stating_pace_of(self, project: str, as_of: AsOf) -> Self:
        """Of the project to which the path of an outer row leads, if its file says whether it kept to its schedule."""
        return self.effective_by(as_of).filter(project=OuterRef(project), is_on_schedule__isnull=False)

    def going_on(self) -> Self:
        """Of projects that go on here once their letters are confirmed."""
        return self.filter(goes_on=True)

    def going_on_in(self, plan: Any) -> models.QuerySet[Any, int]:
        """The projects of the plan that go on, by their ids."""
        return self.going_on().filter(project__lines__round__plan=plan).values_list("project", flat=True)

    def outcomes_of(self, projects: Any, as_of: AsOf) -> list[str]:
        """How the projects ended, one for each of which its file says it as of then."""
        return list(self.effective_by(as_of).filter(project__in=projects).values_list("outcome", flat=True))

    def words_of(self, projects: Any, as_of: AsOf) -> dict[int, str]:
        """What the files say in words of what was done, by project."""
        rows = self.effective_by(as_of).filter(project__in=projects).exclude(words="")
        return dict(rows.values_list("project", "words"))


# Of no project that is over; and the states in which one goes on here, which are those of the work.
UNDER_WAY = ["approved", "contracted", "in_progress"]
GOES_ON_FROM = [*UNDER_WAY, "accepted", "settled", "liquidated", "stopped"]


class PastRecord(AppendOnly):
    """How a project of the past ended, as its file states it: no step of its life was recorded when it was taken.

    ``stated_on`` is the day of that state, None where the file has none; then it counts from ``effective_on``, the last
    day of the plan's year. Who recorded it is not who confirms its money. Until that it may be put right, by a row that
    ``corrects`` the last one; the one that nothing corrects stands.

    ``goes_on``: once its letters are confirmed it is a project like any other, in the state that its file states
    (``services/past_events.py``); else its end is all that is known of it.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Đã phê duyệt")
        CONTRACTED = "contracted", _("Đã ký hợp đồng")
        IN_PROGRESS = "in_progress", _("Đang thực hiện")
        CARRIED_OUT = "carried_out", _("Đã thực hiện")
        ACCEPTED = "accepted", _("Đã nghiệm thu")
        SETTLED = "settled", _("Đã quyết toán")
        LIQUIDATED = "liquidated", _("Đã thanh lý")
        STOPPED = "stopped", _("Ngừng thực hiện")
        UNKNOWN = "unknown", _("Không rõ kết quả")

    project = models.ForeignKey("Project", models.PROTECT, related_name="past_records", verbose_name=_("đề án"))
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("sửa cho")
    )
    outcome = models.CharField(_("trạng thái theo hồ sơ"), max_length=12, choices=Outcome)
    stated_on = models.DateField(_("ngày của trạng thái"), null=True, blank=True)
    effective_on = models.DateField(_("tính từ ngày"))
    goes_on = models.BooleanField(_("thực hiện tiếp như đề án thường"), default=False)
    is_on_schedule = models.BooleanField(_("đúng tiến độ"), null=True, blank=True)
    words = KeptText(_("kết quả theo hồ sơ"), blank=True)
    source = KeptLine(_("hồ sơ, báo cáo làm căn cứ"), max_length=300)
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )

    objects: ClassVar = PastRecordQuerySet.as_manager()

    class Meta:
        ordering = ["project", "pk"]
        verbose_name = _("hồ sơ cũ")
        verbose_name_plural = _("hồ sơ cũ")
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(corrects=None),
                name="past_record_once",
                violation_error_message=_("Đề án này đã nhập là hồ sơ cũ."),
            ),
            models.CheckConstraint(
                condition=Q(stated_on=None) | Q(stated_on=models.F("effective_on")),
                name="past_record_counts_from_its_day",
            ),
            models.CheckConstraint(
                condition=Q(goes_on=True, outcome__in=GOES_ON_FROM) | (Q(goes_on=False) & ~Q(outcome__in=UNDER_WAY)),
                name="past_record_goes_on_from_a_state",
                violation_error_message=_("Trạng thái này không phù hợp với cách nhập hồ sơ cũ đã chọn."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="past_record_names_its_source",
                violation_error_message=_("Ghi hồ sơ, báo cáo làm căn cứ."),
            ),
        ]

    def __str__(self) -> str:
        """“Đã thực hiện, chưa rõ ngày”, “Đã thanh lý ngày 22/01/2020”."""
        if self.stated_on is None:
            return gettext("%(state)s, chưa rõ ngày") % {"state": self.get_outcome_display()}
        day = f"{self.stated_on:%d/%m/%Y}"
        return gettext("%(state)s ngày %(date)s") % {"state": self.get_outcome_display(), "date": day}


def counted_at_the_end(stated_on: dt.date | None, *, year: int) -> dt.date:
    """The day from which a state counts: its own, or the last of the plan's year where nobody knows it, so that it is
    said of no day within the year."""
    return stated_on or dt.date(year, 12, 31)
