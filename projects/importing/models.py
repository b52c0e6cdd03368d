"""Where imported records come from: the file with its reading, each row with its raw cells, and what an office answered
before."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.erasable import Erasable
from khuyencong.fields import TextLine
from programmes.models import AnnualPlan
from projects.models import Beneficiary, Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


def kept_as(instance: models.Model, filename: str) -> str:
    """A name that says nothing; the user's own stands in ``file_name``."""
    return f"imports/{uuid.uuid4().hex}"


class ImportBatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def for_list(self) -> Self:
        """Newest first, without the content, which may be large."""
        return self.select_related("plan", "organisation", "created_by").defer("sheets").order_by("-pk")

    def of_plan(self, plan: AnnualPlan) -> Self:
        return self.filter(plan=plan)

    def of_no_plan(self, organisation: Organisation, kind: str) -> Self:
        """Lists of that kind that the organisation brought and that belong to no plan."""
        return self.filter(organisation=organisation, kind=kind, plan=None)

    def with_same_content(self, batch: ImportBatch) -> Self:
        """Lists of the same organisation and plan that came from the same file and were written."""
        same = self.filter(organisation=batch.organisation_id, plan=batch.plan_id, kind=batch.kind)
        return same.filter(sha256=batch.sha256).filter(stage=ImportBatch.Stage.WRITTEN).exclude(pk=batch.pk)


class ImportBatch(Erasable):
    """A file that somebody brought, as it was read, with how it was understood. Until it is written it changes nothing.

    ``layout``: by sheet what its header is, which column holds what and the unit of money, where a person said so.
    ``answers``: to what was asked, by the question's key. ``left_out``: rows that were wrong or left out when the
    others were written, each as a text. The file itself and what was read of it (``sheets``) may hold personal
    numbers; once erased, both are empty and the masked cells of its rows are what stays.
    """

    class Stage(models.TextChoices):
        OPEN = "open", _("Chờ xác nhận")
        WRITTEN = "written", _("Đã nhập")
        TAKEN_BACK = "taken_back", _("Đã rút lại")
        DROPPED = "dropped", _("Đã bỏ")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kế hoạch")
    )
    kind = models.CharField(_("loại danh sách"), max_length=20)
    file_name = TextLine(_("tên tệp"), max_length=255)
    format = models.CharField(_("định dạng"), max_length=10)
    file = models.FileField(_("tệp"), upload_to=kept_as, blank=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField(_("dung lượng"))
    sheets: Any = models.JSONField(encoder=DjangoJSONEncoder, blank=True)
    has_links = models.BooleanField(_("có liên kết tới tệp khác"), default=False)
    layout: Any = models.JSONField(default=dict, blank=True)
    answers: Any = models.JSONField(default=dict, blank=True)
    stage = models.CharField(_("trạng thái"), max_length=12, choices=Stage, default=Stage.OPEN)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("đọc lúc"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhập")
    )
    written_at = models.DateTimeField(_("nhập lúc"), null=True, blank=True)
    left_out: Any = models.JSONField(_("dòng không nhập"), default=list, blank=True, editable=False)
    taken_back_at = models.DateTimeField(_("rút lại lúc"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người rút lại"),
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần nhập từ tệp")
        verbose_name_plural = _("lần nhập từ tệp")
        indexes = [models.Index(fields=["organisation", "sha256"], name="batch_by_content")]
        constraints = Erasable.Meta.constraints

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("importing:batch", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.stage == self.Stage.OPEN


class ImportedRowQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(batch__organisation__in=user.visible_organisation_ids())

    def written(self) -> Self:
        """Without those that changed nothing, and those that only say more of the project of another row."""
        return self.exclude(became__in=(ImportedRow.Became.EQUAL, ImportedRow.Became.JOINED))

    def added(self) -> Self:
        return self.filter(became=ImportedRow.Became.NEW)

    def changed(self) -> Self:
        return self.filter(became=ImportedRow.Became.CHANGED)

    def of_project(self, project: Project) -> Self:
        return self.filter(project=project).select_related("batch__created_by").defer("batch__sheets")

    def of_beneficiary(self, beneficiary: Beneficiary) -> Self:
        return self.filter(beneficiary=beneficiary).select_related("batch__created_by").defer("batch__sheets")


class ImportedRow(models.Model):
    """A row of the file behind a record: the sheet, its number there and the cells as they stood."""

    class Became(models.TextChoices):
        NEW = "new", _("thêm mới")
        CHANGED = "changed", _("sửa")
        EQUAL = "equal", _("không đổi")
        JOINED = "joined", _("gộp vào đề án ở dòng khác")

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows", verbose_name=_("lần nhập"))
    sheet = TextLine(_("trang"), max_length=255)
    number = models.PositiveIntegerField(_("dòng"))
    cells: Any = models.JSONField(_("nguyên văn các ô"), encoder=DjangoJSONEncoder)
    became = models.CharField(_("kết quả nhập"), max_length=10, choices=Became)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="imported_rows")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, null=True, blank=True, related_name="imported_rows")
    version_written = models.PositiveIntegerField(null=True, blank=True)
    before: Any = models.JSONField(null=True, blank=True)

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "pk"]
        verbose_name = _("dòng đã nhập")
        verbose_name_plural = _("dòng đã nhập")
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(beneficiary__isnull=False), name="imported_row_of_a_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"

    @property
    def words(self) -> str:
        """The cells that hold something, one after the other."""
        return " · ".join(filter(None, self.cells))


class HabitQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def answers_of(self, organisation: Organisation) -> dict[str, str]:
        return dict(self.filter(organisation=organisation).values_list("key", "answer"))


class Habit(models.Model):
    """What an organisation answered once about its lists, taken for the next: a column's meaning, a unit, a content."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    answer = models.CharField(max_length=300)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now=True)

    objects = HabitQuerySet.as_manager()

    class Meta:
        verbose_name = _("lựa chọn cột đã ghi nhớ")
        verbose_name_plural = _("lựa chọn cột đã ghi nhớ")
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="habit_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.answer}"
