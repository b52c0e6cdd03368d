"""The projects of an earlier year, to be ticked and copied into a plan that begins: as drafts of the new year."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.text import fold
from programmes.content_successors import ContentsOfYear
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, SupportNorm
from projects.figures.prefetching import with_relations
from projects.forms.norm_choices import NormOffer
from projects.ledger.optional_amounts import add
from projects.models import CostLine, Project, ProjectComponent
from projects.rules.plan_years import moved_by_years
from projects.services.many_projects import NewProject
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput

KEEP, EMPTY = "keep", "empty"


@dataclass(frozen=True)
class CopyRow:
    """A project of the earlier year. ``requested_vnd``: of State money, as the page of its plan says it. ``twin``: that
    its name stands in the new plan, or above in this list, so that it is copied only where it is ticked as another
    one; ``twins``: how many of its name the new plan has."""

    project: Project
    requested_vnd: int | None
    twin: str
    twins: int
    lost_places: int

    @property
    def box_name(self) -> str:
        """What was ticked says under which of the two it was: a list that is sent twice copies nothing twice."""
        return "another" if self.twin else "project"

    @property
    def box_value(self) -> str:
        """With how many of its name were seen, where it is ticked as another one of them."""
        return f"{self.project.pk}:{self.twins}" if self.twin else str(self.project.pk)


class PlanCopyForm(forms.Form):
    """Which projects, with their amounts or without, and for each content that has no single successor which one."""

    def __init__(self, data: QueryDict | None, *, plan: AnnualPlan, former: AnnualPlan) -> None:
        super().__init__(data)
        self.plan, self.former = plan, former
        self.years = plan.year - former.year
        self.projects = with_relations(Project.objects.in_plans([former]).counted().for_grid().order_by("code"))
        self.contents = ContentsOfYear(plan.year)
        choices = [(KEEP, _("Giữ số tiền đề nghị")), (EMPTY, _("Để trống, nhập lại sau"))]
        self.fields["amounts"] = forms.ChoiceField(
            label=_("Kinh phí"), choices=choices, initial=KEEP, widget=forms.RadioSelect
        )
        for content in self.unclear:
            self.fields[f"content-{content.pk}"] = self._choice(content)

    @cached_property
    def unclear(self) -> list[ActivityType]:
        """Contents that the new year has not, in the place of which none or several stand."""
        found = {component.activity_type for component in self._components}
        return sorted((one for one in found if len(self.contents.counterparts_of(one)) != 1), key=lambda one: one.code)

    def _choice(self, content: ActivityType) -> forms.Field:
        offered = self.contents.counterparts_of(content) or list(self.contents.offered.values())
        label = _("Thay cho “%(former)s” (%(decree)s)") % {"former": content, "decree": content.regulation.cited}
        options = [("", _("Chọn nội dung")), *((one.code, str(one)) for one in offered)]
        widget = forms.Select(attrs={"class": "form-select"})
        return forms.ChoiceField(label=label, required=False, choices=options, widget=widget)

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        return [self[f"content-{content.pk}"] for content in self.unclear]

    @property
    def _components(self) -> list[ProjectComponent]:
        return [component for project in self.projects for component in project.components.all()]

    @cached_property
    def rows(self) -> list[CopyRow]:
        named = list(Project.objects.in_plans([self.plan]).only("name", "code"))
        standing, twins = {fold(one.name): one.code for one in named}, Counter(fold(one.name) for one in named)
        asked: dict[int, int | None] = defaultdict(lambda: None)
        for (component, _source), vnd in (
            CostLine.objects.for_plans([self.former]).state_money().amounts_by("component", "source").items()
        ):
            asked[component] = add(asked[component], vnd)
        found = []
        for project in self.projects:
            name = fold(project.name)
            lost = sum(place.pk not in self._places for place in project.places.all())
            requested = add(*(asked[component.pk] for component in project.components.all()))
            found.append(CopyRow(project, requested, standing.get(name, ""), twins[name], lost))
            standing.setdefault(name, project.code)
        return found

    @cached_property
    def _asked(self) -> dict[int, dict[int, int]]:
        """What each content asked for in the earlier year's plan, in đồng by source."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        costs = CostLine.objects.for_plans([self.former]).amounts_by("component", "source")
        for (component, source), vnd in costs.items():
            found[component][source] = vnd
        return found

    @cached_property
    def _places(self) -> dict[int, AdminUnit]:
        """Those of the projects that the new plan can name."""
        named = {place.pk for project in self.projects for place in project.places.all()}
        return AdminUnit.objects.of_plan(self.plan).filter(pk__in=named).in_bulk()

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    @cached_property
    def _others(self) -> dict[str, int]:
        """Projects that were ticked as another one of their name, each with how many of it were seen."""
        pairs = (value.partition(":") for value in self._sent("another"))
        return {pk: int(seen) if seen.isdecimal() else 0 for pk, _colon, seen in pairs}

    def ticked(self, row: CopyRow) -> bool:
        """As it was sent; on a page that was just opened all but those of a name that is there already."""
        if not self.is_bound:
            return not row.twin
        return str(row.project.pk) in {*self._sent("project"), *self._others}

    @property
    def shown_rows(self) -> list[tuple[CopyRow, bool]]:
        """What was ticked stays so, unless there are more of its name by now: that is for the sender to see first."""
        sent = {*self._sent("project"), *self._sent("another")}
        return [(row, row.box_value in sent if self.is_bound else self.ticked(row)) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """Something is ticked, and each of its contents is one of the new year."""
        data = super().clean() or {}
        chosen = [row.project for row in self.rows if self.ticked(row)]
        if not chosen:
            raise ValidationError(_("Đánh dấu ít nhất một đề án để sao chép."))
        needed = {component.activity_type for project in chosen for component in project.components.all()}
        for content in self.unclear:
            name = f"content-{content.pk}"
            if content in needed and name not in self.errors and not data.get(name):
                self.add_error(name, _("Chọn nội dung của năm kế hoạch này."))
        return data

    def entries(self, user: User) -> list[NewProject]:
        """What is ticked, as new drafts: texts, places, those who are helped; days moved, norms of the new year."""
        norms = NormOffer(self.plan)
        former_norms = SupportNorm.objects.in_bulk({one.norm_id for one in self._components if one.norm_id})
        sources = {source.pk: source for source in FundingSource.objects.all()}
        officers = User.objects.working_for(self.plan.organisation_id).in_bulk()
        found = []
        for row in filter(self.ticked, self.rows):
            project = row.project
            new = self._new(project, officers.get(project.officer_id, user))
            contents = [self._content(one, norms, former_norms, sources) for one in project.components.all()]
            data = ProjectInput(self.plan, contents, self._kept_places(project), self._helped(project))
            seen = self._others.get(str(project.pk))
            found.append(NewProject(new, data, is_another=seen is not None, known_twins=seen))
        return found

    def _new(self, project: Project, officer: User) -> Project:
        texts = ("name", "kind", "area_scope", *Project.HEADINGS, "notes")
        days = {name: moved_by_years(getattr(project, name), self.years) for name in ("start_on", "end_on")}
        return Project(officer=officer, **{name: getattr(project, name) for name in texts}, **days)

    def _content(
        self,
        component: ProjectComponent,
        norms: NormOffer,
        former_norms: dict[int, SupportNorm],
        sources: dict[int, FundingSource],
    ) -> ContentInput:
        content = component.activity_type
        code = self.cleaned_data.get(f"content-{content.pk}")
        activity = self.contents.offered[code] if code else self.contents.counterparts_of(content)[0]
        norm = norms.counterpart_of(former_norms.get(component.norm_id or 0))
        kept = self.cleaned_data["amounts"] == KEEP
        asked = self._asked[component.pk] if kept else {}
        return ContentInput(
            activity,
            {sources[source]: vnd for source, vnd in asked.items()},
            component.eligible_cost_vnd if kept else None,
            component.units,
            norm if norm and norm.activity_type_id == activity.pk else None,
        )

    def _kept_places(self, project: Project) -> list[AdminUnit]:
        return [place for place in project.places.all() if place.pk in self._places]

    @staticmethod
    def _helped(project: Project) -> list[SupportInput]:
        return [
            SupportInput(support.beneficiary, None, support.group_description, support.planned_count)
            for support in project.supports.all()
        ]
