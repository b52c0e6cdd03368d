"""Past records of a year that is over, entered by hand, and the letters that confirm them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.forms import leave_unjudged
from khuyencong.page_unit import PageUnit, page_unit
from khuyencong.requests import SiteRequest
from programmes.models import AdminUnit, AnnualPlan
from projects.forms.fields import show_refusal
from projects.forms.past import AnnulForm, ConfirmForm, PastLetterForm, StatedForm, has_several_letters
from projects.forms.project import ProjectEntry, project_entry
from projects.forms.rows import AMOUNT_NAMES
from projects.models import PastLetter, Project
from projects.pages.past_year import lines_of_past_letter, past_letter_rows, past_project_rows
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import (
    has,
    why_not_annul_past,
    why_not_change_past,
    why_not_confirm_past,
    why_not_enter_past,
    why_not_prepare_letters,
    why_not_prepare_past,
    why_not_recall_past,
    why_not_write_plan,
)
from projects.services.past_letters import (
    annul_past_letter,
    change_past_letter,
    confirm_past_letter,
    drop_past_letter,
    prepare_past_letter,
    recall_past_letter,
    return_past_letter,
    send_past_letter,
)
from projects.services.past_records import change_past_record, enter_past_record
from projects.services.project_entry import SameName


def _plan(request: SiteRequest, pk: int) -> AnnualPlan:
    plan: AnnualPlan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    return plan


def _letter(request: SiteRequest, pk: int) -> PastLetter:
    letter: PastLetter = get_object_or_404(PastLetter.objects.visible_to(request.user).for_page(), pk=pk)
    return letter


@require_safe
def past_year(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """Letters and projects of the year that came as past records, and what the reader may do to them."""
    plan = _plan(request, plan_pk)
    can_write = has(request.user, "write", plan.organisation_id)
    context = {
        "plan": plan,
        "letters": past_letter_rows(plan),
        "projects": past_project_rows(plan),
        "can_enter": can_write and not why_not_enter_past(request.user, plan),
        "can_prepare": not why_not_prepare_letters(request.user, plan),
        "can_change": not why_not_write_plan(request.user, plan, "write"),
        "hindrance": why_not_enter_past(request.user, plan) if can_write else "",
    }
    return render(request, "projects/past_year.html", context)


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_record_create(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """A project of the year as its file states it."""
    plan = _plan(request, plan_pk)
    if refusal := why_not_enter_past(request.user, plan):
        raise NotAllowed(refusal)
    money = page_unit(request, AMOUNT_NAMES)
    entry, stated = project_entry(plan, unit=money.unit, data=money.data), StatedForm(money.data, plan=plan)
    if request.method != "POST" or money.is_switch:
        return _render_record(request, entry, stated, money)
    if all([entry.is_valid(), stated.is_valid()]):
        project = entry.form.save(commit=False)
        if _stored(entry, stated, lambda: _enter(request, project, entry, stated)):
            messages.success(request, _("Đã lưu hồ sơ cũ “%(name)s”, mã %(code)s.") % _named(project))
            again = "save_and_new" in request.POST
            return redirect(request.path) if again else redirect("projects:past_year", plan.pk)
    return _render_record(request, entry, stated, money, status=422)


def _enter(request: SiteRequest, project: Project, entry: ProjectEntry, stated: StatedForm) -> None:
    enter_past_record(
        project=project,
        data=entry.data(),
        stated=stated.stated(),
        lines=stated.lines(entry),
        is_another=entry.form.cleaned_data["is_another"],
        actor=request.user,
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_record_edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts a past record right as long as no letter confirms it."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if refusal := why_not_change_past(request.user, project) or _why_not_here(project):
        raise NotAllowed(refusal)
    plan, money = AnnualPlan.objects.for_project(project)[0], page_unit(request, AMOUNT_NAMES)
    entry = project_entry(plan, unit=money.unit, project=project, data=money.data)
    stated = StatedForm(money.data, plan=plan, project=project)
    if request.method != "POST" or money.is_switch:
        return _render_record(request, entry, stated, money)
    if all([entry.is_valid(), stated.is_valid()]):
        changed, version = entry.form.save(commit=False), entry.form.cleaned_data["version"]
        data = {"data": entry.data(), "stated": stated.stated(), "lines": stated.lines(entry), "version": version}
        if _stored(entry, stated, lambda: change_past_record(project=changed, actor=request.user, **data)):
            messages.success(request, _("Đã lưu thay đổi."))
            return redirect("projects:past_year", plan.pk)
    return _render_record(request, entry, stated, money, status=422)


def _why_not_here(project: Project) -> str:
    if has_several_letters(project):
        return _("Kinh phí cùng một nguồn của đề án được duyệt theo nhiều văn bản, nên không sửa được ở trang này.")
    return ""


def _named(project: Project) -> dict[str, str]:
    return {"name": str(project), "code": project.code}


def _stored(entry: ProjectEntry, stated: StatedForm, store: Callable[[], object]) -> bool:
    """Whether it was stored; what was refused stands beside its fields otherwise."""
    try:
        store()
    except Refused as refusal:
        show_refusal(entry.form, refusal, stated)
        entry.form.has_twins = isinstance(refusal, SameName)
        return False
    return True


def _render_record(
    request: SiteRequest, entry: ProjectEntry, stated: StatedForm, money: PageUnit, status: int = 200
) -> HttpResponse:
    if money.is_switch or (request.method == "GET" and request.desk.restored):
        entry.leave_unjudged()
        leave_unjudged(stated)
    context = {
        "entry": entry,
        "form": entry.form,
        "stated": stated,
        "money": money,
        "plan": entry.plan,
        "project": entry.form.instance if entry.form.instance.pk else None,
        "units": AdminUnit.objects.of_plan(entry.plan).top_level(),
    }
    return render(request, "projects/past_record_form.html", context, status=status)


def _is_written(request: SiteRequest, form: BaseForm, write: Callable[[], object]) -> bool:
    """Whether a form of a letter was sent and stored; what was refused stands beside its fields."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        write()
    except Refused as refused:
        show_refusal(form, refused)
        return False
    return True


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_letter_create(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """A letter of the year, to which projects are added as they are entered."""
    plan = _plan(request, plan_pk)
    if refusal := why_not_prepare_letters(request.user, plan):
        raise NotAllowed(refusal)
    form = request.desk.shown(PastLetterForm(request.desk.typed, plan=plan))
    if request.method == "POST" and form.is_valid():
        try:
            letter = prepare_past_letter(plan=plan, head=form.head(), assigned=form.assigned(), actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã lưu %(letter)s. Hãy chọn văn bản này cho các đề án.") % {"letter": letter})
            return redirect(letter)
    context = {"form": form, "plan": plan}
    return render(request, "projects/past_letter_form.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_letter_edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Its head and what it assigns, while the Centre has it."""
    letter = _letter(request, pk)
    if refusal := why_not_prepare_past(request.user, letter):
        raise NotAllowed(refusal)
    form = request.desk.shown(PastLetterForm(request.desk.typed, plan=letter.plan, instance=letter))

    def change() -> object:
        words = {"head": form.head(), "assigned": form.assigned(), "version": form.cleaned_data["version"]}
        return change_past_letter(letter=letter, actor=request.user, **words)

    if _is_written(request, form, change):
        messages.success(request, _("Đã lưu thay đổi."))
        return redirect(letter)
    context = {"form": form, "plan": letter.plan, "letter": letter}
    return render(request, "projects/past_letter_form.html", context, status=422 if form.errors else 200)


@require_safe
def past_letter_detail(request: SiteRequest, pk: int) -> HttpResponse:
    letter = _letter(request, pk)
    context = {
        "letter": letter,
        "plan": letter.plan,
        "lines": lines_of_past_letter(letter),
        "can_prepare": not why_not_prepare_past(request.user, letter),
        "can_recall": not why_not_recall_past(request.user, letter),
        "can_confirm": not why_not_confirm_past(request.user, letter),
        "can_annul": not why_not_annul_past(request.user, letter),
    }
    return render(request, "projects/past_letter_detail.html", context)


@require_POST
def past_letter_move(request: SiteRequest, pk: int, name: str) -> HttpResponse:
    """A button of the Centre: sends the letter, takes it back, or drops it."""
    letter = _letter(request, pk)
    if name not in ("send", "recall", "drop"):
        raise Http404
    services = {"send": send_past_letter, "recall": recall_past_letter, "drop": drop_past_letter}
    said = {
        "send": _("Đã gửi %(letter)s để Sở xác nhận."),
        "recall": _("Đã lấy lại %(letter)s để sửa."),
        "drop": _("Đã bỏ %(letter)s."),
    }
    try:
        services[name](letter=letter, actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(letter)
    messages.success(request, said[name] % {"letter": letter})
    return redirect("projects:past_year", letter.plan_id)


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_letter_confirm(request: SiteRequest, pk: int) -> HttpResponse:
    """The Department's head reads the letter with its lines, and confirms it as a whole, or says why not."""
    letter = _letter(request, pk)
    if refusal := why_not_confirm_past(request.user, letter):
        raise NotAllowed(refusal)
    form = request.desk.shown(ConfirmForm(request.desk.typed, letter=letter))
    is_refused = "refuse" in request.POST
    write = return_past_letter if is_refused else confirm_past_letter
    if _is_written(request, form, lambda: write(letter=letter, actor=request.user, **form.cleaned_data)):
        text = _("Đã trả lại %(letter)s.") if is_refused else _("Đã xác nhận %(letter)s.")
        messages.success(request, text % {"letter": letter})
        return redirect("projects:past_year", letter.plan_id)
    context = {"letter": letter, "plan": letter.plan, "lines": lines_of_past_letter(letter), "form": form}
    return render(request, "projects/past_letter_confirm.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def past_letter_annul(request: SiteRequest, pk: int) -> HttpResponse:
    """The Department's head takes a confirmation back, with all that it brought into the books."""
    letter = _letter(request, pk)
    if refusal := why_not_annul_past(request.user, letter):
        raise NotAllowed(refusal)
    form = request.desk.shown(AnnulForm(request.desk.typed, letter=letter))
    if _is_written(request, form, lambda: annul_past_letter(letter=letter, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("Đã hủy xác nhận %(letter)s.") % {"letter": letter})
        return redirect(letter)
    context = {"letter": letter, "plan": letter.plan, "lines": lines_of_past_letter(letter), "form": form}
    return render(request, "projects/past_letter_annul.html", context, status=422 if form.errors else 200)
