"""Who is helped: the province's registry, and the support of each project."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.fields import FoldedField, SortKeyField, TextBlock, TextLine
from khuyencong.firm_names import TAX_ROOT_DIGITS, Likeness, compare_names, own_name, short_name, tax_root
from khuyencong.identifiers import check_tax_code, mask_personal_number
from khuyencong.text import fold, folded_query
from programmes.models import AdminUnit, EstablishmentType
from projects.models.money import ApprovalEntry
from projects.models.project import PlanLine, Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class BeneficiaryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The registry belongs to the province: whoever holds a role somewhere in it reads it."""
        return self.filter(province__in=user.lineage_ids())

    def matching(self, text: str) -> Self:
        """By words as they are typed, or by the name with its forms written short: “cty cp” is “công ty cổ phần”."""
        return self.filter(folded_query(text, "search") | folded_query(short_name(text), "search"))

    def with_tax_code(self, code: str) -> Self:
        """By the code itself, or by the personal number that stands for one."""
        return self.filter(Q(tax_code=code) | Q(personal_number__number=code))

    def codes_among(self, codes: Collection[str]) -> set[str]:
        """Which of these codes an establishment, or its owner's personal number, bears."""
        found = self.filter(Q(tax_code__in=codes) | Q(personal_number__number__in=codes)) if codes else self.none()
        return {code for pair in found.values_list("tax_code", "personal_number__number") for code in pair if code}

    def others_in_registry(self, beneficiary: Beneficiary) -> Self:
        """The rest of the registry to which that establishment belongs, or is about to."""
        return self.filter(province=beneficiary.province_id).exclude(pk=beneficiary.pk)

    def lock_registry(self, province: Organisation) -> None:
        """Holds the province's registry until the transaction ends: a code found free stays free until it is saved."""
        Organisation.objects.select_for_update(of=("self",)).get(pk=province.pk)

    def alike(self, name: str, tax_code: str = "") -> Self:
        """Those that may be that establishment: with its name as :func:`compare_names` reads it, or of its tax code's
        parent or branches. A name that is only near is another one's where both have tax codes of two parents."""
        own, root = fold(own_name(name)), tax_root(tax_code)
        near = Q(name_own=own) if own else Q(pk=None)
        rows = self.filter(near | Q(tax_code__startswith=root) if root else near).only("name", "tax_code")
        return self.filter(pk__in=[one.pk for one in rows if _is_alike(one, name, root)])

    def take_version(self, pk: int, version: int) -> bool:
        """Moves the record on from that version; False when somebody else did before."""
        return bool(self.filter(pk=pk, version=version).update(version=version + 1))

    def of_project(self, project: Project) -> Self:
        return self.filter(supports__project=project)

    def of_type(self, code: str) -> Self:
        return self.filter(type=code)

    def for_list(self, user: User) -> Self:
        """With the number of projects and what was approved for them, of those that this user may see.

        The money is that of whole projects: what one beneficiary of several got is not recorded.
        """
        in_project = "plan_line__project__supports__beneficiary"
        standing = Support.objects.visible_to(user).of_standing_projects()
        supports = standing.filter(beneficiary=OuterRef("pk")).order_by().values("beneficiary")
        entries = ApprovalEntry.objects.visible_to(user).filter(**{in_project: OuterRef("pk")}).order_by()
        return self.select_related("unit__parent", "personal_number").annotate(
            project_count=Coalesce(Subquery(supports.annotate(count=Count("pk")).values("count")), 0),
            approved_vnd=Subquery(entries.values(in_project).annotate(total=Sum("amount_vnd")).values("total")),
        )

    def for_cards(self) -> Self:
        """With what a card names."""
        return self.select_related("unit__parent", "personal_number")

    SORTS = {"name": "name_key", "type": "type", "projects": "project_count", "approved": "approved_vnd"}

    def sorted_by(self, sort: str) -> Self:
        """By a column of the list; a leading minus turns the order round. Rows without a value come last."""
        field = F(self.SORTS.get(sort.lstrip("-"), "name_key"))
        order = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
        return self.order_by(order, "name_key", "pk")


def _is_alike(one: Beneficiary, name: str, root: str) -> bool:
    same_root = bool(root) and tax_root(one.tax_code) == root
    likeness = compare_names(one.name, name) if name else Likeness.DIFFERENT
    is_near = likeness == Likeness.NEAR and not (root and one.tax_code)
    return same_root or likeness == Likeness.SAME or is_near


