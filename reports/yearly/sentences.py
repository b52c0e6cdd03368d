"""The sentences of the yearly report, made of its figures alone: what is not recorded is a blank for the office.

Nothing speaks of the program that wrote them: the office signs. Official files are always Vietnamese, so these texts
are not translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from khuyencong.money import NOT_RECORDED, format_million
from khuyencong.text import inside_sentence
from projects.figures.totals import Schedule
from reports.yearly.facts import Figures, Trouble, YearBlock, YearlyReport

BLANK = "[……]"  # to be filled in, or struck out, before the report is signed


def rate_text(value: float | None) -> str:
    """A share in % with one decimal, “100,0” and “63,9”."""
    if value is None:
        return NOT_RECORDED
    rounded = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded:,f}".translate(str.maketrans(",.-", ".,−"))


def money_text(vnd: int | None) -> str:
    """“62,5 triệu đồng”, or room for the figure."""
    return f"{BLANK if vnd is None else format_million(vnd)} triệu đồng"


def opening_sentence(report: YearlyReport) -> str:
    """Which decisions the office carried out, and on what it reports."""
    issuer, year = report.head.issuer, report.year
    carried = f"Thực hiện {report.basis}, {issuer}" if report.basis else issuer
    return f"{carried} báo cáo kết quả công tác khuyến công năm {year}, phương hướng nhiệm vụ năm {year + 1} như sau:"


def last_year_sentences(report: YearlyReport) -> list[str]:
    block = report.last
    if not block.has_plan:
        return [
            f"Năm {block.year}, kế hoạch khuyến công gồm {BLANK} đề án, tổng kinh phí được duyệt {money_text(None)}; "
            f"kinh phí thực hiện: {money_text(None)}; quyết toán: {money_text(None)}."
        ]
    total = block.total
    return [
        plan_sentence(block),
        *schedule_sentences(block.approved),
        f"Kinh phí được giao: {money_text(total.assigned_vnd)}; "
        f"kinh phí thực hiện theo báo cáo của các đề án: {_with_rate(total.executed_vnd, total.executed_rate)}; "
        f"quyết toán: {_with_rate(total.settled_vnd, total.settled_rate)}.",
    ]


def this_year_sentences(report: YearlyReport) -> list[str]:
    block, total = report.this, report.this.total
    sentences = [plan_sentence(block), *schedule_sentences(block.approved)]
    if total.approved_vnd is not None:
        adjusted = ""
        if total.initial_vnd is not None and total.initial_vnd != total.approved_vnd:
            adjusted = f" (lần đầu {money_text(total.initial_vnd)}, sau điều chỉnh {money_text(total.approved_vnd)})"
        sentences.append(
            f"Kinh phí được giao: {money_text(total.assigned_vnd)}; đã duyệt cho các đề án: "
            f"{money_text(total.approved_vnd)}{adjusted}; đã chi: {money_text(total.paid_vnd)}; "
            f"thực hiện theo báo cáo: {_with_rate(total.executed_vnd, total.executed_rate)}."
        )
    if block.statuses:
        stands = ", ".join(_standing(label, count) for label, count in block.statuses)
        sentences.append(f"Tình trạng: {stands}.")
    return sentences


def _standing(label: str, count: int) -> str:
    """“9 đề án đã thanh lý”, “9 đề án có hồ sơ cũ chờ xác nhận”: one status names a paper and no act."""
    words = inside_sentence(label)
    return f"{count} đề án {'có ' if words.startswith('hồ sơ') else ''}{words}"


def next_year_sentences(report: YearlyReport) -> list[str]:
    block = report.next
    if not block.has_plan or not block.schedule.project_count:
        return [
            f"Kế hoạch, dự thảo kế hoạch năm {block.year} gồm {BLANK} đề án, tổng kinh phí đề nghị: {money_text(None)}."
        ]
    parts = _by_source(block.sources, "requested_vnd")
    sentence = (
        f"Kế hoạch, dự thảo kế hoạch năm {block.year} gồm {block.schedule.project_count} đề án, "
        f"tổng kinh phí đề nghị: {money_text(block.total.requested_vnd)}{parts}"
    )
    approved = block.total.approved_vnd
    return [f"{sentence}; đã được duyệt: {money_text(approved)}."]


def plan_sentence(block: YearBlock) -> str:
    """How many projects, how many of them approved, with how much money from where."""
    count, total = block.schedule.project_count, block.total
    if not count:
        return f"Năm {block.year}, kế hoạch khuyến công chưa có đề án nào."
    text = f"Năm {block.year}, kế hoạch khuyến công gồm {count} đề án"
    if total.approved_vnd is None:
        parts = _by_source(block.sources, "requested_vnd")
        asked = f"tổng kinh phí đề nghị: {money_text(total.requested_vnd)}{parts}"
        return f"{text}, {asked}; kinh phí được duyệt: {money_text(None)}."
    if block.approved.project_count < count:
        text += f", trong đó {block.approved.project_count} đề án đã được phê duyệt"
    parts = _by_source(block.sources, "approved_vnd")
    return f"{text}, tổng kinh phí được duyệt {money_text(total.approved_vnd)}{parts}."


def schedule_sentences(approved: Schedule) -> Iterator[str]:
    """“Trong 7 đề án được phê duyệt, có 2 đề án đúng tiến độ, 3 đề án chậm, 2 đề án chưa có báo cáo tiến độ.”"""
    count = approved.project_count
    if not count:
        return
    numbers = (
        (approved.on_schedule_count, "đúng tiến độ"),
        (approved.late_count, "chậm tiến độ"),
        (approved.was_late_count, "đã kết thúc, từng báo chậm"),
        (approved.unreported_count, "chưa có báo cáo tiến độ"),
    )
    found = [(number, words) for number, words in numbers if number]
    if len(found) == 1:
        every = f"Cả {count} đề án được phê duyệt đều" if count > 1 else "Đề án được phê duyệt"
        yield f"{every} {found[0][1]}."
    else:
        stands = ", ".join(f"{number} đề án {words}" for number, words in found)
        yield f"Trong {count} đề án được phê duyệt, có {stands}."


def nobody_late(schedule: Schedule) -> str:
    """Said where no project is late; where none reported, silence says nothing of being on time."""
    if schedule.unreported_count == schedule.project_count:
        return "[Đề án chậm tiến độ và nguyên nhân, nếu có: ……]"
    return "Không có đề án nào đang thực hiện mà báo cáo tiến độ mới nhất ghi là chậm."


def trouble_sentences(troubles: Iterable[Trouble]) -> Iterator[str]:
    """One for each project, with the month of the report that says so."""
    for trouble in troubles:
        words = " ".join(trouble.words.split()).rstrip(".") or "[nguyên nhân: ……]"
        yield f"{trouble.name} (báo cáo tháng {trouble.month:%m/%Y}): {words}."


def _by_source(sources: Iterable[Figures], name: str) -> str:
    parts = [
        f"{inside_sentence(one.label)} {money_text(getattr(one, name))}"
        for one in sources
        if getattr(one, name) is not None
    ]
    return f", trong đó {', '.join(parts)}" if parts else ""


def _with_rate(vnd: int | None, rate: float | None) -> str:
    if vnd is None or rate is None:
        return money_text(vnd)
    return f"{money_text(vnd)}, bằng {rate_text(rate)}% kinh phí được duyệt"
