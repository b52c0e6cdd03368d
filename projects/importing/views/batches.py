"""A list from its reading to its records: its columns, what is open, what it writes, given up and taken back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.requests import SiteRequest, page_or_part
from projects.forms.fields import show_refusal
from projects.importing.finding import of_one_form
from projects.importing.forms import AnswersForm, ColumnsForm, SheetForm
from projects.importing.law import warned_rows
from projects.importing.layout.headers import table_at
from projects.importing.models import ImportBatch
from projects.importing.pages import (
    PLACES,
    chips,
    letters_waiting,
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
    drop_batch,
    hindrance_to_taking_back,
    lay_out_batch,
    take_back_batch,
    why_not_erase,
    write_batch,
)
from projects.importing.so_far import SoFar
from projects.importing.understanding import UnderstoodList, understand_list
from projects.importing.views.held import batch_of
from projects.refusals import Refused

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def batch(request: SiteRequest, pk: int) -> HttpResponse:
    """How the list is understood, what it leaves open, and each row as what it becomes; sent, it keeps the answers and
    writes where that is asked for."""
    one = batch_of(request, pk, to_write=request.method == "POST")
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
    figures = SoFar(batch_of(request, pk, to_write=True)).read()
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
    one = batch_of(request, pk, to_write=True)
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
    one = batch_of(request, pk, to_write=True)
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
    one = batch_of(request, pk, to_write=True)
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
    one = batch_of(request, pk, to_write=True)
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
