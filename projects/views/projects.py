"""Projects: the list, one project, entering, changing and copying one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.asof import AsOf
from khuyencong.drafts import keeps_draft
from khuyencong.forms import AsOfForm
from khuyencong.page_unit import PageUnit, page_unit
from khuyencong.requests import SiteRequest, page_or_part, record_id
from khuyencong.text import fold
from programmes.models import AdminUnit, AnnualPlan
from programmes.place_names import PlaceNames
from projects.desk.actions import next_step, project_actions
from projects.figures.past_texts import show_as_then
from projects.forms.document import DocumentForm
from projects.forms.fields import show_refusal
from projects.forms.filters import ProjectFilter
from projects.forms.project import ProjectEntry, project_entry, save_entry
from projects.forms.rows import AMOUNT_NAMES
from projects.models import Appraisal, Commitment, ProgressReport, Project, WarningCode
from projects.pages.comments import comment_threads, open_count
from projects.pages.estimates import estimates_of
from projects.pages.estimates_then import estimate_then
from projects.pages.files import listed_files
from projects.pages.journal import latest_changes
from projects.pages.project_detail import page_of_project
from projects.pages.round_review import what_is_asked
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import (
    RIGHTS,
    can_write_projects,
    why_closed,
    why_not_edit,
    why_not_give_reason,
    why_not_pay,
    why_not_report,
    why_not_write_plan,
)
from projects.rules.plan_years import outside_text
from projects.rules.warnings import findings_of
from projects.services.project_entry import SameName
from projects.services.projects import create_project, update_project
from projects.views.review import comment_part

PAGE_SIZE = 50


@require_safe
def project_list(request: SiteRequest) -> HttpResponse:
    """Projects by filter, search and sort; the totals are those of all rows found, not of the page."""
    filters = ProjectFilter(request.GET, user=request.user)
    projects = filters.apply(Project.objects.visible_to(request.user))
    totals = projects.totals(filters.asked, **filters.money)
    paginator = Paginator(filters.listed(projects).values("pk"), PAGE_SIZE)
    paginator.count = totals["count"] or 0  # known already
    page = paginator.get_page(request.GET.get("page"))
    # What a row shows is asked of the rows of the page alone, not of all before it.
    rows = filters.listed(Project.objects.with_ids(page.object_list))
    return render(
        request,
        page_or_part(request, "projects/project_list.html", "rows"),
        {
            "filters": filters,
            "days": AsOfForm(request.GET),
            "as_of": filters.asked,
            "projects": show_as_then(rows, filters.asked),
            "page_obj": page,
            "totals": totals,
            "can_create": can_write_projects(request.user),
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
        },
        status=400 if filters.has_wrong_day else 200,
    )


@require_safe
def project_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """Everything of one project; ``?as_of=&recorded=`` show how it stood, and then nothing can be done to it."""
    days = AsOfForm(request.GET)
    as_of = days.asked
    projects = Project.objects.visible_to(request.user).for_detail(as_of).with_steps()
    project = get_object_or_404(projects, pk=pk)
    [project] = show_as_then([project], as_of)
    threads = comment_threads(project, request.user)
    return render(
        request,
        "projects/project_detail.html",
        {
            "project": project,
            "days": days,
            "as_of": as_of,
            "is_entered": as_of.has_recorded(project.created_at),
            **page_of_project(project, request.user, as_of),
            "reports": ProgressReport.objects.of_project(project, as_of),
            "changes": latest_changes(project, as_of.recorded_on),
            "files": listed_files(project, project.documents.all(), request.user),
            "comments": threads,
            "open_comments": open_count(threads),
            "appraisals": Appraisal.objects.of_project(project).newest_first(),
            **(_as_it_stood(project, as_of) if as_of or days.has_wrong_day else _what_may_be_done(request, project)),
        },
        status=400 if days.has_wrong_day else 200,
    )


def _as_it_stood(project: Project, as_of: AsOf) -> dict[str, object]:
    then = estimate_then(project, as_of)
    return {"estimate_then": then, "estimates": then.estimates}


def _what_may_be_done(request: SiteRequest, project: Project) -> dict[str, object]:
    user = request.user
    return {
        "actions": project_actions(user, project),
        "next_step": next_step(project),
        "document_form": DocumentForm(),
        **comment_part(request, project),
        "can_correct_settlement": not why_not_pay(user, project),
        "can_report": not why_not_report(user, project),
        "can_copy": can_write_projects(user),
        "estimates": estimates_of(project),
        "commitments": Commitment.objects.of_project(project),
        "can_estimate": not why_not_edit(user, project),
        "can_reason": (can_reason := not why_not_give_reason(user, project)),
        "can_commit": can_reason,
    }


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_create(request: SiteRequest) -> HttpResponse:
    """A new draft in the plan named by ``?plan=``; ``?copy=`` starts from a project, ``?next=`` from what the next one
    of its kind has too.

    Without a plan the latest open one is put into the address, so that what is typed for a year stays of that year.
    """
    template = None
    is_next = "next" in request.GET
    if copied := request.GET.get("next" if is_next else "copy"):
        template = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=record_id(copied))
    plans = AnnualPlan.objects.visible_to(request.user).open().for_writing(request.user)
    if asked := request.GET.get("plan"):
        plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=record_id(asked))
        if why_not_save := why_not_write_plan(request.user, plan, "write"):
            raise NotAllowed(why_not_save)
    elif request.method == "GET" or not plans:
        return _in_latest_plan(request, plans)
    else:
        plan = plans[0]
    money = page_unit(request, AMOUNT_NAMES)
    entry = project_entry(plan, unit=money.unit, template=template, is_next=is_next, data=money.data)
    if request.desk.restored or money.is_switch:
        entry.leave_unjudged()
    elif request.method == "POST" and entry.is_valid():
        project = entry.form.save(commit=False)
        try:
            words = {"actor": request.user, "is_another": entry.form.cleaned_data["is_another"]}
            create_project(project=project, data=entry.data(), **words)
        except Refused as refusal:
            show_refusal(entry.form, refusal)
            entry.form.has_twins = isinstance(refusal, SameName)
            return _render_form(request, entry, money, plans=plans, template=template)
        messages.success(request, _("Đã lưu đề án “%(name)s”, mã %(code)s.") % {"name": project, "code": project.code})
        _say_doubts(request, project.pk)
        if "save_and_new" in request.POST:
            return redirect(f"{request.path}?plan={plan.pk}&next={project.pk}")
        return redirect(project)
    return _render_form(request, entry, money, plans=plans, template=None if is_next else template)


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Changes a draft: its text, and its money in the plan named by ``?plan=``, else in the latest that it is in."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    plans = AnnualPlan.objects.for_project(project)
    plan = get_object_or_404(plans, pk=record_id(asked)) if (asked := request.GET.get("plan")) else plans[0]
    if refusal := why_not_edit(request.user, project) or why_closed(plan):
        raise NotAllowed(refusal)
    money = page_unit(request, AMOUNT_NAMES)
    if request.method == "POST" and not money.is_switch:
        store = partial(_update, request)
        sent = save_entry(plan, project, request.POST, unit=money.unit, store=store, user=request.user)
        if sent.is_saved:
            messages.success(request, sent.merged_text or _("Đã lưu thay đổi."))
            _say_doubts(request, project.pk)
            return redirect(project)
        return _render_form(request, sent.entry, money, status=sent.status, **sent.others_part)
    entry = project_entry(plan, unit=money.unit, project=project, data=money.data)
    if request.desk.restored or money.is_switch:
        entry.leave_unjudged()
    return _render_form(request, entry, money, plans=plans)


def _say_doubts(request: SiteRequest, pk: int) -> None:
    """What was stored as it was typed, and is told at once: days of another year than the plan's, and others that help
    the same establishment with the same content, as long as nobody said why."""
    project = Project.objects.get(pk=pk)
    if text := outside_text(project):
        messages.warning(request, text)
    for warning in findings_of(project, user=request.user).unanswered:
        if warning.code == WarningCode.ALREADY_SUPPORTED:
            ask = _("Nếu vẫn đề nghị, ghi lý do ở mục Cảnh báo của đề án %(code)s.") % {"code": project.code}
            messages.warning(request, f"{warning.text} {ask}")


def _update(request: SiteRequest, entry: ProjectEntry) -> None:
    update_project(
        project=entry.form.save(commit=False),
        data=entry.data(),
        version=entry.form.cleaned_data["version"],
        actor=request.user,
    )


def _render_form(
    request: SiteRequest,
    entry: ProjectEntry,
    money: PageUnit,
    *,
    status: int | None = None,
    **extra: object,
) -> HttpResponse:
    if status is None:
        status = 422 if not money.is_switch and entry.has_errors else 200
    project = entry.form.instance if entry.form.instance.pk else None
    context = {
        "entry": entry,
        "money": money,
        "form": entry.form,
        "plan": entry.plan,
        "project": project,
        "asked": what_is_asked(project) if project else None,
        "units": AdminUnit.objects.of_plan(entry.plan).top_level(),
        **extra,
    }
    return render(request, "projects/project_form.html", context, status=status)


def _in_latest_plan(request: SiteRequest, plans: Iterable[AnnualPlan]) -> HttpResponse:
    if not can_write_projects(request.user):
        raise NotAllowed(RIGHTS["write"].refusal())
    if latest := next(iter(plans), None):
        query = request.GET.copy()
        query["plan"] = str(latest.pk)
        return redirect(f"{request.path}?{query.urlencode()}")
    without = _("Chưa có kế hoạch năm nào đang mở. Lập kế hoạch năm trước, rồi nhập đề án.")
    if request.method == "POST":
        raise NotAllowed(without)  # with what was typed; a way to another page would count as saved
    messages.info(request, without)
    return redirect("projects:plan_create")


@require_safe
def place_suggest(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """Options for the place that is being typed, each as the whole text with that place at its end."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    *before, typed = request.GET.get("places", "").split(",")
    head = "".join(f"{part.strip()}, " for part in before)
    names = PlaceNames(AdminUnit.objects.of_plan(plan) if fold(typed) else ())
    values = [f"{head}{name}" for name in names.suggested(names.near(typed)[:15])]
    return render(request, "projects/includes/options.html", {"values": values})
