"""The importer's pages: bring a list, say how it is to be read, confirm what becomes of it, take it back."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.models import Organisation
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest, page_or_part
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.importing.annotated import annotated_copy
from projects.importing.finding import of_one_form
from projects.importing.forms import AnswersForm, BringForm, ColumnsForm, EraseForm, SheetForm
from projects.importing.kinds import KINDS
from projects.importing.law import warned_rows
from projects.importing.layout.headers import table_at
from projects.importing.models import ImportBatch
from projects.importing.pages import (
    PLACES,
    chips,
    letters_waiting,
    offices_for,
    records_written,
    rows_read,
    rows_shown,
    sum_lines,
    understood_words,
    way_back,
    why_not_read_file,
    why_not_write_list,
)
from projects.importing.proposals import RowState
from projects.importing.services.batches import (
    answer_batch,
    bring_file,
    bring_pasted,
    drop_batch,
    erase_file,
    hindrance_to_taking_back,
    lay_out_batch,
    take_back_batch,
    why_not_erase,
    write_batch,
)
from projects.importing.so_far import SoFar
from projects.importing.understanding import UnderstoodList, understand_list
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, why_not_write_plan
from projects.services.guards import require

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """A file or pasted rows for the plan; the batch's page then asks what is open."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    if refusal := why_not_write_plan(request.user, plan, "write"):
        raise NotAllowed(refusal)
    posted = request.method == "POST"
    form = request.desk.shown(BringForm(request.desk.typed, request.FILES if posted else None))
    if request.method == "POST" and form.is_valid():
        try:
            return _brought(request, _bring(request, plan, form))
        except Refused as problem:
            show_refusal(form, problem)
    context = {
        "plan": plan,
        "form": form,
        "kinds": [one for one in KINDS.values() if one.is_of_plan],
        "batches": ImportBatch.objects.visible_to(request.user).of_plan(plan).for_list()[:10],
    }
    return render(request, "importing/bring.html", context, status=422 if form.errors else 200)


def _bring(request: SiteRequest, plan: AnnualPlan, form: BringForm) -> ImportBatch:
    kind = form.cleaned_data["kind"]
    if file := form.cleaned_data["file"]:
        return bring_file(plan=plan, kind=kind, name=file.name or "", content=file.read(), actor=request.user)
    return bring_pasted(plan=plan, kind=kind, text=form.cleaned_data["pasted"], actor=request.user)


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_firms(request: SiteRequest) -> HttpResponse:
    """A list for the registry of the province."""
    return _bring_list(request, "firms")


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_organisations(request: SiteRequest) -> HttpResponse:
    """A list of the organisations below what the user administers."""
    return _bring_list(request, "organisations")


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_units(request: SiteRequest) -> HttpResponse:
    """A list of the administrative units of the province in which the user administers."""
    return _bring_list(request, "units")


def _bring_list(request: SiteRequest, kind: str) -> HttpResponse:
    """A list that belongs to no plan; ``?organisation=`` names one of several for which the user may bring it."""
    offices = offices_for(request.user, kind)
    if not offices:
        raise NotAllowed(RIGHTS[KINDS[kind].right].refusal())
    office = next((one for one in offices if one.code == request.GET.get("organisation")), offices[0])
    posted = request.method == "POST"
    form = request.desk.shown(BringForm(request.desk.typed, request.FILES if posted else None, is_of_plan=False))
    if posted and form.is_valid():
        try:
            return _brought(request, _bring_for(request, office, kind, form))
        except Refused as problem:
            show_refusal(form, problem)
    context = {
        "office": office,
        "offices": offices if len(offices) > 1 else [],
        "form": form,
        "kinds": [KINDS[kind]],
        "place": PLACES[kind],
        "batches": ImportBatch.objects.visible_to(request.user).of_no_plan(office, kind).for_list()[:10],
    }
    return render(request, f"importing/bring_{kind}.html", context, status=422 if form.errors else 200)


def _brought(request: SiteRequest, batch: ImportBatch) -> HttpResponse:
    """Says so: what is answered without a word is kept as a draft by the page that sent it."""
    messages.success(request, _("Đã đọc “%(file)s”, chưa ghi gì.") % {"file": batch.file_name})
    return redirect(batch)


def _bring_for(request: SiteRequest, office: Organisation, kind: str, form: BringForm) -> ImportBatch:
    user = request.user
    if file := form.cleaned_data["file"]:
        name, content = file.name or "", file.read()
        return bring_file(plan=None, kind=kind, name=name, content=content, actor=user, organisation=office)
    text = form.cleaned_data["pasted"]
    return bring_pasted(plan=None, kind=kind, text=text, actor=user, organisation=office)


def _batch(request: SiteRequest, pk: int, *, to_write: bool = False) -> ImportBatch:
    """One that the user sees; ``to_write``: raises NotAllowed unless the user may write such a list."""
    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "plan__organisation__parent__parent__parent",
        "organisation__parent__parent__parent",
        "created_by",
        "erased_by",
    )
    one = get_object_or_404(batches, pk=pk)
    if to_write and (refusal := why_not_write_list(request.user, one)):
        raise NotAllowed(refusal)
    return one


