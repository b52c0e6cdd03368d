"""The form of a whole project: its text, contents with money, places and those who are helped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import DateField, StoredChoiceField, field_of, leave_rows_unjudged, leave_unjudged
from khuyencong.money import MoneyUnit
from programmes.content_successors import ContentsOfYear
from programmes.models import AdminUnit, AnnualPlan
from projects.forms.conflicts import form_values, shown, sign, write_form
from projects.forms.fields import PlacesField
from projects.forms.merging import Opened, Path, Value, Values
from projects.forms.money_of_plan import MoneyOfPlan, money_of_plan
from projects.forms.norm_choices import NormOffer
from projects.forms.rows import GROUP, RowFormSet, content_formset, support_formset
from projects.forms.sent import Sent, sent_over
from projects.models import CostLine, FieldChange, Project
from projects.rules.plan_years import moved_by_years
from projects.services.project_entry import ProjectInput
from projects.services.project_parts import StaleVersion

ATTEMPTS = 5  # of saving over what others save in the same moment
CONTENT_ROWS, SUPPORT_ROWS = "content-rows", "support-rows"
# What the next project of the same kind has too; amounts, norms and numbers are its own.
NEXT_OF_CONTENT = ("activity_type", "former", "counterparts")
ROW_LABELS = {CONTENT_ROWS: _("Nội dung"), SUPPORT_ROWS: _("Thụ hưởng")}


class ProjectForm(forms.ModelForm):
    places = PlacesField(
        label=_("Địa bàn"),
        required=False,
        help_text=_("Nhập tên, cách nhau bằng dấu phẩy; không cần dấu. Ví dụ: Tiên Lãng, Kiến Thụy."),
    )
    start_on = DateField(label=_("Bắt đầu"), required=False)
    end_on = DateField(label=_("Kết thúc"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(label=_("Vẫn lưu thành đề án khác"), required=False)

    class Meta:
        model = Project
        fields = [
            *("name", "kind", "area_scope", "places", "start_on", "end_on", "code", "officer"),
            *Project.HEADINGS,
            "notes",
        ]
        field_classes = {"officer": StoredChoiceField}

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.has_twins = False
        places, officer = field_of(self, "places", PlacesField), field_of(self, "officer", StoredChoiceField)
        places.units = AdminUnit.objects.of_plan(plan)
        officer.queryset = User.objects.working_for(plan.organisation_id)
        officer.empty_label = _("Người nhập")
        if self.instance.pk:
            places.stored = self.initial["places"]
            officer.keep(self.instance.officer, ended=_("không còn làm việc"))
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Để trống thì phần mềm tự đặt mã.")
        for name in (*Project.HEADINGS, "notes"):
            self.fields[name].widget.attrs["rows"] = 3
        # What was sent comes back with a word about it, and the word takes the focus.
        self.fields["name"].widget = forms.TextInput(attrs={"autocomplete": "off", "autofocus": not self.is_bound})

    def clean_code(self) -> str:
        """Emptied in a stored project, it stays as it was."""
        return self.cleaned_data["code"] or self.instance.code

    def clean(self) -> dict[str, Any]:
        """End-before-start is refused once, beside the field, and not again by the constraint."""
        data = super().clean() or {}
        start, end = data.get("start_on"), data.get("end_on")
        if start and end and end < start:
            self.add_error("end_on", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        if "end_on" in self.errors:
            self.instance.end_on = None
        if self.instance.pk is None:
            self._let_typed_area_win(data)
        if data.get("area_scope") not in (None, Project.AreaScope.UNITS) and data.get("places"):
            self.add_error("places", _("Đã ghi địa bàn thì phải chọn phạm vi “Một số địa bàn”."))
        return data

    def _let_typed_area_win(self, data: dict[str, Any]) -> None:
        """Of scope and places, what only came with the copied project gives way to the one that was typed."""
        scope, places = data.get("area_scope"), data.get("places")
        if not places or scope in (None, Project.AreaScope.UNITS):
            return
        is_scope_copied = scope == self.initial.get("area_scope")
        if places == self.initial.get("places") and not is_scope_copied:
            data["places"] = []
        elif is_scope_copied:
            data["area_scope"] = Project.AreaScope.UNITS


@dataclass
class ProjectEntry:
    """The three forms of one screen, as one thing to check and to hand to the service."""

    plan: AnnualPlan
    form: ProjectForm
    contents: RowFormSet
    supports: RowFormSet
    known: Mapping[str, Values] = field(default_factory=dict)  # those who are helped by now, by their row

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.contents.is_valid(), self.supports.is_valid()])

    @property
    def has_errors(self) -> bool:
        return self.form.is_bound and not self.is_valid()

    @property
    def rows(self) -> dict[str, RowFormSet]:
        """The lists of rows, each under a name that no field has."""
        return {CONTENT_ROWS: self.contents, SUPPORT_ROWS: self.supports}

    def values(self) -> Values:
        """Everything that the screen holds of the project, for merging: its fields, then its rows."""
        rows = self.supports.row_values()
        for key in rows.keys() & self.known.keys():
            # Both typed the same new establishment: it is in the registry by now.
            rows[key] |= {name: self.known[key][name] for name in ("type", "beneficiary")}
        return {**form_values(self.form), CONTENT_ROWS: self.contents.row_values(), SUPPORT_ROWS: rows}

    def label(self, path: Path) -> str:
        """What stands at the path, as the screen calls it; empty for a row that is not on this screen."""
        name, *inside = path
        if name not in self.rows:
            return str(self.form.fields[name].label)
        row = self.rows[name].row_values().get(path[1])
        if not isinstance(row, Mapping):
            return ""
        fields = self.rows[name].empty_form.fields
        first = next(iter(fields))
        words = [ROW_LABELS[name], shown(fields[first], row[first]), *(fields[cell].label for cell in inside[1:])]
        return " · ".join(str(word) for word in words)

    def text(self, path: Path, value: Value) -> str:
        name, *inside = path
        if name not in self.rows:
            return shown(self.form.fields[name], value)
        if len(inside) > 1:
            return shown(self.rows[name].empty_form.fields[inside[1]], value)
        return self.rows[name].row_text(value) if isinstance(value, Mapping) else ""

    def write(self, data: QueryDict, values: Values) -> None:
        write_form(data, self.form, values)
        for name, rows in self.rows.items():
            if isinstance(wanted := values.get(name), Mapping):
                rows.write_rows(data, wanted)

    def beside(self, stored: ProjectEntry) -> ProjectEntry:
        """With those who are helped by now, to be compared with what is stored."""
        return replace(self, known=stored.supports.row_values())

    def leave_unjudged(self) -> None:
        """Shows what is in the screen without saying yet what is wrong with it."""
        leave_unjudged(self.form)
        for rows in self.rows.values():
            leave_rows_unjudged(rows)

    def data(self) -> ProjectInput:
        contents = [content for row in self.contents if (content := row.content())]
        supports = [support for row in self.supports if (support := row.support())]
        return ProjectInput(
            plan=self.plan, contents=contents, places=self.form.cleaned_data["places"], supports=supports
        )


def project_entry(
    plan: AnnualPlan,
    *,
    unit: MoneyUnit,
    project: Project | None = None,
    template: Project | None = None,
    is_next: bool = False,
    data: QueryDict | None = None,
) -> ProjectEntry:
    """A new project, a change to one, or a new one that starts as a copy of ``template``; ``is_next``: as another one
    of its kind, of which the name, those who are helped and the amounts are still to be typed. Amounts
    are of ``unit``."""
    source = project or template
    # What was sent is the whole list of rows; what is stored by now must not be mixed into it.
    held = list(project.components.all()) if project else []
    norms = NormOffer(plan, [content.norm for content in held])
    contents: list[dict[str, Any]] = []
    if source and data is None:
        contents = content_initial(source, plan, norms) if project else copied_contents(source, plan, norms)
    if is_next:
        contents = [{name: row.get(name) for name in NEXT_OF_CONTENT} for row in contents]
    supports = support_initial(source) if source and data is None and not is_next else []
    initial: dict[str, Any] = {"places": list(source.places.all())} if source else {}
    if project:
        initial["version"] = project.version
    elif template:
        initial |= _copied_text(template, plan, is_next=is_next)
    form = ProjectForm(data, instance=project or Project(), initial=initial, plan=plan)
    money = MoneyOfPlan(unit) if data is None else money_of_plan(plan, project, unit)
    rows = content_formset(plan, data, contents, norms, money, [content.activity_type for content in held])
    helped = source.supports.all() if source else ()
    entry = ProjectEntry(plan, form, rows, support_formset(plan, data, supports, helped))
    if project and data is None:
        form.initial["base"] = sign(Opened(project.version, entry.values()), _salt(plan, project))
    return entry


def _copied_text(template: Project, plan: AnnualPlan, *, is_next: bool) -> dict[str, Any]:
    """With its time moved into the year of the plan."""
    former = template.latest_plan()
    years = plan.year - former.year if former else 0
    copied = ("kind", "area_scope", *(("officer",) if is_next else ("name", *Project.HEADINGS, "notes")))
    days = {name: moved_by_years(getattr(template, name), years) for name in ("start_on", "end_on")}
    return {name: getattr(template, name) for name in copied} | days


def _salt(plan: AnnualPlan, project: Project) -> str:
    """What a page was opened with says nothing of another project, nor of another year's money."""
    return f"project.{project.pk}.{plan.pk}"


