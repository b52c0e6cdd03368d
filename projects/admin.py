"""The work, only to look at: it is changed on its own screens, where the rules are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from khuyencong.admin_site import FoldedSearch, ReadOnly, Scoped
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    CostLine,
    PlanLine,
    ProgressReport,
    Project,
    ProjectRevision,
    StatusChange,
)


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
    list_display = ("project", "round", "round__plan")
    list_filter = ("round__plan__year", "round__level")
    list_select_related = ("project", "round__plan")


@admin.register(CostLine)
class CostLineAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("plan_line__project", "plan_line__round", "component", "source", "item", "amount_vnd")
    list_filter = ("plan_line__round__plan__year", "source")
    list_select_related = ("plan_line__project", "plan_line__round", "component__activity_type", "source")


@admin.register(ApprovalEntry)
class ApprovalEntryAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = (
        *("plan_line__project", "plan_line__round", "component", "source"),
        *("amount_vnd", "nature", "effective_on", "decision"),
    )
    list_filter = ("plan_line__round__plan__year", "source", "nature")
    list_select_related = (
        *("plan_line__project", "plan_line__round", "component__activity_type"),
        *("source", "decision"),
    )


@admin.register(ProgressReport)
class ProgressReportAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = ("project", "month", "percent", "is_on_schedule", "reported_by")
    list_select_related = ("project", "reported_by")


@admin.register(StatusChange)
class StatusChangeAdmin(Scoped, ReadOnly, admin.ModelAdmin):
    list_display = (
        *("recorded_at", "project", "round", "transition", "source_status", "target_status"),
        *("actor", "effective_on", "decision"),
    )
    list_select_related = ("project", "round", "actor", "decision")


@admin.register(ProjectRevision)
class ProjectRevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("project", "number", "occasion", "effective_on", "recorded_by")
    list_select_related = ("project", "recorded_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(project__organisation__in=request.user.visible_organisation_ids())
