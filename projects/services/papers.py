"""Making a paper: what it says and the file are kept, and served again as they are."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import OfficialPaper
from khuyencong.paper.word_paper import word_file
from projects.models import Appraisal, RecordedPaper
from projects.papers.appraisal_sheet import appraisal_paper
from projects.papers.kinds import PAPERS, PaperKind, paper_page, written_paper
from projects.papers.round_papers import PaperWords
from projects.refusals import Refused
from projects.services.guards import refuse_future, require
from projects.services.storing import store_new


@transaction.atomic
def make_paper(
    *, kind: str, subject: Any, words: PaperWords, seen: str, reason: str = "", actor: User
) -> RecordedPaper:
    """Keeps the paper as it is now. ``seen`` is the digest of what the actor saw of it without the words typed for it.

    Also after its year: it changes no figure. Raises NotAllowed, FutureDate, or Refused: for a kind that is made with
    its record, where nothing is there to say, where it changed meanwhile, without a reason for a second making, or
    where it says what the last one says; then nothing is written.
    """
    made = PAPERS.get(kind)
    if made is None or not made.right or not isinstance(subject, made.model):
        raise Refused(_("Loại giấy tờ này không lập riêng."), code="kind")
    held = made.model._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    office = made.office(held)
    require(actor, made.right, office.pk)
    refuse_future(words.dated_on, "dated_on")
    plain, paper = (written_paper(made, held, actor, one) for one in (PaperWords(), words))
    if plain is None or paper is None:
        raise Refused(_("Chưa có số liệu để lập giấy tờ này."), code="nothing")
    if paper_digest(plain) != seen:
        raise Refused(_("Số liệu đã thay đổi từ khi bạn mở trang này. Hãy xem lại rồi lập."), code="changed_meanwhile")
    last = RecordedPaper.objects.made(kind, **{made.field: held}).filter(organisation=office).first()
    if last and last.facts == paper.to_plain():
        raise Refused(_("Giấy tờ này đã được lập đúng như vậy."), code="unchanged")
    if last and not reason.strip():
        raise Refused({"reason": _("Ghi lý do lập lại.")}, code="no_reason")
    return _store(made, held, paper, words, actor, number=last.number + 1 if last else 1, reason=reason)


def keep_appraisal(appraisal: Appraisal) -> RecordedPaper:
    """The sheet of an appraisal is made with it."""
    kind = PAPERS[RecordedPaper.Kind.APPRAISAL]
    return _store(kind, appraisal, appraisal_paper(appraisal.sheet), PaperWords(), appraisal.appraiser)


def paper_digest(paper: OfficialPaper) -> str:
    """Of all that it says."""
    return hashlib.sha256("\n".join(paper.lines()).encode()).hexdigest()


def _store(
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
    return store_new(
        RecordedPaper(
            kind=kind.name,
            organisation=kind.office(subject),
            number=number,
            facts=paper.to_plain(),
            typed=words.to_plain(),
            page=paper_page(paper),
            word=content,
            sha256=hashlib.sha256(content).hexdigest(),
            reason=reason,
            recorded_by=actor,
            **{kind.field: subject},
        )
    )
