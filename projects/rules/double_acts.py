"""Where one person did, of one project, what is normally kept in two pairs of hands; and by which decision they could.

Steps that exclude each other are refused whoever decided what (``transitions.py``); these are the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from django.utils import timezone
from django.utils.translation import gettext

from khuyencong.accounts.models import Authorisation, Role, User, are_separate
from projects.models import Project, StatusChange
from projects.rules.transitions import PROJECT_TRANSITIONS


@dataclass(frozen=True)
class DoubleAct:
    """Two steps of one person, of which the roles are kept apart, and the decision that was in force at the second."""

    person: User
    earlier: StatusChange
    later: StatusChange
    decision: Authorisation | None

    def __str__(self) -> str:
        """“Phạm Quang Đức thực hiện cả “Trả lại bổ sung” và “Phê duyệt”, theo quyết định kiêm nhiệm số …”."""
        labels = [PROJECT_TRANSITIONS[step.transition].label for step in (self.earlier, self.later)]
        names = {"person": self.person, "earlier": labels[0], "later": labels[1]}
        said = gettext("%(person)s thực hiện cả bước “%(earlier)s” và bước “%(later)s”") % names
        if principal := self.later.on_behalf_of or self.earlier.on_behalf_of:
            return gettext("%(said)s, theo ủy quyền của %(principal)s.") % {"said": said, "principal": principal}
        if self.decision is None:
            return gettext("%(said)s; chưa có quyết định kiêm nhiệm.") % {"said": said}
        document = {"number": self.decision.number, "on": f"{self.decision.issued_on:%d/%m/%Y}"}
        return gettext("%(said)s, theo quyết định kiêm nhiệm số %(number)s ngày %(on)s.") % {"said": said, **document}


def double_acts(steps: Iterable[StatusChange]) -> list[DoubleAct]:
    """Of the steps of projects, each pair of them once for each; one query more where there are any."""
    by_project: dict[int | None, list[StatusChange]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.pk):
        by_project[step.project_id].append(step)
    pairs = {
        (project, one.actor_id, one.transition, other.transition): (one, other)
        for project, ordered in by_project.items()
        for one, other in combinations(ordered, 2)
        if one.actor_id == other.actor_id and _are_apart(one, other)
    }
    if not pairs:
        return []
    people = {one.actor_id for one, _other in pairs.values()}
    doubles = list(Authorisation.objects.doubles().filter(user__in=people).for_page())
    return [DoubleAct(other.actor, one, other, _cover(one, other, doubles)) for one, other in pairs.values()]


def double_act_words(projects: Iterable[Project]) -> list[str]:
    """Of several projects, for papers, in the language that is on."""
    by_id: dict[int | None, Project] = {project.pk: project for project in projects}
    acts = double_acts(StatusChange.objects.filter(project__in=by_id).newest_first())
    return [f"{by_id[act.later.project_id].code}: {act}" for act in acts]


def _roles(step: StatusChange) -> tuple[str, ...]:
    found = PROJECT_TRANSITIONS.get(step.transition)
    return found.roles if found else ()


def _are_apart(one: StatusChange, other: StatusChange) -> bool:
    """Whether each role of the one is kept apart from each of the other."""
    roles = list(product(_roles(one), _roles(other)))
    return bool(roles) and all(are_separate(*pair) for pair in roles)


def _cover(one: StatusChange, other: StatusChange, doubles: list[Authorisation]) -> Authorisation | None:
    on = timezone.localtime(other.recorded_at).date()
    roles = {Role(role) for role in (*_roles(one), *_roles(other))}
    return next(
        (
            row
            for row in doubles
            if row.user_id == other.actor_id
            and {Role(row.role), Role(row.beside)} <= roles
            and row.starts_on <= on <= row.ends_on
            and not (hasattr(row, "ending") and row.ending.recorded_at <= other.recorded_at)
        ),
        None,
    )