def save_entry(
    plan: AnnualPlan,
    project: Project,
    data: QueryDict,
    *,
    unit: MoneyUnit,
    store: Callable[[ProjectEntry], object],
    user: User,
) -> Sent[ProjectEntry]:
    """What the user sent over the project, stored once all of it is decided and right.

    Who saves between our reading and our writing is merged with in the next attempt.
    """
    for _attempt in range(ATTEMPTS):
        sent = sent_entry(plan, project, data, unit=unit, user=user)
        try:
            sent.save(store)
        except StaleVersion as stale:
            project = stale.current
        else:
            return sent
    sent.is_busy = True
    sent.entry.form.add_error(
        None, _("Nhiều người đang lưu đề án này cùng lúc, nên chưa lưu được. Hãy bấm lưu lần nữa.")
    )
    return sent


def sent_entry(
    plan: AnnualPlan, project: Project, data: QueryDict, *, unit: MoneyUnit, user: User
) -> Sent[ProjectEntry]:
    """What the user sent over the project as it stands now."""
    return sent_over(
        data,
        read=lambda data: project_entry(plan, unit=unit, project=project, data=data),
        version=project.version,
        salt=_salt(plan, project),
        changes=FieldChange.objects.of_project(project),
        user=user,
    )


def copied_contents(template: Project, plan: AnnualPlan, norms: NormOffer) -> list[dict[str, Any]]:
    """The contents and amounts of the latest year that the template is in, as that plan's year calls them.

    Each takes the norm that the year has in the place of the one chosen then. One that became several is left to be
    chosen, with ``former``, which names it, and ``counterparts``.
    """
    known = ContentsOfYear(plan.year)
    rows = content_initial(template, template.latest_plan(), norms)
    for row, component in zip(rows, template.components.all(), strict=True):
        counterparts = known.counterparts_of(component.activity_type)
        content = counterparts[0] if len(counterparts) == 1 else None
        norm = norms.counterpart_of(component.norm)
        row |= {
            "activity_type": content.pk if content else None,
            "norm": norm.pk if norm and content and norm.activity_type_id == content.pk else None,
        }
        if content is None:
            row |= {"former": component.activity_type, "counterparts": counterparts}
    return rows


def content_initial(project: Project, plan: AnnualPlan | None, norms: NormOffer) -> list[dict[str, Any]]:
    """Each content with its amounts of that plan's year; without a plan none."""
    costs = CostLine.objects.of_project(project)
    amounts: dict[int, dict[str, int]] = defaultdict(dict)
    for cost in costs.for_plans([plan] if plan else []).select_related("source"):
        row = amounts[cost.component_id]
        row[f"amount_{cost.source.code}"] = row.get(f"amount_{cost.source.code}", 0) + cost.amount_vnd
    return [
        {
            "activity_type": component.activity_type_id,
            **amounts[component.pk],
            "norm": component.norm_id,
            "units": component.units,
            "eligible_cost_vnd": component.eligible_cost_vnd,
        }
        for component in project.components.all()
    ]


def support_initial(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "name": support.group_description or support.beneficiary.name,
            "type": "" if support.beneficiary else GROUP,
            "planned_count": support.planned_count,
            "beneficiary": support.beneficiary_id,
        }
        for support in project.supports.all()
    ]
