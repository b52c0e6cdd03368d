"""The list of a year's projects: what each of its rows becomes, and the kind that is declared of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.text import fold
from programmes.models import ActivityType
from projects.importing.layout.columns import Reads
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.lists.amount_cells import AmountCells, millions
from projects.importing.lists.codes import refuse_codes
from projects.importing.lists.money_levels import MONEY, place_state_money, stated_money
from projects.importing.lists.plan_columns import PLAN_COLUMNS
from projects.importing.lists.plan_entry import TEXTS, PlanEntry
from projects.importing.lists.plan_words import WordsReader
from projects.importing.lists.plan_writing import take_back_plan_rows, write_plan_rows
from projects.importing.lists.said_parts import places_said, scope_said
from projects.importing.lists.standing import StandingProject, matched_projects, standing_projects
from projects.importing.lists.twins import ONCE, ONE, TWO, ask_of_halves, ask_of_twins, may_be_halves, twins_of
from projects.importing.matching.places import PlaceReader
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow
from projects.importing.questions import Option
from projects.importing.reading.sheets import cell_name
from projects.models import Project
from projects.rules.permissions import hindrance_to_editing

SUMMED = (*MONEY, "state", "total")


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
    texts = {key: row.text(key) for key in TEXTS if row.text(key)}
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
    """What each row changes in the project of the plan that it means; one that shares but its name is told of."""
    for proposed, found in matched_projects(rows, standing, by_name_alone=True):
        entry, project = proposed.entry, found.project
        if entry.code != project.code and entry.helped != found.helped:
            text = _("kế hoạch đã có đề án %(code)s cùng tên, đơn vị thụ hưởng ghi khác; dòng này thành đề án mới")
            proposed.is_noted("name", text % {"code": project.code})
            continue
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
    found += [str(TEXTS[key]) for key, text in entry.texts.items() if text != getattr(project, key)]
    return found


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