class Beneficiary(models.Model):
    """An establishment of rural industry (cơ sở công nghiệp nông thôn) as the province knows it."""

    Type = EstablishmentType

    province = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="beneficiaries", verbose_name=_("tỉnh, thành phố")
    )
    name = TextLine(_("tên đơn vị"), max_length=255)
    type = models.CharField(_("loại hình"), max_length=20, choices=Type)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    unit = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="beneficiaries",
        verbose_name=_("đơn vị hành chính"),
    )
    address = TextLine(_("địa chỉ"), max_length=255, blank=True)
    representative = TextLine(_("người đại diện"), max_length=120, blank=True)
    phone = TextLine(_("điện thoại"), max_length=40, blank=True)
    is_women_owned = models.BooleanField(_("do phụ nữ làm chủ"), default=False)
    is_minority_owned = models.BooleanField(_("do người dân tộc thiểu số làm chủ"), default=False)
    craft_village = TextLine(_("làng nghề"), max_length=150, blank=True)
    notes = TextBlock(_("ghi chú"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = FoldedField(sources=("name", "short_name", "tax_code", "representative", "craft_village", "address"))
    name_short = FoldedField(sources=("short_name",))
    name_own = FoldedField(sources=("own_name",))
    name_key = SortKeyField(source="name")

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        verbose_name = _("đơn vị thụ hưởng")
        verbose_name_plural = _("đơn vị thụ hưởng")
        indexes = [
            models.Index(fields=["province", "name_own"], name="beneficiary_own_name"),
            models.Index(Substr("tax_code", 1, TAX_ROOT_DIGITS), name="beneficiary_tax_root"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["province", "tax_code"],
                condition=~Q(tax_code=""),
                name="beneficiary_tax_code_once",
                violation_error_message=_("Đã có đơn vị mang mã số thuế này."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="beneficiary_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:beneficiary_detail", args=[self.pk])

    @property
    def short_name(self) -> str:
        """The name as names are compared: forms and lines of business written short."""
        return short_name(self.name)

    @property
    def own_name(self) -> str:
        """What near names have in common."""
        return own_name(self.name)

    @property
    def shown_tax_code(self) -> str:
        """The tax code as lists and files may show it: a personal number is masked."""
        if self.tax_code:
            return self.tax_code
        personal = getattr(self, "personal_number", None)
        return mask_personal_number(personal.number) if personal else ""

    @property
    def tax_code_warning(self) -> str:
        """What seems wrong with the tax code or the personal number."""
        personal = getattr(self, "personal_number", None)
        code = self.tax_code or (personal.number if personal else "")
        try:
            return str(check_tax_code(code).warning) if code else ""
        except ValidationError as error:  # a code that came from elsewhere than the form
            return str(error.message)


class PersonalNumber(models.Model):
    """The 12-digit personal number that a household business uses as its tax code since 01/07/2025.

    Personal data in a table of its own: no history, no export, shown masked.
    """

    beneficiary = models.OneToOneField(Beneficiary, models.CASCADE, related_name="personal_number")
    number = models.CharField(_("số định danh cá nhân"), max_length=12)

    class Meta:
        verbose_name = _("số định danh cá nhân")
        verbose_name_plural = _("số định danh cá nhân")
        constraints = [models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{12}$"), name="personal_number_digits")]

    def __str__(self) -> str:
        return mask_personal_number(self.number)


class SupportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def of_standing_projects(self) -> Self:
        """Without those of drafts that were discarded as entered by mistake."""
        return self.exclude(project__status=Project.Status.DISCARDED)

    def of_beneficiaries(self, ids: Collection[int]) -> Self:
        return self.filter(beneficiary__in=ids)

    def granted_elsewhere(self, project: Project) -> Self:
        """In other projects that a letter gave money: with ``year``, the first that they are in, and ``project_vnd``,
        what stands approved for all of each; the newest first."""
        years = PlanLine.objects.filter(project=OuterRef("project")).order_by().values("project")
        entries = ApprovalEntry.objects.filter(plan_line__project=OuterRef("project")).order_by()
        money = entries.values("plan_line__project").annotate(total=Sum("amount_vnd")).values("total")
        given = self.exclude(project=project).annotate(
            year=Subquery(years.annotate(first=Min("round__plan__year")).values("first")), project_vnd=Subquery(money)
        )
        return given.filter(project_vnd__gt=0).select_related("project").order_by("-year", "-pk")

    def history(self) -> list[Support]:
        """With the project, its contents, money and other beneficiaries, for the page of one beneficiary, the last
        project first. Projects are read apart: by ``prefetch_related`` SQLite refuses more than a thousand of them."""
        supports = list(self.order_by("-project__code"))
        projects = Project.objects.with_money().prefetch_related(
            "lines__round__plan", "components__activity_type", "supports"
        )
        found = projects.in_bulk({support.project_id for support in supports})
        for support in supports:
            support.project = found[support.project_id]
        return supports


class Support(models.Model):
    """A beneficiary in a project, or a group described in words with a planned count, made concrete later."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="supports", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        verbose_name=_("đơn vị thụ hưởng"),
    )
    group_description = TextLine(_("nhóm thụ hưởng"), max_length=255, blank=True)
    planned_count = models.PositiveIntegerField(
        _("số lượng dự kiến"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    amount_vnd = models.BigIntegerField(_("số tiền hỗ trợ (đồng)"), null=True, blank=True)
    counterpart_vnd = models.BigIntegerField(_("vốn đối ứng (đồng)"), null=True, blank=True)
    place = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa điểm")
    )
    group_search = FoldedField(sources=("group_description",))

    objects = SupportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("thụ hưởng trong đề án")
        verbose_name_plural = _("thụ hưởng trong đề án")
        constraints = [
            models.CheckConstraint(
                condition=(Q(beneficiary__isnull=False) & Q(group_description=""))
                | (Q(beneficiary=None) & ~Q(group_description="")),
                name="support_beneficiary_or_group",
                violation_error_message=_("Chọn một đơn vị thụ hưởng, hoặc mô tả nhóm thụ hưởng."),
            ),
            models.UniqueConstraint(
                fields=["project", "beneficiary"],
                name="support_once",
                violation_error_message=_("Đơn vị này đã có trong đề án."),
            ),
            models.CheckConstraint(
                condition=(Q(amount_vnd=None) | Q(amount_vnd__gte=0))
                & (Q(counterpart_vnd=None) | Q(counterpart_vnd__gte=0)),
                name="support_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
        ]

    def __str__(self) -> str:
        return self.group_description or str(self.beneficiary)
