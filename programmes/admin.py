"""Reference data for administrators to keep; plans, letters and assigned money only to look at."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.admin_site import AdministratorOnly, FoldedSearch, ReadOnly, Scoped, amount, column, user_of
from programmes.content_choices import ContentChoiceField
from programmes.models import (
    ActivityType,
    AdminUnit,
    AdminUnitSuccession,
    AdvanceShare,
    AllocationEntry,
    AnnualPlan,
    Authority,
    CityClass,
    DeadlineRule,
    DeciderRule,
    Decision,
    DecisionDocument,
    EligibilityRule,
    FundingSource,
    NormDocument,
    PlanRound,
    PriorityArea,
    PriorityRule,
    Regulation,
    RoundDocument,
    SupportNorm,
)
from programmes.models.reference import citation
from programmes.models.rules import DatedRule
from programmes.rule_forms import (
    AdvanceShareForm,
    CityClassForm,
    EligibilityRuleForm,
    PriorityAreaForm,
    PriorityRuleForm,
)

AMOUNT = amount("amount_vnd", _("số tiền (đồng)"))


class CodeIsIdentity(AdministratorOnly):
    """A code is typed once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The code comes first, though Django puts what is only read at the end."""
        return sorted(super().get_fields(request, obj), key=lambda name: name != "code")


class OfOwnProvince:
    """Rows of the province one administers and those that hold for all; another province's are not there."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        if request.user.is_superuser:
            return rows
        return rows.filter(Q(province=None) | Q(province__in=Organisation.objects.administered_by(user_of(request))))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "province" and not request.user.is_superuser:
            kwargs["queryset"] = Organisation.objects.administered_by(user_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class InForceFilter(admin.SimpleListFilter):
    """Whether a row holds today; ``names`` are its first and its last day."""

    title = _("hiệu lực hôm nay")
    parameter_name = "in_force"
    names = ("effective_from", "effective_to")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Đang có hiệu lực")), ("ended", _("Đã hết hiệu lực")), ("later", _("Chưa có hiệu lực"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today, (first, last) = timezone.localdate(), self.names
        ended, later = Q(**{f"{last}__lt": today}), Q(**{f"{first}__gt": today})
        wanted = {"now": ~ended & ~later, "ended": ended, "later": later}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


class UnitInForceFilter(InForceFilter):
    title = _("tình trạng hôm nay")
    names = ("valid_from", "valid_to")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Đang có")), ("ended", _("Đã giải thể, sáp nhập")), ("later", _("Chưa thành lập"))]


# A filter names the documents that rules quote, not all that there are.
QUOTED = ("regulation", admin.RelatedOnlyFieldListFilter)
SOURCE = (
    _("Căn cứ và thời gian"),
    {"fields": ("regulation", "clause", "effective_from", "effective_to", "is_confirmed")},
)


@admin.register(Regulation)
class RegulationAdmin(CodeIsIdentity, admin.ModelAdmin):
    list_display = ("number", "title", "issued_on", "effective_from", "effective_to", "replaced_or_amended_by")
    search_fields = ("number", "title")
    date_hierarchy = "issued_on"


@admin.register(ActivityType)
class ActivityTypeAdmin(CodeIsIdentity, admin.ModelAdmin):
    list_display = ("short_name", "code", "regulation")
    list_filter = ("regulation",)
    list_select_related = ("regulation",)
    search_fields = ("short_name", "code")


@admin.register(FundingSource)
class FundingSourceAdmin(CodeIsIdentity, admin.ModelAdmin):
    list_display = ("name", "short_name", "code", "level", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Whose money it is decides every balance, so that it is said once."""
        return ("code", "level") if obj else ()


class CheckedFilter(admin.BooleanFieldListFilter):
    """Whether a row was read in its document, under a heading that reads well after “Theo”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("tình trạng đối chiếu")


CHECKED = ("is_confirmed", CheckedFilter)


@admin.register(SupportNorm)
class SupportNormAdmin(OfOwnProvince, CodeIsIdentity, admin.ModelAdmin):
    list_display = (
        *("item", "unit", "max_percent", amount("max_amount_vnd", _("mức tối đa (đồng)"))),
        *("is_confirmed", "regulation", "effective_from", "effective_to", "province"),
    )
    list_filter = ("funding_level", InForceFilter, CHECKED, QUOTED)
    list_select_related = ("province", "regulation")
    search_fields = ("item", "code")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of which decree a content is stands above it."""
        if db_field.name == "activity_type":
            kwargs |= {"form_class": ContentChoiceField, "queryset": ActivityType.objects.select_related("regulation")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RuleAdmin(AdministratorOnly, admin.ModelAdmin):
    """Rules of law: what is said, from when to when, and whether it was read in the document."""

    list_filter: ClassVar[Any] = (InForceFilter, CHECKED, QUOTED)
    list_select_related: ClassVar[Any] = ("regulation",)
    DATES = ("cited", "effective_from", "effective_to", "is_confirmed")

    @admin.display(description=_("căn cứ"), ordering="regulation__number")
    def cited(self, row: DatedRule) -> str:
        return citation(row.regulation, row.clause) if row.regulation else ""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A document is only chosen here: documents and provinces are kept on pages of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in ("regulation", "province"):
            field.widget.can_delete_related = field.widget.can_change_related = False
            field.widget.can_add_related = db_field.name == "regulation"
        return field


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(RuleAdmin):
    form = EligibilityRuleForm
    list_display = ("subject", "unit_kind", "beneficiary_type", "holds_where", "answer", *RuleAdmin.DATES)
    list_filter = ("subject", "answer", *RuleAdmin.list_filter)
    WHAT = (
        "subject",
        "unit_kind",
        "beneficiary_type",
        "holds_where",
        "answer",
        "allows_craft_village",
        "allowed_norm_codes",
    )
    fieldsets = ((None, {"fields": (*WHAT, "explanation")}), SOURCE)


def _with_unit_name(rows: QuerySet[Any], **of: Any) -> QuerySet[Any]:
    """With the name that the unit of each row's code bore last."""
    units = AdminUnit.objects.filter(code=OuterRef("unit_code"), **of)
    last = units.order_by(F("valid_to").desc(nulls_first=True))
    return rows.annotate(unit_name=Subquery(last.values("name")[:1]))


@admin.register(CityClass)
class CityClassAdmin(RuleAdmin):
    """A city is named as it was called last."""

    form = CityClassForm
    list_display = ("city", "urban_class", *RuleAdmin.DATES)
    search_fields = ("unit_code",)
    fieldsets = ((None, {"fields": ("unit_code", "urban_class")}), SOURCE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _with_unit_name(super().get_queryset(request), kind=AdminUnit.Kind.CITY)

    @admin.display(description=_("thành phố"), ordering="unit_name")
    def city(self, row: Any) -> str:
        return row.unit_name or row.unit_code


@admin.register(PriorityRule)
class PriorityRuleAdmin(RuleAdmin):
    form = PriorityRuleForm
    list_display = ("priority_group", "rank", *RuleAdmin.DATES)
    fieldsets = ((None, {"fields": ("priority_group", "rank", "norm_codes")}), SOURCE)


@admin.register(PriorityArea)
class PriorityAreaAdmin(RuleAdmin):
    form = PriorityAreaForm
    list_display = ("unit", "priority_group", *RuleAdmin.DATES)
    list_filter = ("priority_group", *RuleAdmin.list_filter)
    search_fields = ("unit_code",)
    fieldsets = ((None, {"fields": ("unit_code", "priority_group")}), SOURCE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _with_unit_name(super().get_queryset(request))

    @admin.display(description=_("địa bàn"), ordering="unit_name")
    def unit(self, row: Any) -> str:
        return row.unit_name or row.unit_code


@admin.register(AdvanceShare)
class AdvanceShareAdmin(RuleAdmin):
    form = AdvanceShareForm
    list_display = ("item", "funding_level", "max_percent", "precondition", *RuleAdmin.DATES)
    list_filter = ("funding_level", *RuleAdmin.list_filter)
    search_fields = ("norm_code",)
    fieldsets = ((None, {"fields": ("norm_code", "funding_level", "max_percent", "precondition")}), SOURCE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the words of the newest norm of that code."""
        newest = SupportNorm.objects.filter(code=OuterRef("norm_code")).order_by("-effective_from", "-pk")
        return super().get_queryset(request).annotate(norm_item=Subquery(newest.values("item")[:1]))

    @admin.display(description=_("khoản hỗ trợ"), ordering="norm_item")
    def item(self, row: Any) -> str:
        return row.norm_item or row.norm_code or str(_("Mọi khoản hỗ trợ không có tỷ lệ riêng"))


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(RuleAdmin):
    list_display = ("subject", "days", "day", "month", *RuleAdmin.DATES)
    list_filter = ("subject", *RuleAdmin.list_filter)
    fieldsets = ((None, {"fields": ("subject", "days", "day", "month")}), SOURCE)


@admin.register(DeciderRule)
class DeciderRuleAdmin(OfOwnProvince, RuleAdmin):
    list_display = ("change_shown", "funding_level", "province_shown", "decided_by", *RuleAdmin.DATES)
    list_filter = ("funding_level", "change", *RuleAdmin.list_filter)
    list_select_related = ("regulation", "province")
    fieldsets = ((None, {"fields": ("change", "funding_level", "decided_by", "province")}), SOURCE)

    @admin.display(description=_("thay đổi"), ordering="change")
    def change_shown(self, row: DeciderRule) -> str:
        return capfirst(row.get_change_display())

    @admin.display(description=_("nơi áp dụng"), ordering="province__name_key")
    def province_shown(self, row: DeciderRule) -> str:
        return str(row.province or _("Cả nước"))


@admin.register(Authority)
class AuthorityAdmin(OfOwnProvince, CodeIsIdentity, admin.ModelAdmin):
    list_display = ("name", "level", "province", "effective_from", "effective_to")
    list_filter = ("level",)
    list_select_related = ("province",)
    search_fields = ("name", "code")


class SuccessionInline(AdministratorOnly, admin.TabularInline):
    model = AdminUnitSuccession
    fk_name = "predecessor"
    autocomplete_fields = ("successor",)
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.error_messages["invalid_choice"] = _("Không có đơn vị hành chính này. Tìm theo tên hoặc mã rồi chọn.")
        return field


@admin.register(AdminUnit)
class AdminUnitAdmin(FoldedSearch, CodeIsIdentity, admin.ModelAdmin):
    inlines = [SuccessionInline]
    list_display = ("name", "code", "kind", "parent", "valid_from", "valid_to")
    list_filter = (UnitInForceFilter, "kind")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A unit that a project names stays: the link would go with it, and the project lose its place unnoticed."""
        is_named = isinstance(obj, AdminUnit) and obj.projects.exists()
        return super().has_delete_permission(request, obj) and not is_named


@admin.register(AnnualPlan)
class AnnualPlanAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("year", "organisation", "is_closed", "created_at")
    list_filter = ("year", "is_closed")
    list_select_related = ("organisation",)


@admin.register(PlanRound)
class PlanRoundAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("plan", column("plan__organisation", _("đơn vị lập kế hoạch")), "level", "number", "status")
    list_filter = ("plan__year", "level", "status")
    list_select_related = ("plan__organisation",)


@admin.register(Decision)
class DecisionAdmin(FoldedSearch, Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("label", "authority", "organisation", "effective_on", "recorded_by", "recorded_at")
    list_select_related = ("authority", "organisation", "recorded_by")


TRACE = (
    *("uploaded_at", "uploaded_by", "uploader_role"),
    *("withdrawn_at", "withdrawn_by", "withdraw_reason"),
    *("erased_at", "erased_by", "erase_reason"),
)


@admin.register(DecisionDocument)
class DecisionDocumentAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    """What is on file; the file itself is opened from the letter's page, which asks who."""

    list_display = ("original_name", "title", "decision", "size_bytes", "uploaded_at", "uploaded_by", "withdrawn_at")
    list_select_related = ("decision", "uploaded_by")
    fields = ("original_name", "title", "decision", "size_bytes", "sha256", *TRACE)
    search_fields = ("original_name", "title")


@admin.register(RoundDocument)
class RoundDocumentAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    """As of letters: opened from the round's page."""

    list_display = ("original_name", "title", "round", "size_bytes", "uploaded_at", "uploaded_by", "withdrawn_at")
    list_select_related = ("round__plan", "uploaded_by")
    fields = ("original_name", "title", "round", "size_bytes", "sha256", *TRACE)
    search_fields = ("original_name", "title")


@admin.register(NormDocument)
class NormDocumentAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    """As of letters: opened from the norm's page."""

    list_display = ("original_name", "title", "norm", "size_bytes", "uploaded_at", "uploaded_by", "withdrawn_at")
    list_select_related = ("norm__regulation", "uploaded_by")
    fields = ("original_name", "title", "norm", "size_bytes", "sha256", *TRACE)
    search_fields = ("original_name", "title")


@admin.register(AllocationEntry)
class AllocationEntryAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("plan", "source", AMOUNT, "nature", "effective_on", "decision", "recorded_at")
    list_filter = ("plan__year", "source", "nature")
    list_select_related = ("plan", "source", "decision")
    fields = readonly_fields = list_display
