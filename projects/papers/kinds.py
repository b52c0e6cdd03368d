"""Every kind of paper in one table: of which record it is, which right makes it, what is typed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from khuyencong.accounts.models import Organisation, User
from khuyencong.paper.official_paper import OfficialPaper
from programmes.models import Decision, PlanRound
from projects.models import Appraisal, Project, RecordedPaper, Voucher
from projects.papers.appraisal_sheet import appraisal_paper, appraisal_sheet
from projects.papers.form_one import form_one_paper
from projects.papers.letter_papers import appendix_paper, approved_list_paper
from projects.papers.payment_request import request_paper
from projects.papers.round_papers import (
    PaperWords,
    draft_decision_paper,
    minutes_paper,
    submission_paper,
    summary_paper,
)

KIND = RecordedPaper.Kind
HEAD = ("number", "dated_on")
Write = Callable[[Any, User, PaperWords], OfficialPaper | None]


@dataclass(frozen=True)
class PaperKind:
    """``write`` gives the paper as it would be today, None where there is nothing for it to say; ``asks`` names the
    fields of :class:`PaperWords` that it prints. ``office`` is whose paper it is. ``right`` is empty for a paper that
    is made with its record."""

    name: KIND
    model: type[Any]
    office: Callable[[Any], Organisation]
    write: Write
    right: str = ""
    asks: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(self.name.label)

    @property
    def field(self) -> str:
        """By which a recorded paper names the record."""
        return {
            Appraisal: "appraisal",
            Decision: "decision",
            Project: "project",
            Voucher: "voucher",
            PlanRound: "round",
        }[self.model]


def office_of_round(plan_round: PlanRound) -> Organisation:
    """Who appraises it."""
    organisation = plan_round.plan.organisation
    return organisation.parent or organisation


def _of_appraisal(appraisal: Appraisal) -> Organisation:
    organisation = appraisal.project.organisation
    return organisation.parent or organisation


def _appraisal_today(appraisal: Appraisal, user: User) -> OfficialPaper:
    """What the reviewer concluded, over the project as it stands now."""
    return appraisal_paper(
        appraisal.sheet | appraisal_sheet(appraisal.round, appraisal.project, on=appraisal.appraised_on)
    )


def _without_words(write: Callable[[Any, User], OfficialPaper | None]) -> Write:
    return lambda subject, user, words: write(subject, user)


PAPERS: dict[str, PaperKind] = {
    kind.name: kind
    for kind in (
        PaperKind(KIND.APPRAISAL, Appraisal, _of_appraisal, _without_words(_appraisal_today)),
        PaperKind(KIND.APPENDIX, Decision, lambda one: one.organisation, _without_words(appendix_paper), "decide"),
        PaperKind(
            KIND.APPROVED_LIST, Decision, lambda one: one.organisation, _without_words(approved_list_paper), "decide"
        ),
        PaperKind(KIND.REQUEST, Voucher, lambda one: one.organisation, _without_words(request_paper), "pay"),
        PaperKind(KIND.ESTIMATE, Project, lambda one: one.organisation, form_one_paper, "write", ("dated_on",)),
        PaperKind(KIND.SUMMARY, PlanRound, office_of_round, summary_paper, "paper", ("dated_on",)),
        PaperKind(KIND.MINUTES, PlanRound, office_of_round, minutes_paper, "paper", (*HEAD, "members")),
        PaperKind(KIND.SUBMISSION, PlanRound, office_of_round, submission_paper, "paper", HEAD),
        PaperKind(
            KIND.DRAFT_DECISION, PlanRound, office_of_round, draft_decision_paper, "paper", ("number", "dated_on")
        ),
    )
}


def written_paper(kind: PaperKind, subject: Any, user: User, words: PaperWords) -> OfficialPaper | None:
    """As it would be made now, in Vietnamese whatever the page's language."""
    with override("vi"):
        return kind.write(subject, user, words)


def paper_page(paper: OfficialPaper) -> str:
    """What is printed of it, without the frame of the site."""
    with override("vi"):
        return render_to_string("documents/paper.html", {"paper": paper})
