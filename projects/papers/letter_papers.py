"""The papers that go with a letter: the appendix of one that adjusts, and the list of what one approves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from khuyencong.money import NOT_RECORDED, format_million
from khuyencong.official import UNIT_LINE, DocumentHead, document_head
from khuyencong.paper.official_paper import (
    OfficialPaper,
    PaperColumn,
    PaperList,
    PaperRow,
    Part,
    PartTitle,
    Signature,
)
from khuyencong.text import at_start
from programmes.citation import cited
from programmes.models import Decision
from projects.ledger.letter_amounts import amounts_around
from projects.ledger.optional_amounts import add
from projects.models import ApprovalEntry, FieldChange, Project, ProjectRevision
from projects.models.money import ApprovalEntryQuerySet
from projects.papers.about_project import about_project
from projects.papers.snapshots import Difference


@dataclass(frozen=True)
class MoneyChange:
    """One line × content × source that the letter changed, in đồng."""

    entry: ApprovalEntry
    before_vnd: int
    after_vnd: int
    reason: str

    @property
    def difference_vnd(self) -> int:
        return self.after_vnd - self.before_vnd

    @property
    def is_stopped(self) -> bool:
        return self.entry.nature == Nature.STOP


@dataclass(frozen=True)
class TextChange:
    """A field of a project that the letter changed."""

    project: Project
    difference: Difference
    reason: str


@dataclass(frozen=True)
class Appendix:
    """Money before and after, then places, dates and beneficiaries before and after."""

    money: list[MoneyChange]
    texts: list[TextChange]

    @property
    def is_empty(self) -> bool:
        return not self.money and not self.texts

    @property
    def before_vnd(self) -> int | None:
        return add(*(row.before_vnd for row in self.money))

    @property
    def after_vnd(self) -> int | None:
        return add(*(row.after_vnd for row in self.money))

    @property
    def difference_vnd(self) -> int | None:
        return add(*(row.difference_vnd for row in self.money))


def has_appendix(decision: Decision, user: User) -> bool:
    """Whether the letter adjusts anything that the user may see."""
    if ApprovalEntry.objects.visible_to(user).of_decision(decision).adjusting().exists():
        return True
    return bool(_text_changes(decision, user))


def has_approved_list(decision: Decision, user: User) -> bool:
    """Whether the letter approves anything for the first time that the user may see."""
    return _first_approvals(decision, user).exists()


def _first_approvals(decision: Decision, user: User) -> ApprovalEntryQuerySet:
    return ApprovalEntry.objects.visible_to(user).of_decision(decision).standing().filter(nature=Nature.INITIAL)


def appendix(decision: Decision, user: User) -> Appendix:
    """Of what the user may see. First approvals are the letter's list and no adjustment; slips are folded in."""
    entries = ApprovalEntry.objects.visible_to(user).of_decision(decision).adjusting()
    around = amounts_around(entries.order_by("plan_line__project__code", "pk"))
    money = [
        MoneyChange(entry, before, after, entry.reason or decision.summary) for entry, (before, after) in around.items()
    ]
    return Appendix(money, _text_changes(decision, user))


def _text_changes(decision: Decision, user: User) -> list[TextChange]:
    """As the history keeps them: what else changed between two revisions is not this letter's.

    A change belongs to the first revision that was recorded after it; slips are folded into what they correct.
    """
    revisions = {one.pk: one for one in ProjectRevision.objects.visible_to(user).of_decision(decision)}
    found: dict[tuple[int, str], TextChange] = {}
    for change in FieldChange.objects.visible_to(user).of_decision(decision):
        later = (one for one in revisions.values() if one.project_id == change.project_id)
        told = next((one for one in later if one.recorded_at >= change.recorded_at), None)
        if told is None:
            continue
        own = revisions[told.corrects_id or told.pk]
        stood = found.get((own.pk, change.field))
        difference = Difference(change.field, stood.difference.before if stood else change.before, change.after)
        found[own.pk, change.field] = TextChange(change.project, difference, own.reason or decision.summary)
    return [one for one in found.values() if one.difference.before != one.difference.after]


def appendix_paper(decision: Decision, user: User) -> OfficialPaper | None:
    """None where the letter adjusts nothing that the user may see."""
    found = appendix(decision, user)
    if found.is_empty:
        return None
    head = _head(decision)
    parts: list[Part] = []
    if found.money:
        parts += [PartTitle("I. Kinh phí"), _money_list(found)]
    if found.texts:
        number = "II" if found.money else "I"
        parts += [PartTitle(f"{number}. Địa bàn, thời gian, đơn vị thụ hưởng"), _text_list(found.texts)]
    return OfficialPaper(
        title="Điều chỉnh, bổ sung, ngừng thực hiện đề án khuyến công",
        above="Phụ lục",
        attached_to=f"(Kèm theo {cited(decision)})",
        head=head,
        parts=parts,
        signatures=_table_signatures(head),
        is_wide=True,
    )


