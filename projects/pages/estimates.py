"""The estimate of a project in detail, content by content and year by year, beside what the project asks for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khuyencong.funding import STATE_LEVELS
from khuyencong.money import format_vnd
from programmes.models import AnnualPlan
from projects.ledger.optional_amounts import add
from projects.models import CostLine, EstimateItem, Project, ProjectComponent


@dataclass(frozen=True)
class ContentEstimate:
    """The items of one content in one year; amounts in đồng, None where nothing is recorded."""

    component: ProjectComponent
    year: int
    asked_vnd: int | None
    asked_of_state_vnd: int | None
    items: list[EstimateItem] = field(default_factory=list)

    @property
    def total_vnd(self) -> int | None:
        return add(*(item.amount_vnd for item in self.items))

    @property
    def state_vnd(self) -> int | None:
        return add(*(item.state_vnd for item in self.items))

    @property
    def differences(self) -> list[str]:
        """Where the items don't add up to what the project says: it is told, and nothing is put right by itself."""
        total = self.total_vnd
        if total is None:
            return []
        stated = self.component.eligible_cost_vnd
        found = []
        if stated is not None:
            found.append(_differs(_("chi phí hợp lệ của nội dung"), stated, _("cộng dự toán chi tiết"), total))
        else:
            asked = _("kinh phí đề nghị từ tất cả các nguồn")
            found.append(_differs(asked, self.asked_vnd, _("cộng dự toán chi tiết"), total))
        of_state = _("kinh phí nhà nước đề nghị")
        if self.state_vnd is not None:
            part = _("phần nhà nước trong dự toán chi tiết")
            found.append(_differs(of_state, self.asked_of_state_vnd, part, self.state_vnd))
        elif (self.asked_of_state_vnd or 0) > total:
            found.append(_differs(of_state, self.asked_of_state_vnd, _("cộng dự toán chi tiết"), total))
        return list(dict.fromkeys(filter(None, found)))


def _differs(stated: str, stated_vnd: int | None, summed: str, summed_vnd: int) -> str:
    """Empty where the two are the same, or nothing is stated to compare with."""
    if stated_vnd is None or stated_vnd == summed_vnd:
        return ""
    text = _("%(summed)s là %(sum)s đồng, %(stated)s là %(amount)s đồng: chênh %(gap)s đồng.") % {
        "summed": summed,
        "sum": format_vnd(summed_vnd),
        "stated": stated,
        "amount": format_vnd(stated_vnd),
        "gap": format_vnd(abs(stated_vnd - summed_vnd)),
    }
    return text[0].upper() + text[1:]


def estimates_of(project: Project) -> list[ContentEstimate]:
    """Of each content and year that has items, in two queries at most (``project`` with its contents)."""
    rows: dict[tuple[int, int], list[EstimateItem]] = defaultdict(list)
    for item in EstimateItem.objects.of_project(project).in_reading_order().select_related("plan"):
        rows[item.plan.year, item.component_id].append(item)
    if not rows:
        return []
    components = {component.pk: component for component in project.components.all()}
    asked = _asked(project)
    return [
        ContentEstimate(components[component], year, *_sums(asked, year, component), items)
        for (year, component), items in rows.items()
    ]


def estimate_in_plan(project: Project, plan: AnnualPlan) -> list[ContentEstimate]:
    """Of each content in that year, also where it has no items yet."""
    found = {estimate.component: estimate for estimate in estimates_of(project) if estimate.year == plan.year}
    asked = _asked(project)
    return [
        found.get(component) or ContentEstimate(component, plan.year, *_sums(asked, plan.year, component.pk))
        for component in project.components.all()
    ]


Asked = dict[tuple[int, int, bool], int]


def _asked(project: Project) -> Asked:
    """Đồng by year and content, of the State's money and of the rest."""
    found: Asked = defaultdict(int)
    costs = CostLine.objects.of_project(project).amounts_by(
        "plan_line__round__plan__year", "component", "source__level"
    )
    for (in_year, component, level), amount in costs.items():
        found[in_year, component, level in STATE_LEVELS] += amount
    return found


def _sums(asked: Asked, year: int, component: int) -> tuple[int | None, int | None]:
    """What is asked of all sources, and of the State's."""
    of_state = asked.get((year, component, True))
    return add(of_state, asked.get((year, component, False))), of_state
