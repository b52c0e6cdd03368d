"""In which order projects are to be considered: by place, then by trade, then by owner (field-rules §5).

What nobody recorded is “chưa xác định được” and never “no”. The rules and places are rows of :class:`PriorityRule` and
:class:`PriorityArea`; only :func:`priorities_of` asks the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.text import inside_sentence
from programmes.models import AdminUnit, PriorityArea, PriorityGroup, PriorityRule, PriorityStep
from programmes.models.dated import is_in_force
from projects.models import Project

LAST = 99  # in the place of a rank that is not known
UNKNOWN: dict[str, str | Promise] = {
    PriorityStep.AREA: gettext_lazy("chưa có số liệu địa bàn thuộc nhóm nào"),
    PriorityStep.TRADE: gettext_lazy("chưa ghi ngành nghề, thị trường, nguyên liệu, số lao động của cơ sở"),
    PriorityStep.OWNER: gettext_lazy("chưa ghi chủ cơ sở là phụ nữ hay người dân tộc thiểu số"),
}


@dataclass(frozen=True)
class Judged:
    """A place, a content or an establishment, with the first of its groups; None where it is known of none."""

    name: str
    rule: PriorityRule | None
    is_confirmed: bool = True

    @property
    def text(self) -> str:
        """“đặc khu Cát Hải: hải đảo (chưa xác nhận)”."""
        doubt = "" if self.is_confirmed else f" {_('(chưa xác nhận)')}"
        return f"{self.name}: {self.rule or _('chưa xác định được')}{doubt}"


@dataclass(frozen=True)
class StepAnswer:
    """What is known of one step. The project is in a group only as far as all of it is: ``rule`` is that of the part
    that comes last."""

    step: PriorityStep
    parts: Sequence[Judged]
    has_ranks: bool = False

    @property
    def rule(self) -> PriorityRule | None:
        rules = [part.rule for part in self.parts if part.rule]
        return max(rules, key=lambda rule: rule.rank or LAST) if rules and len(rules) == len(self.parts) else None

    @property
    def text(self) -> str:
        parts = "; ".join(part.text for part in self.parts)
        if self.rule:
            said = {"rank": self.rule.rank, "parts": parts}
            return _("nhóm %(rank)d – %(parts)s") % said if self.has_ranks else parts
        if self.is_unknown:
            return str(UNKNOWN[self.step])
        return _("chưa xác định được cho cả đề án (%(parts)s)") % {"parts": parts}

    @property
    def is_unknown(self) -> bool:
        """Nothing at all is known of it; ``text`` says what is not recorded."""
        return not any(part.rule for part in self.parts)

    @property
    def citation(self) -> str:
        return self.rule.citation if self.rule else ""


@dataclass(frozen=True)
class Priority:
    """The place of a project in the order of that day, step by step. ``out_of_turn``: the rule by which no order is
    asked. Without steps no order of that day is known."""

    on: dt.date
    steps: Sequence[StepAnswer] = ()
    out_of_turn: PriorityRule | None = None

    @property
    def told(self) -> list[StepAnswer]:
        return [step for step in self.steps if not step.is_unknown]

    @property
    def unknown(self) -> list[StepAnswer]:
        return [step for step in self.steps if step.is_unknown]

    @property
    def is_known(self) -> bool:
        return any(step.rule for step in self.steps)

    @property
    def sort_key(self) -> tuple[bool, tuple[int, ...]]:
        """What is known of none comes last, and so does what is considered out of turn. A step that is not asked, as
        the owner of a task, stands as one of which nothing is known."""
        ranks = {step.step: step.rule.rank or LAST for step in self.steps if step.rule}
        return (not self.is_known, tuple(ranks.get(step, LAST) for step in PriorityStep))

    @property
    def words(self) -> str:
        """“hải đảo, do phụ nữ làm chủ”."""
        if self.out_of_turn:
            return _("không xét theo thứ tự")
        return ", ".join(str(step.rule) for step in self.steps if step.rule) or _("chưa xác định được")


@dataclass(frozen=True)
class PriorityBook:
    """The rules of all days, and what is known of places by the codes of units."""

    rules: Sequence[PriorityRule]
    areas: Mapping[str, Sequence[PriorityArea]] = field(default_factory=dict)

    def priority_of(self, project: Project, on: dt.date) -> Priority:
        """Of a project with its places, contents and supports at hand."""
        in_force = [rule for rule in self.rules if is_in_force(rule, on)]
        unordered = StepAnswer(PriorityStep.TRADE, self._contents(project, [one for one in in_force if not one.rank]))
        if unordered.rule:
            return Priority(on, out_of_turn=unordered.rule)
        rules = [one for one in in_force if one.rank]
        parts = {
            PriorityStep.AREA: self._places(project, rules, on),
            PriorityStep.TRADE: self._contents(project, rules),
            PriorityStep.OWNER: self._owners(project, rules),
        }
        if project.kind == Project.Kind.TASK:
            del parts[PriorityStep.OWNER]
        ranks = {step: {rule.rank for rule in rules if rule.step == step} for step in parts}
        return Priority(on, [StepAnswer(step, parts[step], len(ranks[step]) > 1) for step in parts if ranks[step]])

    def _places(self, project: Project, rules: Iterable[PriorityRule], on: dt.date) -> list[Judged]:
        """The whole city, or no place yet: of no group."""
        if project.area_scope != Project.AreaScope.UNITS:
            return []
        return [self._place(unit, rules, on) for unit in project.places.all()]

    def _place(self, unit: AdminUnit, rules: Iterable[PriorityRule], on: dt.date) -> Judged:
        rows = [row for code in _codes_of(unit) for row in self.areas.get(code, ()) if is_in_force(row, on)]
        rule = _first(rules, {row.priority_group for row in rows})
        is_confirmed = rule is None or any(
            row.is_confirmed for row in rows if row.priority_group == rule.priority_group
        )
        return Judged(inside_sentence(unit.full_name), rule, is_confirmed)

    @staticmethod
    def _contents(project: Project, rules: Iterable[PriorityRule]) -> list[Judged]:
        """Contents with the norm that was chosen for them."""
        found = []
        for component in project.components.all():
            code = component.norm.code if component.norm else ""
            groups = {rule.priority_group for rule in rules if code and code in rule.norm_codes.split()}
            found.append(Judged(str(component), _first(rules, groups)))
        return found

    @staticmethod
    def _owners(project: Project, rules: Iterable[PriorityRule]) -> list[Judged]:
        """That an establishment is not marked as somebody's says nothing."""
        found = []
        for support in project.supports.all():
            one = support.beneficiary
            groups = {PriorityGroup.WOMEN.value} if one and one.is_women_owned else set()
            groups |= {PriorityGroup.MINORITY.value} if one and one.is_minority_owned else set()
            found.append(Judged(str(support), _first(rules, groups)))
        return found


def _first(rules: Iterable[PriorityRule], groups: Iterable[str]) -> PriorityRule | None:
    held = [rule for rule in rules if rule.priority_group in set(groups)]
    return min(held, key=lambda rule: rule.rank or LAST, default=None)


def _codes_of(unit: AdminUnit) -> list[str]:
    """The unit's own code, and that of what it lies in."""
    return [unit.code, unit.parent.code] if unit.parent else [unit.code]


def priorities_of(projects: Sequence[Project], judged_on: Mapping[int, dt.date]) -> dict[int, Priority]:
    """By project, each on its day, in two queries; ``projects`` as :func:`load_facts` fetched them."""
    codes = {code for project in projects for unit in project.places.all() for code in _codes_of(unit)}
    areas: dict[str, list[PriorityArea]] = {}
    for row in PriorityArea.objects.of_codes(codes) if codes else ():
        areas.setdefault(row.unit_code, []).append(row)
    book = PriorityBook(list(PriorityRule.objects.for_judging()), areas)
    return {project.pk: book.priority_of(project, judged_on[project.pk]) for project in projects}
