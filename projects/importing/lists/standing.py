"""The projects of a plan as they stand, and which of them the rows of a list mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khuyencong.firm_names import short_name
from khuyencong.text import fold
from programmes.models import AnnualPlan
from projects.importing.lists.money_levels import LEVELS, MONEY
from projects.importing.proposals import ProposedRow
from projects.models import CostLine, Project, ProjectComponent, Support


@dataclass(frozen=True)
class StandingProject:
    """A project of the plan as it stands, to be compared with a row."""

    project: Project
    amounts: Mapping[str, int]
    helped: str
    contents: set[int]
    places: set[int]

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.project.name), self.helped


def standing_projects(plan: AnnualPlan) -> list[StandingProject]:
    """The plan's projects with what a row is compared with. Each part is asked for the whole plan: of more than a
    thousand projects SQLite refuses to be asked by name."""
    projects = list(Project.objects.in_plans([plan]).counted())
    amounts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    keys = {level: key for key, level in LEVELS.items()}
    costs = CostLine.objects.for_plans([plan]).values_list("plan_line__project", "source__level", "amount_vnd")
    for project, level, vnd in costs:
        amounts[project][keys[level]] += vnd
    own = {"project__lines__round__plan": plan}
    helped: dict[int, set[str]] = defaultdict(set)
    for project, name, group in Support.objects.filter(**own).values_list(
        "project", "beneficiary__name", "group_description"
    ):
        helped[project].add(short_name(name or group))
    contents: dict[int, set[int]] = defaultdict(set)
    for project, content in ProjectComponent.objects.filter(**own).values_list("project", "activity_type"):
        contents[project].add(content)
    places: dict[int, set[int]] = defaultdict(set)
    for project, place in Project.objects.in_plans([plan]).values_list("pk", "places"):
        places[project].add(place)
    return [
        StandingProject(
            one, amounts[one.pk], "; ".join(sorted(helped[one.pk])), contents[one.pk], places[one.pk] - {None}
        )
        for one in projects
    ]


def matched_projects(
    rows: Sequence[ProposedRow], standing: Sequence[StandingProject], *, by_name_alone: bool = False
) -> list[tuple[ProposedRow, StandingProject]]:
    """Which project of the plan each row means: by its code, else by name and who is helped; each project once.

    ``by_name_alone``: what is left then, by its name and the money that the row states, else by a name that only one
    row and one project still bear.
    """
    by_code = {one.project.code: one for one in standing}
    found: dict[int, StandingProject] = {}  # by the place of the row
    used: set[int] = set()
    for place, proposed in enumerate(rows):
        meant = by_code.get(proposed.entry.code)
        if meant is not None and meant.project.pk not in used:
            used.add(meant.project.pk)
            found[place] = meant
    by_key: dict[tuple[str, str], list[StandingProject]] = defaultdict(list)
    for one in standing:
        by_key[one.key].append(one)
    for place, proposed in enumerate(rows):
        entry = proposed.entry
        same = [one for one in by_key[fold(entry.name), entry.helped] if one.project.pk not in used]
        if entry.code in by_code or not same:
            continue
        found[place] = next((one for one in same if _same_money(one.amounts, entry.amounts)), same[0])
        used.add(found[place].project.pk)
    pairs = [(rows[place], found[place]) for place in sorted(found)]
    return pairs + (_matched_by_name(rows, standing, pairs) if by_name_alone else [])


def _matched_by_name(
    rows: Sequence[ProposedRow],
    standing: Sequence[StandingProject],
    found: Sequence[tuple[ProposedRow, StandingProject]],
) -> list[tuple[ProposedRow, StandingProject]]:
    used, known = {id(row) for row, _one in found}, {one.project.pk for _row, one in found}
    borne: dict[str, list[StandingProject]] = defaultdict(list)
    for one in standing:
        if one.project.pk not in known:
            borne[fold(one.project.name)].append(one)
    named: dict[str, list[ProposedRow]] = defaultdict(list)
    pairs = []
    for row in rows:
        if id(row) in used:
            continue
        same = borne[fold(row.entry.name)]
        meant = next((one for one in same if _is_said_money(one.amounts, row.entry.amounts)), None)
        if meant is None:
            named[fold(row.entry.name)].append(row)
        else:
            same.remove(meant)
            pairs.append((row, meant))
    left = [(same[0], borne[name][0]) for name, same in named.items() if name and len(same) == 1 == len(borne[name])]
    return pairs + left


def _same_money(standing: Mapping[str, int], said: Mapping[str, int | None]) -> bool:
    return all((standing.get(key) or 0) == (said.get(key) or 0) for key in MONEY)


def _is_said_money(standing: Mapping[str, int], said: Mapping[str, int | None]) -> bool:
    """Whether every amount that a row states is the project's; a row that states none tells nothing."""
    stated = {key: vnd for key in MONEY if (vnd := said.get(key)) is not None}
    return bool(stated) and all((standing.get(key) or 0) == vnd for key, vnd in stated.items())
