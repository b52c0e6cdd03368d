"""Whether place and contents may be supported on a day; what can't be told says “chưa kiểm được”.

Nothing here asks the database: the rules come from :mod:`projects.rules.warning_facts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.text import inside_sentence
from programmes.models import AdminUnit, EligibilityRule
from programmes.models.dated import is_in_force
from projects.models import Project, ProjectComponent

PLACE, COUNTERPART = EligibilityRule.Subject.PLACE, EligibilityRule.Subject.COUNTERPART


@dataclass(frozen=True)
class PlaceAnswer:
    """What the rules of the day say of one place; without a rule it can't be told."""

    unit: AdminUnit
    answer: EligibilityRule.Answer
    rule: EligibilityRule | None
    on: dt.date

    @property
    def citation(self) -> str:
        return self.rule.citation if self.rule else ""

    @property
    def text(self) -> str:
        said = {"place": inside_sentence(self.unit.full_name), "on": f"{self.on:%d/%m/%Y}"}
        said["why"] = f" ({self.rule.explanation})" if self.rule and self.rule.explanation else ""
        if self.answer == EligibilityRule.Answer.NOT_ELIGIBLE:
            return _("Địa bàn %(place)s không thuộc diện hỗ trợ ngày %(on)s%(why)s.") % said
        if self.rule is None:
            return _("Địa bàn %(place)s: chưa kiểm được, chưa có quy định cho loại địa bàn này ngày %(on)s.") % said
        return _("Địa bàn %(place)s: chưa kiểm được ngày %(on)s%(why)s.") % said


def judge_places(project: Project, rules: Iterable[EligibilityRule], on: dt.date) -> list[PlaceAnswer]:
    """The places of the project that are not plainly eligible. The whole city, or none fixed yet: nothing to check."""
    if project.area_scope != Project.AreaScope.UNITS:
        return []
    by_kind = {rule.unit_kind: rule for rule in rules_on(rules, PLACE, on)}
    answers = (_place_answer(project, unit, by_kind.get(unit.kind), on) for unit in project.places.all())
    return [one for one in answers if one.answer != EligibilityRule.Answer.ELIGIBLE]


def _place_answer(project: Project, unit: AdminUnit, rule: EligibilityRule | None, on: dt.date) -> PlaceAnswer:
    if rule is None:
        return PlaceAnswer(unit, EligibilityRule.Answer.UNCHECKED, None, on)
    answer = EligibilityRule.Answer(rule.answer)
    if answer == EligibilityRule.Answer.NOT_ELIGIBLE and _is_excepted(project, rule):
        answer = EligibilityRule.Answer.ELIGIBLE
    return PlaceAnswer(unit, answer, rule, on)


def _is_excepted(project: Project, rule: EligibilityRule) -> bool:
    """A recognised craft village among those who are helped, or the content that the rule lets through."""
    if rule.allows_craft_village and any(
        support.beneficiary and support.beneficiary.craft_village for support in project.supports.all()
    ):
        return True
    codes = {component.norm.code for component in project.components.all() if component.norm}
    return bool(rule.allowed_norm_code) and rule.allowed_norm_code in codes


def rules_on(rules: Iterable[EligibilityRule], subject: str, on: dt.date) -> list[EligibilityRule]:
    return [rule for rule in rules if rule.subject == subject and is_in_force(rule, on)]


def content_problem(component: ProjectComponent, on: dt.date) -> str:
    """Why the content may not be supported on that day: its decree is not in force. Empty when it is."""
    regulation = component.activity_type.regulation
    said = {"content": component.activity_type.short_name, "decree": regulation.cited, "on": f"{on:%d/%m/%Y}"}
    if regulation.effective_from and on < regulation.effective_from:
        text = _("Nội dung “%(content)s” theo %(decree)s, đến %(from)s mới có hiệu lực; ngày xét là %(on)s.")
        return text % {**said, "from": f"{regulation.effective_from:%d/%m/%Y}"}
    if regulation.effective_to and on > regulation.effective_to:
        text = _("Nội dung “%(content)s” theo %(decree)s, đã hết hiệu lực sau ngày %(to)s; ngày xét là %(on)s.")
        return text % {**said, "to": f"{regulation.effective_to:%d/%m/%Y}"}
    return ""
