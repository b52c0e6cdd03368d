"""Who may decide a change after approval, by the rules of the letter's day (field-rules §3).

National money goes by TT 36/2013/TT-BCT from 10/02/2014; a province rules its own and adds its rows. Where no rule is
known nothing is refused: the letter is recorded, and its page says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.funding import FundingLevel
from khuyencong.text import inside_sentence
from programmes.models import Authority, DeciderRule
from programmes.models.dated import is_in_force
from projects.models import Project

LetterChange = DeciderRule.Change
# Who it would have to be, as the words of a refusal name them.
DECIDERS: dict[str, str | Promise] = {
    Authority.Level.CENTRAL: _("Bộ Công Thương"),
    Authority.Level.AGENCY: _("Cục thuộc Bộ Công Thương"),
    Authority.Level.CITY: _("Ủy ban nhân dân tỉnh, thành phố"),
    Authority.Level.DEPARTMENT: _("Sở"),
}

# Of a province that is a city, and of one that is not.
PEOPLES_COMMITTEES = {True: _("Ủy ban nhân dân thành phố"), False: _("Ủy ban nhân dân tỉnh")}


class DeciderBook:
    """The rules for the money of one province, asked by change, level and day."""

    def __init__(self, rules: Iterable[DeciderRule]) -> None:
        # The province's own comes last, and of each the one that began later.
        self._rules = list(rules)

    def find(self, change: str, level: str, on: dt.date) -> DeciderRule | None:
        return next(
            (
                rule
                for rule in reversed(self._rules)
                if (rule.change, rule.funding_level) == (change, level) and is_in_force(rule, on)
            ),
            None,
        )


def decider_book(province: Organisation) -> DeciderBook:
    return DeciderBook(DeciderRule.objects.for_province(province))


def refusal(change: LetterChange, level: str, authority: Authority | None, rule: DeciderRule | None) -> str:
    """Why that authority can't decide the change, in words; empty when it can or no rule is known."""
    if authority is None:
        return gettext("Để %(change)s phải ghi rõ cơ quan ban hành văn bản.") % {"change": change.label}
    if rule is None or authority.level in rule.levels:
        return ""
    return gettext(
        "%(authority)s không đủ thẩm quyền để %(change)s (%(level)s): phải do %(levels)s quyết định%(citation)s."
    ) % {
        "authority": authority,
        "change": change.label,
        "level": inside_sentence(FundingLevel(level).label),
        "levels": gettext(" hoặc ").join(_decider(one, rule.province or authority.province) for one in rule.levels),
        "citation": f" ({rule.citation})" if rule.citation else "",
    }


def _decider(level: str, province: Organisation | None) -> str:
    """As a refusal names it; the People's Committee is that of a city where the province is one."""
    if level == Authority.Level.CITY and province:
        return str(PEOPLES_COMMITTEES[province.is_city])
    return str(DECIDERS[level])


def unruled(change: LetterChange, level: str, on: dt.date) -> str:
    """That nobody knows who had to decide it, so that the letter stands as its authority issued it."""
    return gettext(
        "Chưa ghi nhận quy định nào về thẩm quyền %(change)s (%(level)s) vào ngày %(on)s; văn bản được ghi "
        "nhận theo cơ quan đã ban hành. Hãy đối chiếu với quy định của tỉnh, thành phố."
    ) % {"change": change.label, "level": inside_sentence(FundingLevel(level).label), "on": f"{on:%d/%m/%Y}"}


def adjusted_changes(
    project: Project, before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str], plan_year: int
) -> Iterator[LetterChange]:
    """What the rules call an adjustment, by the texts before and after it and the fields that differ.

    ``plan_year`` is that of the project's latest plan.
    """
    is_group = project.kind == Project.Kind.GROUP
    if {"places", "area_scope"} & set(changed):
        yield LetterChange.GROUP_PLACE if is_group else LetterChange.PLACE
    if "supports" in changed:
        yield LetterChange.GROUP_BENEFICIARY if is_group else LetterChange.BENEFICIARY
    if {"start_on", "end_on"} & set(changed):
        last_year = max([plan_year, *_years(before)])
        is_longer = any(year > last_year for year in _years(after))
        yield LetterChange.NEXT_YEAR if is_longer else LetterChange.TIME_WITHIN_YEAR


def _years(text: Mapping[str, Any]) -> list[int]:
    return [dt.date.fromisoformat(text[name]).year for name in ("start_on", "end_on") if text[name]]
