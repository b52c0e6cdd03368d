"""What the importer adds to the pages of the core: a way in from a plan, and where a record came from."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.providers import PageAction, PageSection
from programmes.models import AnnualPlan
from projects.importing.models import ImportedRow
from projects.models import Beneficiary, Project
from projects.rules.permissions import can_edit_beneficiaries, has_anywhere, why_not_write_plan


def way_in(user: User, plan: AnnualPlan, as_of: AsOf) -> tuple[str, str] | None:
    """For whoever may enter projects in the plan, of today."""
    if as_of or why_not_write_plan(user, plan, "write"):
        return None
    return _("Nhập từ Excel"), reverse("importing:bring", args=[plan.pk])


def first_way_in(user: User, plan: AnnualPlan, as_of: AsOf) -> tuple[str, str] | None:
    """The same under another name, as both stand on the page of a plan without projects."""
    way = way_in(user, plan, as_of)
    return (_("Nhập danh mục từ Excel"), way[1]) if way else None


def way_to_compare(user: User, plan: AnnualPlan, as_of: AsOf) -> tuple[str, str] | None:
    """For everybody who sees the plan: setting a workbook beside it writes nothing."""
    return None if as_of else (_("Đối chiếu Excel"), reverse("reports:parallel", args=[plan.pk]))


def way_in_for_firms(user: User, nothing: None, as_of: AsOf) -> tuple[str, str] | None:
    """For whoever keeps a province's registry."""
    return (_("Nhập từ Excel"), reverse("importing:bring_firms")) if can_edit_beneficiaries(user) else None


def way_in_for_organisations(user: User, nothing: None, as_of: AsOf) -> tuple[str, str] | None:
    """For whoever administers a part of a province."""
    return (_("Nhập từ Excel"), reverse("importing:bring_organisations")) if has_anywhere(user, "administer") else None


def way_in_for_units(user: User, nothing: None, as_of: AsOf) -> tuple[str, str] | None:
    """For whoever administers a part of a province."""
    return (_("Nhập từ Excel"), reverse("importing:bring_units")) if has_anywhere(user, "administer") else None


def origin_of_project(user: User, project: Project, as_of: AsOf) -> dict[str, Any] | None:
    rows = list(ImportedRow.objects.visible_to(user).of_project(project))
    return {"rows": rows} if rows else None


def origin_of_beneficiary(user: User, beneficiary: Beneficiary, as_of: AsOf) -> dict[str, Any] | None:
    rows = list(ImportedRow.objects.visible_to(user).of_beneficiary(beneficiary))
    return {"rows": rows} if rows else None


ORIGIN = "importing/includes/origin.html"
PROVIDERS = (
    PageAction("plan", way_in),
    PageAction("plan", way_to_compare),
    PageAction("empty_plan", first_way_in),
    PageAction("beneficiaries", way_in_for_firms),
    PageAction("organisations", way_in_for_organisations),
    PageAction("admin_units", way_in_for_units),
    PageSection("project", "origin", gettext_lazy("Nguồn gốc"), ORIGIN, origin_of_project),
    PageSection("beneficiary", "origin", gettext_lazy("Nguồn gốc"), ORIGIN, origin_of_beneficiary),
)
