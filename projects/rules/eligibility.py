"""Whether place and contents may be supported on a day; what can't be told says “chưa xác định được”.

Nothing here asks the database: the rules come from :mod:`projects.rules.warning_facts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khuyencong.text import inside_sentence, translated
from programmes.models import AdminUnit, CityClass, EligibilityRule
from programmes.models.dated import is_in_force
from projects.models import Project, ProjectComponent

PLACE, COUNTERPART = EligibilityRule.Subject.PLACE, EligibilityRule.Subject.COUNTERPART
COMMITMENT = EligibilityRule.Subject.COMMITMENT
TYPE = EligibilityRule.Subject.TYPE
ELIGIBLE, NEW_WARD = EligibilityRule.Answer.ELIGIBLE, EligibilityRule.Where.NEW_WARD
NEW_WARD_YEARS = 5  # NĐ 45/2012 Điều 1 khoản 2 điểm a


@dataclass(frozen=True)
class PlaceBook:
    """What places are judged by: the rules, what stands above wards, the classes of cities, and when wards were made
    out of communes.

    Rules of later effect come later. ``above`` is by the id that wards name: that unit under the kinds that it had at
    all times. ``turned_on`` is by the id of the ward.
    """

    rules: list[EligibilityRule]
    above: Mapping[int, Sequence[AdminUnit]] = field(default_factory=dict)
    classes: list[CityClass] = field(default_factory=list)
    turned_on: Mapping[int, dt.date] = field(default_factory=dict)

    def rule_for(self, unit: AdminUnit, on: dt.date, plan_year: int) -> EligibilityRule | None:
        """The rule of the day for that place: one for just such places before one for all, a “yes” before a “no”.

        A ward of a town lies in the town, which the decrees name as a whole."""
        true = {EligibilityRule.Where.ANY.value, *self._conditions(unit, on, plan_year)}
        above = self._above(unit, on)
        kinds = {unit.kind, AdminUnit.Kind.TOWN} if above and above.kind == AdminUnit.Kind.TOWN else {unit.kind}
        rules = [one for one in reversed(self.rules) if one.subject == PLACE and one.unit_kind in kinds]
        rules = [one for one in rules if one.holds_where in true and is_in_force(one, on)]
        return max(rules, key=lambda one: (bool(one.holds_where), one.answer == ELIGIBLE), default=None)

    def _conditions(self, unit: AdminUnit, on: dt.date, plan_year: int) -> Iterable[str]:
        """Which of the things that rules may ask of a place are known to hold."""
        above = self._above(unit, on)
        city = unit if unit.kind == AdminUnit.Kind.CITY else above
        for one in self.classes:
            if city and one.unit_code == city.code and city.kind == AdminUnit.Kind.CITY and is_in_force(one, on):
                yield f"class_{one.urban_class}"
        if is_new_ward(self.turned_on.get(unit.pk), plan_year):
            yield NEW_WARD.value
        if above and above.kind == AdminUnit.Kind.PROVINCE and above.name.startswith("Tỉnh "):
            yield EligibilityRule.Where.IN_PROVINCE.value

    def _above(self, unit: AdminUnit, on: dt.date) -> AdminUnit | None:
        """What stood above a ward on that day, else what it names."""
        times = self.above.get(unit.parent_id or 0, ())
        then = next((one for one in times if one.is_valid_on(on)), None)
        return then or next((one for one in times if one.pk == unit.parent_id), None)


def is_new_ward(turned_on: dt.date | None, plan_year: int) -> bool:
    """Whether a ward was made out of a commune not more than five years before. They count up to 31/12 of the year
    before the one in which the plan is made (TT 46/2012 Điều 3 khoản 1 điểm đ), which is the year before the plan's."""
    return turned_on is not None and turned_on >= dt.date(plan_year - 2 - NEW_WARD_YEARS, 12, 31)


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
        said["why"] = f" ({translated(self.rule.explanation)})" if self.rule and self.rule.explanation else ""
        if self.answer == EligibilityRule.Answer.NOT_ELIGIBLE:
            return _("Địa bàn %(place)s không thuộc diện hỗ trợ ngày %(on)s%(why)s.") % said
        if self.rule is None:
            return _("Địa bàn %(place)s: chưa xác định được, chưa có quy định cho loại địa bàn này ngày %(on)s.") % said
        return _("Địa bàn %(place)s: chưa xác định được ngày %(on)s%(why)s.") % said


