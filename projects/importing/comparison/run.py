"""The whole comparison. The file is read as one that is imported; what that reading would ask is answered here by what
the plan holds or by what is likely."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.assumed import AssumedAnswers, UnclearCells, read_assuming
from projects.importing.comparison.result import ASKED, ParallelRun
from projects.importing.comparison.rows import PlanWords, RowComparer, compared_columns
from projects.importing.comparison.sums import sums_of_heads, sums_of_sources
from projects.importing.lists.money_levels import LEVELS, STATE
from projects.importing.lists.standing import StandingProject, matched_projects, standing_projects
from projects.importing.reading.sheets import SourceFile
from projects.importing.understanding import file_notes
from projects.models import ApprovalEntry
from projects.refusals import Refused


def run_parallel(
    *, plan: AnnualPlan, source: SourceFile, user: User, basis: str, unit: int = 0, level: str = ""
) -> ParallelRun:
    """Compares the file's list of projects with the plan as it stands, by what is asked for or what was approved.

    ``unit``: đồng in one of the file's money, where its sheet does not say; ``level``: whose a column of money is that
    does not say so. Raises Refused beside ``file``, ``unit`` or ``level``.
    """
    standing = _standing_by(plan, basis)
    held = PlanWords(plan)
    understood, answered = read_assuming(
        plan, source, user, AssumedAnswers(held.firms, held.units.values(), unit, level)
    )
    table, proposal = understood.table, understood.proposal
    if table is None or proposal is None:
        text = _("Không tìm thấy danh mục đề án trong tệp này: không có dòng tiêu đề với cột tên đề án.")
        raise Refused({"file": text}, code="other_form")
    unclear = UnclearCells(proposal, answered)
    compare = RowComparer(table, unclear, compared_columns(table, proposal.rows), held)
    pairs = {id(row): one for row, one in matched_projects(proposal.rows, standing, by_name_alone=True)}
    rows = [compare.row(one, pairs.get(id(one))) for one in proposal.rows]
    notes = proposal.notes if understood.stopped_at else file_notes(understood.batch, understood.tables)
    known = {one.project.pk for one in pairs.values()}
    rows += [compare.ours_alone(one) for one in standing if one.project.pk not in known]
    return ParallelRun(
        plan=plan,
        basis=basis,
        file_name=source.name,
        tables=understood.tables,
        units=proposal.units,
        rows=rows,
        totals=list(sums_of_sources(rows, proposal, compare.money)),
        groups=list(sums_of_heads(rows, proposal.sums, compare.money, len(understood.tables) > 1)),
        compared=compare.keys,
        assumed=[*unclear.words, *notes],
        is_whole=understood.stopped_at is None,
        hidden=sum(one.row.number in one.row.table.sheet.hidden_rows for one in proposal.rows),
    )


def _standing_by(plan: AnnualPlan, basis: str) -> list[StandingProject]:
    """The plan's projects with what is asked for them, or what was approved; own and other money, of which no letter
    tells, stay as asked. What was never approved is not there, which is no 0."""
    standing = standing_projects(plan)
    if basis == ASKED:
        return standing
    approved = ApprovalEntry.objects.for_plans([plan]).amounts_by("plan_line__project", "source__level")
    return [
        replace(
            one,
            amounts={
                **{key: vnd for key, vnd in one.amounts.items() if key not in STATE},
                **{key: approved[at] for key in STATE if (at := (one.project.pk, LEVELS[key])) in approved},
            },
        )
        for one in standing
    ]