@require_http_methods(["GET", "POST"])
def batch(request: SiteRequest, pk: int) -> HttpResponse:
    """How the list is understood, what it leaves open, and each row as what it becomes; sent, it keeps the answers and
    writes where that is asked for."""
    one = _batch(request, pk, to_write=request.method == "POST")
    if not one.is_open:
        return _over(request, one)
    understood = understand_list(one, request.user)
    if understood.proposal is None:
        return redirect("importing:columns", pk)
    form = AnswersForm(request.POST or None, proposal=understood.proposal, version=one.version)
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, one, form)
        except Refused as problem:
            messages.error(request, str(problem))
            return redirect(one)
    return _confirming(request, one, understood, form)


def _answered(request: SiteRequest, one: ImportBatch, form: AnswersForm) -> HttpResponse:
    one = answer_batch(batch=one, answers=form.answers, version=form.cleaned_data["version"], actor=request.user)
    if "write" not in request.POST:
        return redirect(one)
    if form.corrects:
        messages.warning(request, _("Lựa chọn đã sửa được lưu, chưa nhập: hãy xem lại kết quả rồi bấm nhập."))
        return redirect(one)
    with SoFar(one) as figures:
        try:
            written = write_batch(batch=one, version=one.version, actor=request.user, told=figures.tell)
        except Refused as problem:
            if problem.code != "open":
                raise
            messages.warning(request, _("Còn mục chưa chọn, nên chưa nhập."))
            return redirect(one)
    count = figures.total
    messages.success(request, _("Đã nhập %(count)s dòng từ “%(file)s”.") % {"count": count, "file": written.file_name})
    if left := len(written.left_out):
        said = ngettext("Còn %(count)d dòng không nhập.", "Còn %(count)d dòng không nhập.", left)
        messages.warning(request, said % {"count": left})
    return redirect(written)


@require_safe
def so_far(request: SiteRequest, pk: int) -> HttpResponse:
    """How many rows of the list are written now, which its page asks while it waits; nothing while nobody writes it."""
    figures = SoFar(_batch(request, pk, to_write=True)).read()
    if figures is None:
        return JsonResponse({})
    done, total = figures
    shown = {"done": number_format(done, force_grouping=True), "total": number_format(total, force_grouping=True)}
    return JsonResponse({"done": done, "total": total, "words": _("Đã ghi %(done)s / %(total)s dòng") % shown})


def _confirming(request: SiteRequest, one: ImportBatch, understood: UnderstoodList, form: AnswersForm) -> HttpResponse:
    shown = next((state for state in RowState if state.value == request.GET.get("show")), None)
    rows = Paginator(rows_shown(understood, shown), PAGE_SIZE).get_page(request.GET.get("page"))
    proposal = understood.proposal
    counts = proposal.counts if proposal else {}
    place = PLACES.get(one.kind)
    by_key = {column.key: column for column in understood.kind.columns}
    columns = [by_key[key] for key in understood.kind.shown]
    context = {
        "batch": one,
        "can_write": not why_not_write_list(request.user, one),
        "can_read_file": not why_not_read_file(request.user, one),
        "has_remarks": any(row.wrong or row.notes for row in proposal.rows) if proposal else False,
        "understood": understood,
        "words": understood_words(understood),
        "proposal": proposal,
        "answers": form,
        "chips": chips(understood, shown),
        "shown": shown,
        "page_obj": rows,
        "columns": [one for one in columns if any(row.values.get(one.key) is not None for row in rows)],
        "sums": sum_lines(understood),
        "count": proposal.to_write if proposal else 0,
        "place": place,
        "left": counts.get(RowState.WRONG, 0) + counts.get(RowState.LEFT, 0),
        "same": ImportBatch.objects.with_same_content(one).for_list().first(),
    }
    return render(request, "importing/batch.html", context, status=422 if form.errors else 200)


def _over(request: SiteRequest, one: ImportBatch) -> HttpResponse:
    """What a batch became that is written, taken back or dropped."""
    if request.method == "POST":
        messages.info(request, _("Lần nhập này đã kết thúc: %(stage)s.") % {"stage": one.get_stage_display()})
        return redirect(one)
    place = PLACES.get(one.kind)
    is_read = one.stage == ImportBatch.Stage.WRITTEN and place is not None and place.is_administered
    listed = rows_read(one, request.user) if is_read else records_written(one)
    rows = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "batch": one,
        "page_obj": rows,
        "is_read": is_read,
        "place": place,
        "letters": letters_waiting(one),
        "has_file": bool(one.file) and not why_not_read_file(request.user, one),
        "can_erase": not why_not_erase(request.user, one),
        "can_write": one.stage == ImportBatch.Stage.WRITTEN and not why_not_write_list(request.user, one),
        "can_take_back": not hindrance_to_taking_back(request.user, one),
    }
    return render(request, "importing/written.html", context)


