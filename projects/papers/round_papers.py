"""The papers with which a round goes up: summary of appraisals, minutes, tờ trình, draft decision with its list.

The layout is ours, by NĐ 30/2020; the law prescribes none. What nobody recorded is a blank for the office to fill in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import format_million, in_words
from khuyencong.official import UNIT_LINE, DocumentHead, document_head, in_sentence, official_name, vietnamese_date
from khuyencong.paper.official_paper import (
    OfficialPaper,
    PaperColumn,
    PaperList,
    PaperRow,
    Part,
    PartTitle,
    Signature,
    Words,
)
from khuyencong.text import at_start
from programmes.models import PlanRound, Regulation
from projects.ledger.optional_amounts import add
from projects.models import Appraisal, CostLine, PlanLine, Project, RecommendedAmount
from projects.papers.about_project import about_project
from projects.papers.preferred import preferred_lines

OPEN = "……………………"


@dataclass(frozen=True)
class PaperWords:
    """What is typed for a paper when it is made: its number, its day, and who sat in the council, one on a line."""

    number: str = ""
    dated_on: dt.date | None = None
    members: str = ""

    def to_plain(self) -> dict[str, str]:
        """For JSON."""
        day = self.dated_on.isoformat() if self.dated_on else ""
        return {"number": self.number, "dated_on": day, "members": self.members}

    @classmethod
    def from_plain(cls, plain: dict[str, str]) -> PaperWords:
        day = plain.get("dated_on")
        return cls(plain.get("number", ""), dt.date.fromisoformat(day) if day else None, plain.get("members", ""))


@dataclass(frozen=True)
class RoundLine:
    """A line of the round; ``requested_vnd`` is state money of the round's level, in đồng; ``proposed_vnd`` what the
    Department proposes of it: what was recommended, and the request where nothing was."""

    line: PlanLine
    project: Project
    requested_vnd: int | None
    proposed_vnd: int | None
    appraisal: Appraisal | None

    @property
    def judged_on(self) -> dt.date | None:
        """The day of the appraisal, whose law counts for the paper whenever it is made."""
        return self.appraisal.appraised_on if self.appraisal else None

    @property
    def is_accepted(self) -> bool:
        return self.line.status not in Project.UNCOUNTED and self.line.status in Project.RESOLVED


@dataclass(frozen=True)
class RoundFacts:
    """``has_recommended``: an amount was recommended of some line, so papers say both what is asked and proposed."""

    round: PlanRound
    lines: Sequence[RoundLine]
    office: Organisation
    has_recommended: bool

    @property
    def accepted(self) -> list[RoundLine]:
        return [line for line in self.lines if line.is_accepted]

    @property
    def name(self) -> str:
        """“kế hoạch khuyến công địa phương năm 2026 (đợt 1)”."""
        kind = "quốc gia" if self.round.level == "national" else "địa phương"
        return f"kế hoạch khuyến công {kind} năm {self.round.plan.year} (đợt {self.round.number})"


def round_facts(plan_round: PlanRound, user: User) -> RoundFacts:
    """Lines that were not withdrawn, by code; the office is that which appraises."""
    standing = PlanLine.objects.filter(round=plan_round).with_status()
    by_project = {line.project_id: line for line in standing if line.status not in Project.TAKEN_BACK}
    projects = Project.objects.visible_to(user).filter(pk__in=by_project).for_detail().order_by("code")
    costs = CostLine.objects.of_round(plan_round).state_money()
    asked = costs.amounts_by("plan_line__project", "component__activity_type", "source")
    recommended = RecommendedAmount.objects.in_force([plan_round])
    requested, proposed = dict[int, int](), dict[int, int]()
    for (project_id, *cell), amount in asked.items():
        said = recommended.get((project_id, plan_round.pk, *cell))
        requested[project_id] = requested.get(project_id, 0) + amount
        proposed[project_id] = proposed.get(project_id, 0) + (
            said.amount_vnd if said and said.stands_for(amount) else amount
        )
    latest = {one.project_id: one for one in Appraisal.objects.filter(round=plan_round).order_by("pk")}
    lines = [
        RoundLine(
            by_project[project.pk],
            project,
            requested.get(project.pk),
            proposed.get(project.pk),
            latest.get(project.pk),
        )
        for project in projects
    ]
    organisation = plan_round.plan.organisation
    return RoundFacts(plan_round, lines, organisation.parent or organisation, bool(recommended))


def summary_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Bảng tổng hợp: each line with what it asks for and what the Department concluded."""
    facts = round_facts(plan_round, user)
    if not any(line.appraisal for line in facts.lines):
        return None
    columns = [
        PaperColumn("STT", 6, "centre", "A"),
        PaperColumn("Tên đề án", 30, "left", "B"),
        PaperColumn("Đơn vị thụ hưởng", 21, "left", "C"),
        PaperColumn("Địa bàn", 14, "left", "D"),
        PaperColumn("Kinh phí đề nghị", 10, "right", "1"),
        *([PaperColumn("Thẩm định đề nghị", 10, "right", "2")] if facts.has_recommended else []),
        PaperColumn("Kết luận", 13, "left", "3" if facts.has_recommended else "2"),
        PaperColumn(
            "Ý kiến thẩm định",
            10 if facts.has_recommended else 20,
            "left",
            "4" if facts.has_recommended else "3",
        ),
    ]
    rows = [
        PaperRow([str(number), *about_project(line.project), *_amounts(facts, [line]), *_concluded(line)])
        for number, line in enumerate(facts.lines, 1)
    ]
    head = _head(facts.office, words)
    judged = [(number, one.project, one.judged_on) for number, one in enumerate(facts.lines, 1) if one.judged_on]
    return OfficialPaper(
        title="Bảng tổng hợp kết quả thẩm định đề án khuyến công",
        about=at_start(facts.name),
        head=head,
        parts=[
            PaperList(columns, [*rows, _sum_row(facts, facts.lines, 2)], UNIT_LINE),
            *map(Words, _counted(facts)),
            *preferred_lines(judged),
        ],
        signatures=[
            Signature.by_hand("NGƯỜI TỔNG HỢP", head.preparer),
            Signature.sealed(head),
        ],
        is_wide=True,
    )


