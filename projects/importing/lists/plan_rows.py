"""The list of a year's projects: what its rows become, and the service that writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.text import fold
from programmes.models import ActivityType, AnnualPlan, FundingSource
from projects.importing.layout.columns import Reads
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.lists.amount_cells import AmountCells, millions
from projects.importing.lists.codes import refuse_codes
from projects.importing.lists.money_levels import LEVELS, MONEY, place_state_money, stated_money
from projects.importing.lists.plan_changes import input_of, kept_values, put_back, with_said
from projects.importing.lists.plan_columns import PLAN_COLUMNS
from projects.importing.lists.plan_words import RowWords, WordsReader
from projects.importing.lists.said_parts import HelpedWriter, kind_said, names_helped, places_said, scope_said
from projects.importing.lists.standing import StandingProject, matched_projects, standing_projects
from projects.importing.lists.taking_back import reason_of, refuse_touched
from projects.importing.lists.twins import ONCE, ONE, TWO, ask_of_halves, ask_of_twins, may_be_halves, twins_of
from projects.importing.matching.places import PlaceReader
from projects.importing.models import ImportedRow
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow, unheard
from projects.importing.questions import Option
from projects.importing.reading.sheets import cell_name
from projects.models import Project
from projects.rules.permissions import hindrance_to_editing
from projects.services.discarding import discard_drafts
from projects.services.many_projects import NewProject, create_projects
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.projects import update_project

_TEXT_NAMES = {
    "effects": gettext_lazy("kết quả dự kiến"),
    "aims": gettext_lazy("mục tiêu"),
    "scale": gettext_lazy("quy mô"),
    "notes": gettext_lazy("ghi chú"),
}
BLOCK = 200  # new drafts that are written at once, after which whoever waits is told
SUMMED = (*MONEY, "state", "total")


@dataclass
class PlanEntry:
    """A project as its row, or several rows under one merged name, says it. ``new_firm`` is shared by all rows that
    mean it."""

    name: str
    code: str
    words: RowWords
    amounts: dict[str, int | None]
    texts: dict[str, str]
    more: list[RowWords] = field(default_factory=list)

    @property
    def all_words(self) -> list[RowWords]:
        return [self.words, *self.more]

    @property
    def helped(self) -> str:
        """Who is helped, as names are compared; empty for a task."""
        return names_helped(self.all_words)


def propose_plan_rows(asked: ListReading) -> Proposal:
    """What each row of the list becomes in the plan: a new draft, a change to one, nothing, or a question."""
    plan = asked.plan
    if plan is None:
        raise ValueError("a list of projects belongs to a plan")
    contents = list(ActivityType.objects.in_use(plan.year))
    amounts = AmountCells(asked, PLAN_COLUMNS)
    words = WordsReader(asked, contents, PlaceReader(plan))
    rows = [_proposed(row, amounts, words, asked) for row in asked.listed.rows]
    by_place = {one.row.at: one for one in rows}
    sums = amounts.sums(rows, asked.listed.sums, SUMMED)
    rows = _joined(rows, by_place)
    amounts.ask_of_far(rows, MONEY)
    standing = standing_projects(plan)
    rows = _twins_settled(rows, asked, standing)
    _compare(rows, standing)
    refuse_codes(rows, plan, _told)
    notes = _spellings(words)
    return Proposal(amounts.units, rows, list(asked.questions.asked.values()), sums, notes)


def _proposed(row: ListRow, amounts: AmountCells, words: WordsReader, asked: ListReading) -> ProposedRow:
    proposed = ProposedRow(row)
    found = amounts.read(proposed)
    name = words.name(proposed)
    key, state = stated_money(found, row.table)
    stated = found.pop("state", None)
    if state is not None and state < 0:
        proposed.is_wrong(key, _("nhỏ hơn số tiền đối ứng, nguồn khác của dòng này"))
    elif state:
        place_state_money(proposed, found, state, asked, key)
    proposed.is_waiting |= not _has_known_money(row, asked)
    said = words.read(proposed)
    texts = {key: row.text(key) for key in _TEXT_NAMES if row.text(key)}
    proposed.entry = PlanEntry(name, row.text("code")[:30], said, found, texts)
    proposed.values = {
        **found,
        "state": stated,
        "name": name,
        "firm": row.text("firm") if proposed.is_waiting else said.helped,
        "place": row.text("place"),
        "period": row.text("period"),
        "content": said.content,
    }
    _note_total(proposed, found)
    return proposed


def _has_known_money(row: ListRow, asked: ListReading) -> bool:
    """Whether some column is read as money, or the office says that none is, of a sheet that has figures."""
    table = row.table
    is_named = any(one.reads == Reads.MONEY for one in PLAN_COLUMNS if one.key in table.columns)
    figures = [at for at in table.unread if isinstance(table.sheet.value(row.number, at), int | float)]
    if is_named or not figures:
        return True
    names = ", ".join(f"“{table.headings[at]}”" for at in figures)
    text = _(
        "Không nhận ra cột nào là kinh phí (tệp có cột %(names)s). Nhập mà không có kinh phí? Nếu không, bấm “sửa”."
    )
    options = [Option("none", _("Đúng, danh sách này không có kinh phí"))]
    place, here = cell_name(table.bottom, figures[0], table.sheet.name), (table.sheet.name, row.number)
    return bool(
        asked.questions.ask(f"money:{table.sheet.name}", text % {"names": names}, options, cell=place, row=here)
    )


def _note_total(proposed: ProposedRow, found: Mapping[str, int | None]) -> None:
    total, parts = found.get("total"), [found.get(key) for key in MONEY]
    if total is None or proposed.wrong or proposed.is_waiting:
        return
    if any(one is not None for one in parts) and total != (added := sum(one or 0 for one in parts)):
        text = _("tổng ghi %(total)s, các nguồn cộng lại %(added)s")
        proposed.is_noted("total", text % {"total": millions(total), "added": millions(added)})


def _joined(rows: Sequence[ProposedRow], by_place: Mapping[RowAt, ProposedRow]) -> list[ProposedRow]:
    """Rows under one merged name are one project: their money added, all who are helped."""
    kept = []
    for one in rows:
        first = by_place.get(one.row.home)
        if first is None or first is one:
            kept.append(one)
            continue
        _join(first, one)
        first.values["firm"] = "; ".join(words.helped for words in first.entry.all_words if words.helped)
    return kept


def _join(first: ProposedRow, one: ProposedRow) -> None:
    """The project of the first row with what the other says of it."""
    entry: PlanEntry = first.entry
    entry.more.append(one.entry.words)
    for key, vnd in one.entry.amounts.items():
        if vnd is not None:
            entry.amounts[key] = (entry.amounts.get(key) or 0) + vnd
    first.values.update(entry.amounts)
    first.wrong += one.wrong
    first.notes += one.notes
    first.is_waiting |= one.is_waiting
    first.is_left |= one.is_left


def _twins_settled(
    rows: list[ProposedRow], asked: ListReading, standing: Sequence[StandingProject]
) -> list[ProposedRow]:
    """Rows that are hardly two projects are asked about; those that the office says are the two sources of one, on two
    sheets, become one."""
    names = Counter(fold(one.project.name) for one in standing)
    twins = [(pair, may_be_halves(pair)) for pair in twins_of(rows, _told)]
    halves = [pair for pair, is_half in twins if is_half]
    said = ask_of_halves(halves, asked, lambda one: TWO if names[fold(one.entry.name)] > 1 else "")
    text = _("%(cell)s cùng tên, đơn vị thụ hưởng, địa bàn, thời gian với %(other)s. Có phải là hai đề án?")
    ask_of_twins([pair for pair, is_half in twins if is_half is False], asked, text)
    for place, (one, first) in enumerate(halves):
        if said[place] not in (ONE, ONCE):
            continue
        if said[place] == ONCE:
            for key in ("own", "other"):
                _count_once(first, one, key)
        _join(first, one)
        first.joined.append(one.row)
        first.is_noted("name", _("gộp với %(cell)s") % {"cell": one.row.place_of("name")})
    joined = {id(row) for one in rows for row in one.joined}
    return [one for one in rows if id(one.row) not in joined]


def _count_once(first: ProposedRow, one: ProposedRow, key: str) -> None:
    """Money that stands in both rows is taken out of the second; rows that say it differently are wrong."""
    amounts = [first.entry.amounts.get(key), one.entry.amounts.get(key)]
    if not all(amounts):
        return
    if amounts[0] != amounts[1]:
        said = {"one": millions(amounts[0]), "other": millions(amounts[1]), "cell": one.row.place_of(key)}
        first.is_wrong(key, _("hai dòng của một đề án ghi %(one)s và %(other)s (%(cell)s)") % said)
    total = one.entry.amounts.get("total")
    one.entry.amounts |= {key: None, "total": total - (amounts[1] or 0) if total else total}


def _told(one: ProposedRow) -> tuple[str, ...]:
    """Rows of one name that help the same at the same time and place are hardly two projects."""
    entry: PlanEntry = one.entry
    words = (fold(entry.name), entry.helped, fold(one.row.text("place")), fold(one.row.text("period")))
    return (*words, *one.row.groups)


def _spellings(words: WordsReader) -> list[str]:
    """Establishments that the list writes in several ways and that are one by their tax code."""
    notes = []
    for firm in words.helped.firms.firms:
        names = sorted({one.name for one in firm.spellings})
        if firm.tax_code and len(names) > 1 and not firm.clashes:
            text = _("%(names)s: cùng mã số thuế %(code)s, là một đơn vị")
            notes.append(text % {"names": _(" và ").join(f"“{name}”" for name in names), "code": firm.tax_code})
    return notes


def _compare(rows: Sequence[ProposedRow], standing: Sequence[StandingProject]) -> None:
    """What each row changes in the project of the plan that it means."""
    for proposed, found in matched_projects(rows, standing):
        proposed.existing = found.project
        proposed.changes = _changes(found, proposed.entry)
        if proposed.changes and (hindrance := hindrance_to_editing(found.project)):
            proposed.is_wrong(
                "name",
                _("khác với đề án %(code)s đã có: %(hindrance)s")
                % {"code": found.project.code, "hindrance": hindrance},
            )


_MONEY_NAMES = {
    "national": gettext_lazy("KCQG"),
    "city": gettext_lazy("KCĐP"),
    "own": gettext_lazy("đối ứng"),
    "other": gettext_lazy("nguồn khác"),
}


def _changes(standing: StandingProject, entry: PlanEntry) -> list[str]:
    """What the row says otherwise; what it leaves empty says nothing."""
    project, found = standing.project, []
    for key in MONEY:
        before, after = standing.amounts.get(key) or 0, entry.amounts.get(key)
        if after is not None and after != before:
            found.append(f"{_MONEY_NAMES[key]} {millions(before)} → {millions(after)}")
    period = entry.words.period
    if period and (project.start_on, project.end_on) != (period.start_on, period.end_on):
        found.append(_("thời gian"))
    scope, scopes = scope_said(entry.all_words), Project.AreaScope
    places = {one.pk for one in places_said(entry.all_words)} if scope == scopes.UNITS else standing.places
    if scope == scopes.WHOLE_CITY != project.area_scope or places != standing.places:
        found.append(_("địa bàn"))
    if entry.helped and entry.helped != standing.helped:
        found.append(_("đơn vị thụ hưởng"))
    if entry.words.content and entry.words.content.pk not in standing.contents:
        found.append(_("nội dung"))
    found += [str(_TEXT_NAMES[key]) for key, text in entry.texts.items() if text != getattr(project, key)]
    return found


def write_plan_rows(
    *, plan: AnnualPlan, rows: Sequence[ProposedRow], actor: User, told: Callable[[int], None] = unheard
) -> dict[RowAt, Project]:
    """Writes new drafts in blocks and changed ones each, in the transaction of the caller; by sheet and number.

    Raises what the services of projects raise; then nothing is written.
    """
    sources = {source.level: source for source in FundingSource.objects.order_by("-position")}
    helped = HelpedWriter(plan)
    new, written = [one for one in rows if one.existing is None], dict[RowAt, Project]()
    for start in range(0, len(new), BLOCK):
        block = new[start : start + BLOCK]
        entries = [_new_project(one.entry, plan, sources, helped) for one in block]
        stored = create_projects(plan=plan, entries=entries, actor=actor)
        written |= {one.row.at: project for one, project in zip(block, stored, strict=True)}
        told(len(written))
    for one in rows:
        if one.existing is not None and one.changes:
            written[one.row.at] = _change(one, plan, sources, helped, actor)
            told(len(written))
    return written


def _new_project(
    entry: PlanEntry, plan: AnnualPlan, sources: Mapping[str, FundingSource], helped: HelpedWriter
) -> NewProject:
    project = Project(name=entry.name, code=entry.code)
    _fill(project, entry)
    return NewProject(project, _input(entry, plan, sources, helped), is_another=True)


def _fill(project: Project, entry: PlanEntry) -> None:
    is_new, scope = project.pk is None, scope_said(entry.all_words)
    if is_new or entry.helped:
        project.kind = kind_said(entry.all_words)
    if is_new or scope != Project.AreaScope.NOT_FIXED:
        project.area_scope = scope
    if entry.words.period:
        project.start_on, project.end_on = entry.words.period.start_on, entry.words.period.end_on
    for key, text in entry.texts.items():
        setattr(project, key, text)
    if entry.words.parties:
        project.parties = entry.words.parties


def _input(
    entry: PlanEntry, plan: AnnualPlan, sources: Mapping[str, FundingSource], helped: HelpedWriter
) -> ProjectInput:
    amounts = {sources[LEVELS[key]]: vnd for key in MONEY if (vnd := entry.amounts.get(key)) is not None}
    if any(amounts.values()):
        amounts = {source: vnd for source, vnd in amounts.items() if vnd}
    content = entry.words.content
    return ProjectInput(
        plan=plan,
        contents=[ContentInput(content, amounts)] if content else [],
        places=places_said(entry.all_words),
        supports=helped.supports(entry.all_words),
    )


def _change(
    one: ProposedRow,
    plan: AnnualPlan,
    sources: Mapping[str, FundingSource],
    helped: HelpedWriter,
    actor: User,
) -> Project:
    """The draft with what the row says otherwise; what stood before is kept with the row."""
    project = Project.objects.get(pk=one.existing.pk)
    standing = input_of(project, plan)
    one.before = kept_values(project, standing)
    _fill(project, one.entry)
    data = with_said(standing, _input(one.entry, plan, sources, helped))
    return update_project(project=project, data=data, version=one.existing.version, actor=actor)


def take_back_plan_rows(*, plan: AnnualPlan, rows: Sequence[ImportedRow], actor: User) -> None:
    """Takes drafts that a list added out of the plan, and puts those that it changed back as they stood.

    Raises Refused where somebody has touched one since, naming it, and what the services of projects raise.
    """
    added = [row.project for row in rows if row.became == ImportedRow.Became.NEW and row.project]
    changed = [row for row in rows if row.became == ImportedRow.Became.CHANGED and row.project]
    if not rows:
        return
    refuse_touched(rows, Project.Status.DRAFT)
    discard_drafts(projects=added, actor=actor, reason=reason_of(rows))
    for row, project in ((row, row.project) for row in changed if row.project is not None):
        put_back(Project.objects.get(pk=project.pk), plan, row.before, actor)


PLAN_ROWS = ListKind(
    key="plan",
    title=gettext_lazy("Danh mục đề án của kế hoạch năm"),
    columns=PLAN_COLUMNS,
    name_key="name",
    right="write",
    is_of_plan=True,
    propose=propose_plan_rows,
    write=write_plan_rows,
    take_back=take_back_plan_rows,
    shown=("name", "content", "firm", "place", "period", "national", "city", "own", "other"),
    is_judged=True,
    has_parts=True,
)