@require_http_methods(["GET", "POST"])
def columns(request: SiteRequest, pk: int) -> HttpResponse:
    """Which sheet, which header rows, which column holds what; the choice is remembered for lists under these
    headings."""
    one = _batch(request, pk, to_write=True)
    if not one.is_open:
        return redirect(one)
    understood = understand_list(one, request.user)
    names = [sheet.name for sheet in understood.sheets if sheet.rows]
    sheets = SheetForm(request.GET if "sheet" in request.GET else None, names=names)
    table = None if sheets.is_bound else understood.table
    if sheets.is_bound and sheets.is_valid():
        sheet = next(sheet for sheet in understood.sheets if sheet.name == sheets.cleaned_data["sheet"])
        table = table_at(sheet, sheets.cleaned_data["top"], sheets.cleaned_data["bottom"], understood.kind.columns)
    form = None
    if table is not None:
        if not sheets.is_bound:
            sheets.initial = {"sheet": table.sheet.name, "top": table.top, "bottom": table.bottom}
        form = ColumnsForm(
            request.POST or None,
            kind=understood.kind,
            table=table,
            version=one.version,
            alike=of_one_form(table, understood.kind, understood.sheets),
            taken=[other.sheet.name for other in understood.tables],
        )
        if request.method == "POST" and form.is_valid():
            try:
                version = form.cleaned_data["version"]
                lay_out_batch(batch=one, layout=form.layout, version=version, actor=request.user)
                return redirect(one)
            except Refused as problem:
                show_refusal(form, problem)
    context = {"batch": one, "sheets": sheets, "chosen": form, "table": table, "kind": understood.kind}
    return render(request, "importing/columns.html", context, status=422 if form is not None and form.errors else 200)


@require_safe
def law(request: SiteRequest, pk: int) -> HttpResponse:
    """What the law says of the projects that the list would write; the batch's page fetches it once it is shown."""
    one = _batch(request, pk, to_write=True)
    if not one.is_open:
        return redirect(one)
    understood = understand_list(one, request.user)
    try:
        groups, refusal = warned_rows(understood, request.user), None
    except Refused as problem:
        groups, refusal = [], problem
    context = {"batch": one, "understood": understood, "proposal": understood.proposal}
    context |= {"groups": groups, "refusal": refusal}
    return render(request, page_or_part(request, "importing/law.html", "found"), context)


@require_POST
def drop(request: SiteRequest, pk: int) -> HttpResponse:
    """Gives up a list of which nothing was written."""
    one = _batch(request, pk, to_write=True)
    try:
        drop_batch(batch=one, actor=request.user)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect(one)
    messages.success(request, _("Đã bỏ tệp “%(file)s”; chưa có gì được ghi.") % {"file": one.file_name})
    return redirect(way_back(one))


@require_http_methods(["GET", "POST"])
def take_back(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what taking the list back does, and does it."""
    one = _batch(request, pk, to_write=True)
    why_not = hindrance_to_taking_back(request.user, one)
    if request.method == "POST" and not why_not:
        try:
            take_back_batch(batch=one, actor=request.user)
        except Refused as problem:
            why_not = str(problem)
        else:
            messages.success(request, _("Đã rút lại lần nhập từ “%(file)s”.") % {"file": one.file_name})
            return redirect(one)
    written = one.rows.written()
    context = {"batch": one, "why_not": why_not, "added": written.added(), "changed": written.changed()}
    return render(request, "importing/take_back.html", context, status=422 if request.method == "POST" else 200)


def _batch_with_file(request: SiteRequest, pk: int) -> ImportBatch:
    """Raises NotAllowed unless the user may have the file of the list."""
    one = _batch(request, pk)
    if refusal := why_not_read_file(request.user, one):
        raise NotAllowed(refusal)
    return one


@require_safe
def source_file(request: SiteRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought."""
    one = _batch_with_file(request, pk)
    try:
        if not one.file:
            raise FileNotFoundError  # pasted rows never were a file
        return FileResponse(one.file.open("rb"), as_attachment=True, filename=one.file_name)
    except FileNotFoundError:
        messages.error(request, _("Lần nhập này không có tệp gốc trên máy chủ."))
        return redirect(one)


@keeps_draft
@require_http_methods(["GET", "POST"])
def erase(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what erasing the file does, and does it for a reason."""
    one = _batch(request, pk)
    require(request.user, "erase", one.organisation_id)
    why_not = why_not_erase(request.user, one)
    form = request.desk.shown(EraseForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            erase_file(batch=one, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, _("Đã xóa tệp gốc “%(file)s”.") % {"file": one.file_name})
            return redirect(one)
    context = {"batch": one, "form": form, "why_not": why_not}
    return render(request, "importing/erase.html", context, status=422 if form.errors else 200)


@require_safe
def annotated(request: SiteRequest, pk: int) -> HttpResponse:
    """The file with its faulty cells coloured and commented."""
    one = _batch_with_file(request, pk)
    name = f"{PurePath(one.file_name).stem} – ghi chú lỗi.xlsx"
    response = HttpResponse(annotated_copy(one, understand_list(one, request.user)), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