def minutes_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Biên bản: what the council judged of each line, for its secretary and chair to sign."""
    facts = round_facts(plan_round, user)
    if not any(line.appraisal for line in facts.lines):
        return None
    members = [line.strip() for line in words.members.splitlines() if line.strip()] or [OPEN] * 3
    rows = [
        PaperRow([str(number), mask_personal_numbers(line.project.name), *_concluded(line)])
        for number, line in enumerate(facts.lines, 1)
    ]
    columns = [
        PaperColumn("STT", 9, "centre"),
        PaperColumn("Tên đề án", 39),
        PaperColumn("Kết luận", 20),
        PaperColumn("Ý kiến", 32),
    ]
    return OfficialPaper(
        title="Biên bản họp thẩm định đề án khuyến công",
        about=at_start(facts.name),
        head=_head(facts.office, words),
        number=_numbered(words, "BB-"),
        parts=[
            Words(f"Thời gian: …… giờ …… phút, {_day(words)}. Địa điểm: {OPEN}"),
            PartTitle("I. Thành phần"),
            *(Words(f"{number}. {member}") for number, member in enumerate(members, 1)),
            PartTitle("II. Nội dung thẩm định"),
            Words(f"Xem xét {len(facts.lines)} đề án của {facts.round.plan.organisation.name}, kết quả như sau:"),
            PaperList(columns, rows),
            PartTitle("III. Kết luận"),
            *map(Words, _counted(facts)),
            Words("Biên bản được đọc lại cho các thành viên dự họp cùng nghe và thống nhất."),
        ],
        signatures=[
            Signature.by_hand("THƯ KÝ"),
            Signature.by_hand("CHỦ TRÌ"),
        ],
    )


def submission_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Tờ trình: the Department asks whoever approves to approve the accepted lines."""
    facts = round_facts(plan_round, user)
    if not facts.accepted:
        return None
    head = _head(facts.office, words)
    to = in_sentence(facts.office.parent, words.dated_on or timezone.localdate()) if facts.office.parent else OPEN
    return OfficialPaper(
        title="Tờ trình",
        about=f"Về việc phê duyệt {facts.name}",
        head=head,
        number=_numbered(words, "TTr-"),
        parts=[
            Words(f"Kính gửi: {to}", is_centred=True),
            *_grounds(facts),
            Words(
                f"{facts.office.name} đã thẩm định các đề án do {facts.round.plan.organisation.name} đề nghị, "
                f"kính trình {to} xem xét, phê duyệt {facts.name} như sau:"
            ),
            PartTitle("1. Số đề án và kinh phí"),
            *_totals(facts),
            PartTitle("2. Danh mục đề án"),
            _accepted_list(facts),
            Words(f"{facts.office.name} kính trình {to} xem xét, quyết định./."),
        ],
        signatures=[Signature(head.signer, name=head.signer_name)],
        receivers=["- Như trên;", f"- {facts.round.plan.organisation.name};", "- Lưu: VT, ……"],
    )


