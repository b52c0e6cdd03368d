"""Who may decide a change after approval: the matrix of TT 36/2013/TT-BCT as amended by TT 17/2018/TT-BCT.

The city regulates its own money in the same shape. “The authority that approved” is taken from the letters on
record: a province where the Department approves the city's plan finds its own practice here.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.funding import FundingLevel
from khuyencong.text import inside_sentence
from programmes.models import Authority

CITATION = "TT 36/2013/TT-BCT, TT 17/2018/TT-BCT"


class LetterChange(StrEnum):
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


LABELS: dict[LetterChange, str | Promise] = {
    LetterChange.MORE_MONEY: _("tăng kinh phí hỗ trợ"),
    LetterChange.OTHER_CONTENTS: _("thay đổi nội dung"),
    LetterChange.NEXT_YEAR: _("kéo dài sang năm sau"),
    LetterChange.ADD_PROJECT: _("bổ sung đề án"),
    LetterChange.STOP: _("ngừng thực hiện đề án"),
    LetterChange.LESS_MONEY: _("giảm kinh phí hỗ trợ"),
    LetterChange.PLACE: _("thay đổi địa bàn"),
    LetterChange.BENEFICIARY: _("thay đổi đơn vị thụ hưởng"),
    LetterChange.TIME_WITHIN_YEAR: _("thay đổi thời gian trong năm"),
    LetterChange.GROUP_PLACE: _("thay đổi địa bàn của đề án nhóm"),
    LetterChange.GROUP_BENEFICIARY: _("thay đổi đơn vị thụ hưởng của đề án nhóm"),
}

# How far down the ladder of the money's level the decision may be taken: 0 is the authority that approved, 1 the
# agency below it; None is the Department, whatever the money.
STEPS_DOWN: dict[LetterChange, int | None] = {
    LetterChange.MORE_MONEY: 0,
    LetterChange.OTHER_CONTENTS: 0,
    LetterChange.NEXT_YEAR: 0,
    LetterChange.ADD_PROJECT: 0,
    LetterChange.STOP: 0,
    LetterChange.LESS_MONEY: 1,
    LetterChange.PLACE: 1,
    LetterChange.BENEFICIARY: 1,
    LetterChange.TIME_WITHIN_YEAR: 1,
    LetterChange.GROUP_PLACE: None,
    LetterChange.GROUP_BENEFICIARY: None,
}
LADDERS: dict[str, tuple[Authority.Level, ...]] = {
    FundingLevel.NATIONAL: (Authority.Level.DEPARTMENT, Authority.Level.AGENCY, Authority.Level.CENTRAL),
    FundingLevel.CITY: (Authority.Level.DEPARTMENT, Authority.Level.CITY),
}


def allowed_levels(change: LetterChange, level: str, approved_by: str | None = None) -> tuple[Authority.Level, ...]:
    """The levels of authorities that may decide the change of that money.

    ``approved_by`` is the level that approved the plan; when it is not known, the highest of the ladder. A
    Department approves its city's money where the city lets it, and never national money.
    """
    ladder = LADDERS[level]
    is_beyond = level == FundingLevel.NATIONAL and approved_by == Authority.Level.DEPARTMENT
    top = ladder.index(Authority.Level(approved_by)) if approved_by in ladder and not is_beyond else len(ladder) - 1
    steps = STEPS_DOWN[change]
    return ladder if steps is None else ladder[max(0, top - steps) :]


def refusal(change: LetterChange, level: str, authority: Authority | None, approved_by: str | None = None) -> str:
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
        "level": inside_sentence(FundingLevel(level).label),
        "levels": gettext(" hoặc ").join(str(one.label) for one in allowed),
        "citation": CITATION,
    }
