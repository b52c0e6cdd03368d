"""Who may decide a change after approval: the matrix of TT 36/2013/TT-BCT as amended by TT 17/2018/TT-BCT.

The city regulates its own money in the same shape. “The authority that approved” is taken from the letters on
record: a province where the Department approves the city's plan finds its own practice here.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.ledger import Level
from khuyencong.text import inside_sentence
from programmes.models import Authority

CITATION = "TT 36/2013/TT-BCT, TT 17/2018/TT-BCT"


class Change(StrEnum):
    """What a letter changes."""

    MORE_MONEY = "more_money"
    OTHER_CONTENTS = "other_contents"
    NEXT_YEAR = "next_year"
    ADD_PROJECT = "add_project"
    STOP = "stop"
    LESS_MONEY = "less_money"
    PLACE = "place"
    BENEFICIARY = "beneficiary"
    TIME_WITHIN_YEAR = "time_within_year"
    GROUP_PLACE = "group_place"
    GROUP_BENEFICIARY = "group_beneficiary"


LABELS: dict[Change, str | Promise] = {
    Change.MORE_MONEY: _("tăng kinh phí hỗ trợ"),
    Change.OTHER_CONTENTS: _("thay đổi nội dung"),
    Change.NEXT_YEAR: _("kéo dài sang năm sau"),
    Change.ADD_PROJECT: _("bổ sung đề án"),
    Change.STOP: _("ngừng thực hiện đề án"),
    Change.LESS_MONEY: _("giảm kinh phí hỗ trợ"),
    Change.PLACE: _("thay đổi địa bàn"),
    Change.BENEFICIARY: _("thay đổi đơn vị thụ hưởng"),
    Change.TIME_WITHIN_YEAR: _("thay đổi thời gian trong năm"),
    Change.GROUP_PLACE: _("thay đổi địa bàn của đề án nhóm"),
    Change.GROUP_BENEFICIARY: _("thay đổi đơn vị thụ hưởng của đề án nhóm"),
}

# How far down the ladder of the money's level the decision may be taken: 0 is the authority that approved, 1 the
# agency below it; None is the Department, whatever the money.
STEPS_DOWN: dict[Change, int | None] = {
    Change.MORE_MONEY: 0,
    Change.OTHER_CONTENTS: 0,
    Change.NEXT_YEAR: 0,
    Change.ADD_PROJECT: 0,
    Change.STOP: 0,
    Change.LESS_MONEY: 1,
    Change.PLACE: 1,
    Change.BENEFICIARY: 1,
    Change.TIME_WITHIN_YEAR: 1,
    Change.GROUP_PLACE: None,
    Change.GROUP_BENEFICIARY: None,
}
LADDERS: dict[str, tuple[Authority.Level, ...]] = {
    Level.NATIONAL: (Authority.Level.DEPARTMENT, Authority.Level.AGENCY, Authority.Level.CENTRAL),
    Level.CITY: (Authority.Level.DEPARTMENT, Authority.Level.CITY),
}


def allowed_levels(change: Change, level: str, approved_by: str | None = None) -> tuple[Authority.Level, ...]:
    """The levels of authorities that may decide the change of that money.

    ``approved_by`` is the level that approved the plan; when it is not known, the highest of the ladder. A
    Department approves its city's money where the city lets it, and never national money.
    """
    ladder = LADDERS[level]
    is_beyond = level == Level.NATIONAL and approved_by == Authority.Level.DEPARTMENT
    top = ladder.index(Authority.Level(approved_by)) if approved_by in ladder and not is_beyond else len(ladder) - 1
    steps = STEPS_DOWN[change]
    return ladder if steps is None else ladder[max(0, top - steps) :]


def refusal(change: Change, level: str, authority: Authority | None, approved_by: str | None = None) -> str:
    """Why that authority can't decide the change, in words; empty when it can."""
    if authority is None:
        return gettext("Để %(change)s phải ghi rõ cơ quan ban hành văn bản.") % {"change": LABELS[change]}
    allowed = allowed_levels(change, level, approved_by)
    if authority.level in allowed:
        return ""
    return gettext(
        "%(authority)s không đủ thẩm quyền để %(change)s (%(level)s): phải là %(levels)s (%(citation)s)."
    ) % {
        "authority": authority,
        "change": LABELS[change],
        "level": inside_sentence(Level(level).label),
        "levels": gettext(" hoặc ").join(str(one.label) for one in allowed),
        "citation": CITATION,
    }