def draft_decision_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Dự thảo quyết định, for the office that approves to put into its own form."""
    facts = round_facts(plan_round, user)
    if not facts.accepted:
        return None
    issuer = facts.office.parent or facts.office
    head = replace(_head(issuer, words), place_and_date=_head(issuer, PaperWords()).place_and_date)
    centre, whole = facts.round.plan.organisation.name, _proposed(facts.accepted)
    return OfficialPaper(
        above="DỰ THẢO",
        title="Quyết định",
        about=f"Về việc phê duyệt {facts.name}",
        head=head,
        number="Số: ……/QĐ-……",
        parts=[
            Words(official_name(issuer, words.dated_on or timezone.localdate()).upper(), is_bold=True, is_centred=True),
            *_grounds(facts),
            Words(f"Xét đề nghị của {facts.office.name} tại Tờ trình số {words.number or '……'} {_day(words)},"),
            Words("QUYẾT ĐỊNH:", is_bold=True, is_centred=True),
            Words(
                f"Điều 1. Phê duyệt {facts.name} gồm {len(facts.accepted)} đề án, kinh phí {format_million(whole)} "
                f"triệu đồng (bằng chữ: {in_words(whole or 0)}), theo danh mục kèm theo."
            ),
            Words(
                f"Điều 2. {centre} chủ trì thực hiện các đề án theo đúng quy định về khuyến công và quản lý, sử dụng "
                f"ngân sách nhà nước; {facts.office.name} hướng dẫn, kiểm tra, báo cáo kết quả thực hiện."
            ),
            Words(
                f"Điều 3. Chánh Văn phòng, Giám đốc {facts.office.name}, Giám đốc Sở Tài chính, {centre} và các đơn vị "
                "có liên quan chịu trách nhiệm thi hành Quyết định này./."
            ),
            PartTitle("DANH MỤC ĐỀ ÁN KÈM THEO QUYẾT ĐỊNH"),
            _accepted_list(facts),
        ],
        signatures=[Signature(head.signer, name=head.signer_name)],
        receivers=["- Như Điều 3;", "- Lưu: VT, ……"],
    )


def _head(office: Organisation, words: PaperWords) -> DocumentHead:
    return document_head(office, named_on=words.dated_on or timezone.localdate(), dated_on=words.dated_on)


def _numbered(words: PaperWords, mark: str) -> str:
    return f"Số: {words.number or f'……/{mark}……'}"


def _day(words: PaperWords) -> str:
    return vietnamese_date(words.dated_on)


def _concluded(line: RoundLine) -> list[str]:
    if line.appraisal is None:
        return ["Chưa thẩm định", ""]
    return [str(line.appraisal.get_conclusion_display()), line.appraisal.note]


def _requested(lines: Sequence[RoundLine]) -> int | None:
    return add(*(line.requested_vnd for line in lines))


def _proposed(lines: Sequence[RoundLine]) -> int | None:
    return add(*(line.proposed_vnd for line in lines if line.is_accepted))


def _amounts(facts: RoundFacts, lines: Sequence[RoundLine]) -> list[str]:
    """What the lines ask for, and what is proposed of it where anything was recommended in the round."""
    asked = [format_million(_requested(lines))]
    return [*asked, format_million(_proposed(lines))] if facts.has_recommended else asked


def _sum_row(facts: RoundFacts, lines: Sequence[RoundLine], after: int) -> PaperRow:
    return PaperRow(["", "Cộng", "", "", *_amounts(facts, lines), *[""] * after], "sum")


def _counted(facts: RoundFacts) -> list[str]:
    """How many lines got which conclusion, and what the accepted ones ask for."""
    counts = Counter(_concluded(line)[0] for line in facts.lines)
    said = "; ".join(f"{conclusion.lower()}: {count} đề án" for conclusion, count in counts.items())
    asked, proposed = (format_million(sum_of(facts.accepted)) for sum_of in (_requested, _proposed))
    also = f"; thẩm định đề nghị: {proposed} triệu đồng" if facts.has_recommended else ""
    return [
        f"Tổng số {len(facts.lines)} đề án, trong đó {said}.",
        f"Kinh phí đề nghị của các đề án được thống nhất: {asked} triệu đồng{also}.",
    ]


def _grounds(facts: RoundFacts) -> list[Part]:
    """The decrees of the contents, then what the Centre asks."""
    ids = {one.activity_type.regulation_id for line in facts.lines for one in line.project.components.all()}
    decrees = Regulation.objects.filter(pk__in=ids).order_by("issued_on", "number")
    said = [f"Căn cứ {_in_full(decree)};" for decree in decrees]
    return [Words(text, is_italic=True) for text in (*said, f"Theo đề nghị của {facts.round.plan.organisation.name},")]


def _in_full(decree: Regulation) -> str:
    """“Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công”."""
    subject = decree.title.removeprefix("Nghị định ")
    return f"Nghị định số {decree.number} {vietnamese_date(decree.issued_on)} của Chính phủ {subject}"


def _totals(facts: RoundFacts) -> list[Part]:
    """What is proposed of all, then by content."""
    whole = _proposed(facts.accepted)
    by_content: dict[str, list[RoundLine]] = defaultdict(list)
    for line in facts.accepted:
        contents = list(line.project.components.all())
        by_content[str(contents[0].activity_type) if contents else "Chưa ghi nội dung"].append(line)
    return [
        Words(
            f"Tổng số {len(facts.accepted)} đề án, kinh phí {format_million(whole)} triệu đồng "
            f"(bằng chữ: {in_words(whole or 0)}), trong đó:"
        ),
        *(
            Words(f"- {content}: {len(lines)} đề án, {format_million(_proposed(lines))} triệu đồng;")
            for content, lines in by_content.items()
        ),
    ]


def _accepted_list(facts: RoundFacts) -> PaperList:
    columns = [
        PaperColumn("STT", 9, "centre"),
        PaperColumn("Tên đề án", 35),
        *(
            [
                PaperColumn("Đơn vị thụ hưởng", 20),
                PaperColumn("Địa bàn", 14),
                PaperColumn("Đề nghị hỗ trợ", 11, "right"),
                PaperColumn("Thẩm định đề nghị", 11, "right"),
            ]
            if facts.has_recommended
            else [
                PaperColumn("Đơn vị thụ hưởng", 26),
                PaperColumn("Địa bàn", 17),
                PaperColumn("Kinh phí", 13, "right"),
            ]
        ),
    ]
    rows = [
        PaperRow([str(number), *about_project(line.project), *_amounts(facts, [line])])
        for number, line in enumerate(facts.accepted, 1)
    ]
    return PaperList(columns, [*rows, _sum_row(facts, facts.accepted, 0)], UNIT_LINE)
