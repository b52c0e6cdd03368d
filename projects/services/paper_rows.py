"""A paper as a row: what it says, its page and its file. Who makes it, and whether it may be, was asked before."""

from __future__ import annotations

import hashlib
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import OfficialPaper
from khuyencong.paper.word_paper import word_file
from projects.models import Appraisal, RecordedPaper
from projects.papers.appraisal_sheet import appraisal_paper
from projects.papers.kinds import PAPERS, PaperKind, paper_page
from projects.papers.round_papers import PaperWords
from projects.rules.permissions import RIGHTS
from projects.services.storing import store_new


def keep_appraisal(appraisal: Appraisal) -> RecordedPaper:
    """The sheet of an appraisal is made with it."""
    kind = PAPERS[RecordedPaper.Kind.APPRAISAL]
    return store_paper(kind, appraisal, appraisal_paper(appraisal.sheet), PaperWords(), appraisal.appraiser)


def store_paper(
    kind: PaperKind,
    subject: Any,
    paper: OfficialPaper,
    words: PaperWords,
    actor: User,
    *,
    number: int = 1,
    reason: str = "",
) -> RecordedPaper:
    content = word_file(paper)
    office = kind.office(subject)
    principal = actor.principal_for(office.pk, *RIGHTS[kind.right].roles) if kind.right else None
    return store_new(
        RecordedPaper(
            kind=kind.name,
            organisation=office,
            number=number,
            facts=paper.to_plain(),
            typed=words.to_plain(),
            page=paper_page(paper),
            word=content,
            sha256=hashlib.sha256(content).hexdigest(),
            reason=reason,
            recorded_by=actor,
            on_behalf_of_id=principal,
            **{kind.field: subject},
        )
    )
