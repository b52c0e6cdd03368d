"""Making a paper: what it says and the file are kept, and served again as they are."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import RecordedPaper
from projects.papers.kinds import PAPERS, written_paper
from projects.papers.round_papers import PaperWords
from projects.refusals import Refused
from projects.services.guards import refuse_future, require, require_reason
from projects.services.paper_rows import store_paper


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
    if plain.digest != seen:
        raise Refused(_("Số liệu đã thay đổi từ khi bạn mở trang này. Hãy xem lại rồi lập."), code="changed_meanwhile")
    last = RecordedPaper.objects.made(kind, **{made.field: held}).filter(organisation=office).first()
    if last and last.facts == paper.to_plain():
        raise Refused(_("Giấy tờ này đã được lập đúng như vậy."), code="unchanged")
    if last:
        require_reason(reason, _("Ghi lý do lập lại."))
    return store_paper(made, held, paper, words, actor, number=last.number + 1 if last else 1, reason=reason)
