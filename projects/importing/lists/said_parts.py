"""What the words of rows become in a project: its kind, its area, and those who are helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from khuyencong.firm_names import short_name
from programmes.models import AdminUnit, AnnualPlan
from projects.importing.lists.plan_words import RowWords
from projects.importing.matching.firms import Firm
from projects.models import Beneficiary, Project
from projects.services.project_parts import SupportInput


def kind_said(all_words: Sequence[RowWords]) -> str:
    """By who is helped: none, one establishment, or a group."""
    helped = [one for words in all_words for one in words.parties_helped]
    if not helped:
        return Project.Kind.TASK
    parties = {one.firm.pk if one.firm else id(one.new_firm) for one in helped}  # rows of one merged cell repeat it
    return Project.Kind.GROUP if len(parties) > 1 or helped[0].group else Project.Kind.SINGLE


def names_helped(all_words: Sequence[RowWords]) -> str:
    """Who is helped, as names are compared; empty for a task."""
    return "; ".join(sorted({short_name(one.name) for words in all_words for one in words.parties_helped}))


def scope_said(all_words: Sequence[RowWords]) -> str:
    """The whole city where any of the rows says so, else the units that they name."""
    if any(one.is_whole for one in all_words):
        return Project.AreaScope.WHOLE_CITY
    return Project.AreaScope.UNITS if any(one.places for one in all_words) else Project.AreaScope.NOT_FIXED


def places_said(all_words: Sequence[RowWords]) -> list[AdminUnit]:
    """Each once, in the order of the rows."""
    return list(dict.fromkeys(place for words in all_words for place in words.places))


class HelpedWriter:
    """Those who are helped by the projects of one list; one object for each establishment, whichever rows mean it."""

    def __init__(self, plan: AnnualPlan) -> None:
        self.province = plan.organisation.province()
        self.firms: dict[int, Beneficiary] = {}  # by the establishment of the list

    def supports(self, all_words: Sequence[RowWords]) -> list[SupportInput]:
        supports: dict[Any, SupportInput] = {}
        for words in all_words:
            for one in words.parties_helped:
                if one.firm is not None:
                    supports[one.firm.pk] = SupportInput(beneficiary=one.firm)
                elif one.new_firm is not None:
                    firm = self._beneficiary(one.new_firm, one.new_type, words)
                    is_new = firm.pk is None
                    supports[id(firm)] = (
                        SupportInput(new_beneficiary=firm) if is_new else SupportInput(beneficiary=firm)
                    )
                elif one.group:
                    supports[one.group] = SupportInput(group_description=one.group)
        return list(supports.values())

    def _beneficiary(self, firm: Firm, kind: str, words: RowWords) -> Beneficiary:
        if id(firm) not in self.firms:
            about = {"unit": words.places[0] if len(words.places) == 1 else None, **self.more(firm)}
            self.firms[id(firm)] = Beneficiary(
                province=self.province, name=firm.name, type=kind, tax_code=firm.tax_code, **about
            )
        return self.firms[id(firm)]

    def more(self, firm: Firm) -> dict[str, Any]:
        """What the file says of an establishment beside the list; its unit else is where its first row places it."""
        return {}
