"""Projects: the list, one project, entering, changing and copying one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from khuyencong.requests import SiteRequest
from programmes.models import AdminUnit, AnnualPlan
from projects.detail import project_money, project_steps
from projects.forms.document import DocumentForm
from projects.forms.filters import ProjectFilter
from projects.forms.project import ProjectEntry, project_entry
from projects.models import ProgressReport, Project
from projects.permissions import (
    can_attach_to_project,
    can_create_project,
    can_edit_project,
    can_report_progress,
    can_write_projects,
)
from projects.services.projects import StaleVersion, create_project, update_project

PAGE_SIZE = 50


@require_GET
def project_list(request: SiteRequest) -> HttpResponse:
    """Projects by filter, search and sort; the totals are those of all rows found, not of the page."""
    filters = ProjectFilter(request.GET, user=request.user)
    projects = filters.apply(Project.objects.visible_to(request.user))
    totals = projects.totals()
    paginator = Paginator(projects, PAGE_SIZE)
    paginator.count = totals["count"]  # known already
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "projects/project_list.html#rows" if request.htmx else "projects/project_list.html",
        {
            "filters": filters,
            "page_obj": page,
            "totals": totals,
            "can_create": can_write_projects(request.user),
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
        },
    )


@require_GET
def project_detail(request: SiteRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    return render(
        request,
        "projects/project_detail.html",
        {
            "project": project,
            "money": project_money(project),
            "reports": ProgressReport.objects.of_project(project),
            "steps": project_steps(project),
            "documents": project.documents.all(),
            "document_form": DocumentForm(),
            "can_edit": can_edit_project(request.user, project),
            "can_report": can_report_progress(request.user, project),
            "can_attach": can_attach_to_project(request.user, project),
            "can_copy": can_write_projects(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def project_create(request: SiteRequest) -> HttpResponse:
    """A new draft in the plan named by ``?plan=``, else in the latest open one; ``?copy=`` starts from a project."""
    plans = AnnualPlan.objects.visible_to(request.user).open().for_writing(request.user)
    if not plans:
        return _without_plan(request)
    plan = get_object_or_404(plans, pk=_id(request, "plan")) if request.GET.get("plan") else plans[0]
    if not can_create_project(request.user, plan):
        raise PermissionDenied(_("Bạn không có quyền thêm đề án vào kế hoạch này."))
    template = None
    if request.GET.get("copy"):
        template = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=_id(request, "copy"))
    entry = project_entry(plan, template=template, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and entry.is_valid():
        project = create_project(project=entry.form.save(commit=False), data=entry.data(), actor=request.user)
        messages.success(request, _("Đã lưu đề án “%(name)s”, mã %(code)s.") % {"name": project, "code": project.code})
        if "save_and_new" in request.POST:
            return redirect(f"{request.path}?plan={plan.pk}")
        return redirect(project)
    return _render_form(request, entry, plans=plans, template=template)


@require_http_methods(["GET", "POST"])
def project_edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Changes a draft: its text, and its money in the plan named by ``?plan=``, else in the latest that it is in."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    plans = AnnualPlan.objects.for_project(project)
    plan = get_object_or_404(plans, pk=_id(request, "plan")) if request.GET.get("plan") else plans[0]
    if not can_edit_project(request.user, project):
        return _refuse_edit(request, plan, project)
    if request.method == "GET":
        return _render_form(request, project_entry(plan, project=project), plans=plans)
    typed_version = request.POST.get("version", "")
    if typed_version.isdecimal() and int(typed_version) != project.version:
        return _render_stale(request, plan, project)
    entry = project_entry(plan, project=project, data=request.POST)
    if not entry.is_valid():
        return _render_form(request, entry, plans=plans)
    try:
        update_project(
            project=entry.form.save(commit=False), data=entry.data(), version=entry.form.cleaned_data["version"]
        )
    except StaleVersion as stale:
        return _render_stale(request, plan, stale.current)
    messages.success(request, _("Đã lưu thay đổi."))
    return redirect(project)


def _refuse_edit(request: SiteRequest, plan: AnnualPlan, project: Project) -> HttpResponse:
    """What was typed while the project was being sent is shown once more, to be copied from; it is not saved."""
    reason = _("Đề án đã gửi hoặc đã duyệt, không sửa được ở đây.")
    if request.method == "GET" or not can_attach_to_project(request.user, project):
        raise PermissionDenied(reason)
    entry = project_entry(plan, project=project, data=request.POST)
    return _render_form(request, entry, locked_reason=reason, status=403)


def _render_stale(request: SiteRequest, plan: AnnualPlan, current: Project) -> HttpResponse:
    """Both texts, field by field; saving again from here keeps what was typed."""
    data = request.POST.copy()
    data["version"] = str(current.version)
    entry = project_entry(plan, project=current, data=data)
    entry.is_valid()
    stored = Project.objects.for_detail().get(pk=current.pk)
    differences = entry.conflicts(project_entry(plan, project=stored))
    return _render_form(request, entry, conflicts=differences, is_stale=True, status=409)


def _render_form(
    request: SiteRequest, entry: ProjectEntry, *, status: int | None = None, **extra: object
) -> HttpResponse:
    if status is None:
        status = 422 if entry.has_errors else 200
    context = {
        "entry": entry,
        "form": entry.form,
        "plan": entry.plan,
        "project": entry.form.instance if entry.form.instance.pk else None,
        "units": AdminUnit.objects.of_plan(entry.plan),
        **extra,
    }
    return render(request, "projects/project_form.html", context, status=status)


def _id(request: SiteRequest, name: str) -> int:
    """A record's id from the address; what is no number names no record."""
    text = request.GET[name]
    if not (text.isascii() and text.isdigit()):
        raise Http404
    return int(text)


def _without_plan(request: SiteRequest) -> HttpResponse:
    if not can_write_projects(request.user):
        raise PermissionDenied(_("Chỉ cán bộ và lãnh đạo Trung tâm nhập đề án."))
    messages.info(request, _("Chưa có kế hoạch năm nào đang mở. Lập kế hoạch năm trước, rồi nhập đề án."))
    return redirect("projects:plan_create")


@require_GET
def place_suggest(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """Options for the place that is being typed, each as the whole text with that place at its end."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    *before, typed = request.GET.get("places", "").split(",")
    head = "".join(f"{part.strip()}, " for part in before)
    units = AdminUnit.objects.of_plan(plan).matching(typed)[:15] if typed.strip() else []
    return render(request, "projects/includes/options.html", {"values": [f"{head}{unit.name}" for unit in units]})
