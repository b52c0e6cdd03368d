"""Papers: as they would be made today, made, and as they were made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.paper.official_paper import OfficialPaper, changed_lines
from khuyencong.requests import SiteRequest
from programmes.models import PlanRound
from projects.forms.fields import opened_anew, show_refusal
from projects.forms.paper import PaperForm
from projects.models import Appraisal, RecordedPaper
from projects.papers.kinds import PAPERS, PaperKind, paper_page, written_paper
from projects.papers.round_papers import PaperWords
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, has
from projects.services.papers import make_paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _kind(name: str) -> PaperKind:
    if name not in PAPERS:
        raise Http404
    return PAPERS[name]


def _subject(request: SiteRequest, kind: PaperKind, pk: int) -> Any:
    return get_object_or_404(kind.model.objects.visible_to(request.user), pk=pk)


@require_safe
def paper(request: SiteRequest, kind: str, pk: int) -> HttpResponse:
    """The last making of the paper; while there is none what it would say today, marked as not made."""
    made = _kind(kind)
    return paper_of(request, made, _subject(request, made, pk))


def paper_of(request: SiteRequest, kind: PaperKind, subject: Any) -> HttpResponse:
    """The same, of a record that is at hand and that the user may see."""
    last = _makings(request, kind, subject).first()
    if last:
        return _detail(request, last)
    now = written_paper(kind, subject, request.user, PaperWords())
    if now is None:
        raise Http404
    can_make = bool(kind.right) and has(request.user, kind.right, kind.office(subject).pk)
    context = {"kind": kind, "subject": subject, "page": paper_page(now), "paper": now, "can_make": can_make}
    return render(request, "projects/paper_preview.html", context | _way_back(subject))


def _makings(request: SiteRequest, kind: PaperKind, subject: Any) -> Any:
    return RecordedPaper.objects.visible_to(request.user).made(kind.name, **{kind.field: subject})


def _way_back(subject: Any) -> dict[str, str]:
    """To the page of the record; of a round to that of its papers."""
    if isinstance(subject, PlanRound):
        return {"back": reverse("projects:round_papers", args=[subject.pk]), "back_label": _("Giấy tờ của đợt")}
    owner = subject.project if isinstance(subject, Appraisal) else subject
    return {"back": owner.get_absolute_url(), "back_label": str(getattr(owner, "label", owner))}


@require_safe
def round_papers(request: SiteRequest, pk: int) -> HttpResponse:
    """The papers with which a round goes up, each with its last making or what it still lacks."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    kinds = [kind for kind in PAPERS.values() if kind.model is PlanRound]
    if not has(request.user, "paper", kinds[0].office(plan_round).pk):
        raise NotAllowed(RIGHTS["paper"].refusal())
    rows = [
        (
            kind,
            _makings(request, kind, plan_round).first(),
            written_paper(kind, plan_round, request.user, PaperWords()) is not None,
        )
        for kind in kinds
    ]
    return render(request, "projects/round_papers.html", {"round": plan_round, "plan": plan_round.plan, "rows": rows})


@keeps_draft
@require_http_methods(["GET", "POST"])
def paper_make(request: SiteRequest, kind: str, pk: int) -> HttpResponse:
    """Makes the paper, for the first time or again with a reason."""
    made = _kind(kind)
    subject = _subject(request, made, pk)
    if not made.right:
        raise Http404
    if not has(request.user, made.right, made.office(subject).pk):
        raise NotAllowed(RIGHTS[made.right].refusal())
    now = written_paper(made, subject, request.user, PaperWords())
    if now is None:
        raise Http404
    last = _makings(request, made, subject).first()
    form = PaperForm(request.desk.typed, kind=made, is_again=last is not None, initial={"seen": now.digest})
    form = request.desk.shown(form)
    if request.method == "POST" and form.is_valid():
        words = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data.get("reason", "")}
        try:
            paper = make_paper(kind=kind, subject=subject, words=form.words, actor=request.user, **words)
        except Refused as refusal:
            show_refusal(form, refusal)
            opened_anew(form, seen=now.digest)
        else:
            messages.success(request, _("Đã lập %(paper)s.") % {"paper": made.label.lower()})
            return redirect(paper)
    context = {"kind": made, "subject": subject, "form": form, "last": last}
    return render(request, "projects/paper_make.html", context | _way_back(subject), status=422 if form.errors else 200)


@require_safe
def paper_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """One making, printed as it was made."""
    return _detail(request, get_object_or_404(RecordedPaper.objects.visible_to(request.user), pk=pk))


def _detail(request: SiteRequest, recorded: RecordedPaper) -> HttpResponse:
    """Beside it what it would say differently today, and its other makings."""
    kind, subject = PAPERS[recorded.kind], recorded.subject
    now = written_paper(kind, subject, request.user, PaperWords.from_plain(recorded.typed))
    context = {
        "recorded": recorded,
        "kind": kind,
        "makings": list(_makings(request, kind, subject)),
        "changes": changed_lines(OfficialPaper.from_plain(recorded.facts), now) if now else [],
        "can_make": bool(kind.right) and has(request.user, kind.right, recorded.organisation_id),
    }
    return render(request, "projects/paper_detail.html", context | _way_back(subject))


@require_safe
def paper_word(request: SiteRequest, pk: int) -> HttpResponse:
    """The Word file that was made, byte by byte."""
    recorded = get_object_or_404(RecordedPaper.objects.visible_to(request.user), pk=pk)
    name = f"{slugify(recorded.get_kind_display())}-{recorded.pk}.docx"
    answer = HttpResponse(bytes(recorded.word), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