def approved_list_paper(decision: Decision, user: User) -> OfficialPaper | None:
    """Danh mục: the projects that the letter approves for the first time, with what it gives each; None without any."""
    around = amounts_around(_first_approvals(decision, user).order_by("plan_line__project__code", "pk"))
    if not around:
        return None
    given: dict[Project, dict[str, int]] = defaultdict(dict)
    for entry, (before, after) in around.items():
        amounts = given[entry.plan_line.project]
        amounts[entry.source.name] = amounts.get(entry.source.name, 0) + after - before
    projects = {one.pk: one for one in Project.objects.for_detail().filter(pk__in=[one.pk for one in given])}
    sources = sorted({source for amounts in given.values() for source in amounts})
    columns = [
        PaperColumn("STT", 6, "centre", "A"),
        PaperColumn("Tên đề án", 34, "left", "B"),
        PaperColumn("Đơn vị thụ hưởng", 25, "left", "C"),
        PaperColumn("Địa bàn", 18, "left", "D"),
        *(PaperColumn(source, 14, "right", str(number)) for number, source in enumerate(sources, 1)),
    ]
    rows = [
        PaperRow(
            [str(number), *about_project(projects[project.pk]), *(format_million(amounts.get(one)) for one in sources)]
        )
        for number, (project, amounts) in enumerate(given.items(), 1)
    ]
    totals = [format_million(sum(amounts.get(one, 0) for amounts in given.values())) for one in sources]
    head = _head(decision)
    return OfficialPaper(
        title="Danh mục đề án khuyến công được phê duyệt",
        above="Phụ lục",
        attached_to=f"(Kèm theo {cited(decision)})",
        head=head,
        parts=[PaperList(columns, [*rows, PaperRow(["", "Cộng", "", "", *totals], "sum")], UNIT_LINE)],
        signatures=_table_signatures(head),
        is_wide=True,
    )


def _head(decision: Decision) -> DocumentHead:
    return document_head(decision.organisation, named_on=decision.effective_on, dated_on=decision.issued_on)


def _table_signatures(head: DocumentHead) -> list[Signature]:
    return [
        Signature.by_hand("NGƯỜI LẬP BIỂU", head.preparer),
        Signature.sealed(head),
    ]


def _money_list(found: Appendix) -> PaperList:
    columns = [
        PaperColumn("STT", 6, "centre", "A"),
        PaperColumn("Tên đề án", 33, "left", "B"),
        PaperColumn("Nguồn", 11, "left", "C"),
        PaperColumn("Trước điều chỉnh", 11, "right", "1"),
        PaperColumn("Sau điều chỉnh", 11, "right", "2"),
        PaperColumn("Chênh lệch", 11, "right", "3=2-1"),
        PaperColumn("Lý do", 24, "left", "4"),
    ]
    rows = []
    for number, one in enumerate(found.money, 1):
        name = f"{one.entry.plan_line.project}{' (ngừng thực hiện)' if one.is_stopped else ''}"
        amounts = map(format_million, (one.before_vnd, one.after_vnd, one.difference_vnd))
        rows.append(PaperRow([str(number), name, str(one.entry.source), *amounts, one.reason]))
    totals = map(format_million, (found.before_vnd, found.after_vnd, found.difference_vnd))
    return PaperList(columns, [*rows, PaperRow(["", "Cộng", "", *totals, ""], "sum")], UNIT_LINE)


def _text_list(texts: list[TextChange]) -> PaperList:
    columns = [
        PaperColumn("STT", 6, "centre"),
        PaperColumn("Tên đề án", 27),
        PaperColumn("Mục", 14),
        PaperColumn("Trước điều chỉnh", 18),
        PaperColumn("Sau điều chỉnh", 18),
        PaperColumn("Lý do", 18),
    ]
    rows = [
        PaperRow(
            [
                *(str(number), str(one.project), at_start(one.difference.label)),
                *(one.difference.before or NOT_RECORDED, one.difference.after or NOT_RECORDED, one.reason),
            ]
        )
        for number, one in enumerate(texts, 1)
    ]
    return PaperList(columns, rows)
