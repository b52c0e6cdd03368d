"""The work, only to look at: it is changed on its own screens, where the rules are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khuyencong.admin_site import FoldedSearch, ReadOnly, Scoped, amount, column, user_of
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    ContractEntry,
    CostLine,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ProjectRevision,
    SettlementEntry,
    StatusChange,
    Voucher,
    WarningReason,
)

AMOUNT = amount("amount_vnd", _("số tiền (đồng)"))
PROJECT, ROUND = column("project", _("đề án")), column("round", _("đợt"))
LINE_PROJECT, LINE_ROUND = column("plan_line__project", _("đề án")), column("plan_line__round", _("đợt"))


@admin.register(Project)
class ProjectAdmin(FoldedSearch, Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name", "kind", "organisation", "status", "version")
    list_filter = ("status", "kind")
    list_select_related = ("organisation",)


@admin.register(Beneficiary)
class BeneficiaryAdmin(FoldedSearch, Scoped, ReadOnly, admin.ModelAdmin):
    """Personal numbers are shown masked on the site and not at all here."""

    list_display = ("name", "type", "tax_code", "province")
    list_filter = ("type",)
    list_select_related = ("province",)


@admin.register(PlanLine)
class PlanLineAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("project", "round", column("round__plan", _("kế hoạch")))
    list_filter = ("round__plan__year", "round__level")
    list_select_related = ("project", "round__plan")


@admin.register(CostLine)
class CostLineAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = (LINE_PROJECT, LINE_ROUND, column("component", _("nội dung")), "source", AMOUNT)
    fields = readonly_fields = list_display
    list_filter = ("plan_line__round__plan__year", "source")
    list_select_related = ("plan_line__project", "plan_line__round", "component__activity_type", "source")


@admin.register(ApprovalEntry)
class ApprovalEntryAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = (
        *(LINE_PROJECT, LINE_ROUND, column("component", _("nội dung")), "source", AMOUNT),
        *("effective_on", column("decision", _("văn bản"))),
    )
    fields = readonly_fields = (*list_display, "nature", "recorded_at")
    list_filter = ("plan_line__round__plan__year", "source", "nature")
    list_select_related = (
        *("plan_line__project", "plan_line__round", "component__activity_type"),
        *("source", "decision"),
    )


@admin.register(Contract)
class ContractAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("number", "signed_on", PROJECT, "partner", "due_on", "recorded_at")
    fields = readonly_fields = (*list_display, "subject")
    list_filter = ("signed_on",)
    list_select_related = ("project",)


@admin.register(Voucher)
class VoucherAdmin(FoldedSearch, Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("number", "issued_on", "direction", "payee", "organisation", "recorded_at")
    fields = readonly_fields = (*list_display, "content")
    list_filter = ("year", "direction")
    list_select_related = ("organisation",)


@admin.register(PaymentEntry, ContractEntry, SettlementEntry)
class AccountEntryAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    """Entries of the accounts; a reversal names what it reverses."""

    list_display = (LINE_PROJECT, LINE_ROUND, column("component", _("nội dung")), "source", AMOUNT, "effective_on")
    fields = readonly_fields = (*list_display, "reason", "reverses", "recorded_at")
    list_filter = ("plan_line__round__plan__year", "source")
    list_select_related = ("plan_line__project", "plan_line__round", "component__activity_type", "source")


@admin.register(ProgressReport)
class ProgressReportAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("project", "month", "percent", "is_on_schedule", "reported_by")
    list_select_related = ("project", "reported_by")


@admin.register(StatusChange)
class StatusChangeAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("recorded_at", PROJECT, ROUND, "target_label_shown", "actor", "effective_on", "decision")
    list_select_related = ("project", "round", "actor", "decision")
    fields = readonly_fields = (*list_display, "reason")

    @admin.display(description=_("sang trạng thái"), ordering="target_status")
    def target_label_shown(self, row: StatusChange) -> str:
        return row.target_label


@admin.register(ProjectRevision)
class ProjectRevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (PROJECT, "number", "occasion", "effective_on", column("recorded_by", _("người ghi nhận")))
    list_select_related = ("project", "recorded_by")
    fields = readonly_fields = (*list_display, "recorded_at", "snapshot")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(project__organisation__in=user_of(request).visible_organisation_ids())


@admin.register(WarningReason)
class WarningReasonAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("recorded_at", PROJECT, "code", "text", "reason", column("actor", _("người ghi lý do")))
    list_filter = ("code",)
    list_select_related = ("project", "actor")
    fields = readonly_fields = list_display
