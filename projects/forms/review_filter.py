"""What the lines of a review are narrowed by and sorted; it lives in the address, so it can be kept and passed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import MoneyField, field_of
from khuyencong.money import MoneyUnit
from khuyencong.widgets import QuickSelect
from programmes.models import listed_units
from projects.models import Project
from projects.pages.round_review import ReviewGroup, ReviewLine, ReviewSheet

EVERYTHING = ("", _("Tất cả"))
ME, NOBODY = "me", "none"
STATES: dict[str, Callable[[ReviewLine], bool]] = {
    "open": lambda line: not line.is_resolved,
    "waiting": lambda line: line.status == Project.Status.SUBMITTED,
    "returned": lambda line: line.status == Project.Status.RETURNED,
    "done": lambda line: line.is_resolved,
}
MARKS: dict[str, Callable[[ReviewLine], bool]] = {
    "warned": lambda line: bool(line.findings.warnings),
    "weighed": lambda line: line.is_weighed,
    "asked": lambda line: bool(line.open_comments),
    "plain": lambda line: line.is_plain,
}
# Lines without the value come last, in either order.
SORTS: dict[str, Callable[[ReviewLine], tuple[bool, Any]]] = {
    "-amount": lambda line: (line.requested_vnd is None, -(line.requested_vnd or 0)),
    "amount": lambda line: (line.requested_vnd is None, line.requested_vnd or 0),
    "priority": lambda line: line.priority.sort_key,
    "waiting": lambda line: (line.waiting.days is None, -(line.waiting.days or 0)),
    "name": lambda line: (False, bytes(line.project.name_key)),
}


CHIPS: tuple[tuple[str | Promise, dict[str, str]], ...] = (
    (_("Tất cả"), {}),
    (_("Chưa xong"), {"state": "open"}),
    (_("Của tôi"), {"state": "waiting", "reviewer": ME}),
    (_("Chưa giao"), {"state": "waiting", "reviewer": NOBODY}),
    (_("Cảnh báo phải nêu lý do"), {"state": "open", "mark": "weighed"}),
    (_("Có ý kiến chưa trả lời"), {"state": "open", "mark": "asked"}),
    (_("Thống nhất được cùng lúc"), {"mark": "plain"}),
)


class QuickList(NamedTuple):
    """A list that is one press away."""

    label: str
    size: int
    query: str
    is_current: bool


def list_query(asked: Mapping[str, Any]) -> str:
    """What narrows the list, as it follows “?line=5” in an address: “&state=open”."""
    known = {name: text for name in ReviewFilter.base_fields if (text := asked.get(name))}
    return f"&{urlencode(known)}" if known else ""


class ReviewFilter(forms.Form):
    """All optional. What can't be read is an error beside its field, and narrows nothing."""

    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        widget=QuickSelect,
        choices=[
            EVERYTHING,
            ("open", _("Chưa xong")),
            ("waiting", _("Chờ Sở thẩm định")),
            ("returned", _("Chờ Trung tâm bổ sung")),
            ("done", _("Đã xong")),
        ],
    )
    mark = forms.ChoiceField(
        label=_("Lưu ý"),
        required=False,
        widget=QuickSelect,
        choices=[
            EVERYTHING,
            ("warned", _("Có cảnh báo")),
            ("weighed", _("Cảnh báo phải nêu lý do")),
            ("asked", _("Có ý kiến chưa trả lời")),
            ("plain", _("Thống nhất được cùng lúc")),
        ],
    )
    reviewer = forms.ChoiceField(label=_("Người thẩm định"), required=False, widget=QuickSelect)
    activity = forms.ChoiceField(label=_("Nội dung"), required=False, widget=QuickSelect)
    area = forms.ChoiceField(label=_("Địa bàn"), required=False, widget=QuickSelect)
    least = MoneyField(label=_("Đề nghị từ (triệu đồng)"), required=False, unit=MoneyUnit.MILLION)
    most = MoneyField(label=_("đến (triệu đồng)"), required=False, unit=MoneyUnit.MILLION)
    sort = forms.ChoiceField(
        label=_("Sắp xếp"),
        required=False,
        widget=QuickSelect,
        choices=[
            ("", _("Theo nội dung")),
            ("-amount", _("Đề nghị nhiều trước")),
            ("amount", _("Đề nghị ít trước")),
            ("waiting", _("Chờ lâu trước")),
            ("priority", _("Theo thứ tự ưu tiên")),
            ("name", _("Theo tên đề án")),
        ],
    )

    def __init__(self, data: QueryDict, *, sheet: ReviewSheet, user: User) -> None:
        super().__init__(data)
        self.sheet, self.user = sheet, user
        lines = list(sheet.lines)
        field_of(self, "reviewer", forms.ChoiceField).choices = [EVERYTHING, *self._reviewers(lines)]
        activities = {group.activity.code: str(group.activity) for group in sheet.groups if group.activity}
        unchosen = [(NOBODY, _("Chưa chọn nội dung"))] if any(not group.activity for group in sheet.groups) else []
        field_of(self, "activity", forms.ChoiceField).choices = [EVERYTHING, *activities.items(), *unchosen]
        units = {unit.code: listed_units([unit]) for line in lines for unit in line.project.places.all()}
        named = sorted(units.items(), key=lambda unit: unit[1])
        field_of(self, "area", forms.ChoiceField).choices = [EVERYTHING, *named]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control money" if name in ("least", "most") else "form-select"

    def _reviewers(self, lines: list[ReviewLine]) -> list[tuple[str, Any]]:
        """Whoever may read lines, and whoever has one."""
        people = {person.pk: str(person) for person in self.sheet.reviewers}
        people |= {line.reviewer.pk: str(line.reviewer) for line in lines if line.reviewer}
        own = [(ME, _("Của tôi"))] if people.pop(self.user.pk, None) else []
        return [*own, (NOBODY, _("Chưa giao")), *((str(pk), name) for pk, name in people.items())]

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked.keys() - {"sort"})

    @property
    def words(self) -> list[str]:
        """What is asked for in few words, where the fields are folded away."""
        choices = {name: dict(getattr(self.fields[name], "choices", ())) for name in self.asked}
        return [
            f"{self[name].label}: {choices[name].get(value, self[name].value())}" for name, value in self.asked.items()
        ]

    @property
    def query(self) -> str:
        return list_query(self.data)

    @property
    def chips(self) -> list[QuickList]:
        """Short ways to the lists that are wanted most, each with how many it has; without what has none."""
        found, sort = [], {"sort": text} if (text := self.data.get("sort")) else {}
        for label, asked in CHIPS:
            size = sum(self._matches(line, asked) for line in self.sheet.lines)
            if size or not asked:
                query = list_query(asked | sort)
                found.append(QuickList(str(label), size, query.replace("&", "?", 1), self.query == query))
        return found

    def groups(self, *, also: int | None = None) -> list[ReviewGroup]:
        """The lines asked for, by content; sorted otherwise they stand in one group. ``also``: the id of the project
        whose line is open, which is shown whatever was asked."""
        asked = self.asked
        groups = [
            ReviewGroup(
                group.activity,
                [line for line in group.lines if line.project.pk == also or self._matches(line, asked)],
            )
            for group in self.sheet.groups
        ]
        groups = [group for group in groups if group.lines]
        if not (sort := asked.get("sort")):
            return groups
        lines = sorted((line for group in groups for line in group.lines), key=SORTS[sort])
        return [ReviewGroup(None, lines, is_titled=False)] if lines else []

    def _matches(self, line: ReviewLine, asked: dict[str, Any]) -> bool:
        activity = line.project.components.all()[0].activity_type.code if line.project.components.all() else NOBODY
        return (
            ("state" not in asked or STATES[asked["state"]](line))
            and ("mark" not in asked or MARKS[asked["mark"]](line))
            and ("reviewer" not in asked or self._is_read_by(line, asked["reviewer"]))
            and ("activity" not in asked or activity == asked["activity"])
            and ("area" not in asked or any(unit.code == asked["area"] for unit in line.project.places.all()))
            and self._is_within(line.requested_vnd, asked.get("least"), asked.get("most"))
        )

    def _is_within(self, vnd: int | None, least: int | None, most: int | None) -> bool:
        """Of what nobody asked for yet no bound holds."""
        if least is None and most is None:
            return True
        return vnd is not None and vnd >= (least or 0) and (most is None or vnd <= most)

    def _is_read_by(self, line: ReviewLine, who: str) -> bool:
        if who == NOBODY:
            return line.has_nobody
        return line.reviewer is not None and (line.reviewer == self.user if who == ME else str(line.reviewer.pk) == who)