def place_answers(project: Project, book: PlaceBook, on: dt.date) -> list[PlaceAnswer]:
    """Of each place of the project. The whole city, or none fixed yet: nothing to check."""
    if project.area_scope != Project.AreaScope.UNITS:
        return []
    year = max((line.round.plan.year for line in project.lines.all()), default=on.year)
    return [_place_answer(project, unit, book.rule_for(unit, on, year), on) for unit in project.places.all()]


def judge_places(project: Project, book: PlaceBook, on: dt.date) -> list[PlaceAnswer]:
    """The places of the project that are not plainly eligible."""
    return [one for one in place_answers(project, book, on) if one.answer != ELIGIBLE]


def _place_answer(project: Project, unit: AdminUnit, rule: EligibilityRule | None, on: dt.date) -> PlaceAnswer:
    if rule is None:
        return PlaceAnswer(unit, EligibilityRule.Answer.UNCHECKED, None, on)
    answer = ELIGIBLE if _is_excepted(project, rule) else EligibilityRule.Answer(rule.answer)
    return PlaceAnswer(unit, answer, rule, on)


def _is_excepted(project: Project, rule: EligibilityRule) -> bool:
    """A recognised craft village among those who are helped, or contents that the rule lets through."""
    if rule.allows_craft_village and any(
        support.beneficiary and support.beneficiary.craft_village for support in project.supports.all()
    ):
        return True
    codes = {component.norm.code for component in project.components.all() if component.norm}
    return not codes.isdisjoint(rule.allowed_norm_codes.split())


def rules_on(rules: Iterable[EligibilityRule], subject: str, on: dt.date) -> list[EligibilityRule]:
    return [rule for rule in rules if rule.subject == subject and is_in_force(rule, on)]


def content_problem(component: ProjectComponent, on: dt.date) -> str:
    """Why the content may not be supported on that day: its decree is not in force. Empty when it is."""
    regulation = component.activity_type.regulation
    said = {"content": str(component.activity_type), "decree": regulation.cited, "on": f"{on:%d/%m/%Y}"}
    if regulation.effective_from and on < regulation.effective_from:
        text = _("Nội dung “%(content)s” theo %(decree)s, đến %(from)s mới có hiệu lực; ngày xét là %(on)s.")
        return text % {**said, "from": f"{regulation.effective_from:%d/%m/%Y}"}
    if regulation.effective_to and on > regulation.effective_to:
        text = _("Nội dung “%(content)s” theo %(decree)s, đã hết hiệu lực sau ngày %(to)s; ngày xét là %(on)s.")
        return text % {**said, "to": f"{regulation.effective_to:%d/%m/%Y}"}
    return ""


def type_text(rule: EligibilityRule) -> str:
    """What a rule that is no “yes” says of its type of establishment, for people, without the clause."""
    said = {"type": rule.get_beneficiary_type_display(), "why": f" ({rule.explanation})" if rule.explanation else ""}
    if rule.answer == EligibilityRule.Answer.NOT_ELIGIBLE:
        return _("Loại hình “%(type)s” không thuộc đối tượng hỗ trợ%(why)s.") % said
    return _("Loại hình “%(type)s”: chưa xác định được có thuộc đối tượng hỗ trợ hay không%(why)s.") % said


def judge_types(project: Project, rules: Iterable[EligibilityRule], on: dt.date) -> list[EligibilityRule]:
    """The rules of the day, of types of those who are helped, that are no “yes”; a type without a rule is not asked."""
    types = {support.beneficiary.type for support in project.supports.all() if support.beneficiary}
    return [one for one in rules_on(rules, TYPE, on) if one.beneficiary_type in types and not one.is_yes]
