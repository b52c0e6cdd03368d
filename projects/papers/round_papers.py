"""The papers with which a round goes up: summary of appraisals, minutes, tờ trình, draft decision with its list.

The layout is ours, by NĐ 30/2020; the law prescribes none. What nobody recorded is a blank for the office to fill in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.money import format_million, in_words
from khuyencong.official import DocumentHead, document_head, in_sentence, official_name, vietnamese_date
from khuyencong.paper.official_paper import (
    OfficialPaper,
    Part,
    PartTitle,
    Signature,
    Words,
)
from khuyencong.text import at_start
from programmes.models import PlanRound, Regulation
from projects.papers.preferred import preferred_lines
from projects.papers.round_facts import RoundFacts, proposed_sum, requested_sum, round_facts
from projects.papers.round_lists import (
    LineColumn,
    amount_columns,
    annex,
    conclusion_columns,
    line_list,
    name_column,
    project_columns,
)

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


def summary_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Bảng tổng hợp: each line with what it asks for and what the Department concluded."""
    facts = round_facts(plan_round, user)
    if not any(line.appraisal for line in facts.lines):
        return None
    columns = [
        *project_columns(30, 20, 13),
        *amount_columns(facts, 9),
        *conclusion_columns(11, 11 if facts.has_recommended else 20),
    ]
    head = _head(facts.office, words)
    judged = [(number, one.project, one.judged_on) for number, one in enumerate(facts.lines, 1) if one.judged_on]
    return OfficialPaper(
        title="Bảng tổng hợp kết quả thẩm định đề án khuyến công",
        about=at_start(facts.name),
        head=head,
        parts=[
            line_list(facts.groups, columns, is_labelled=True),
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
    columns = [name_column(36), *amount_columns(facts, 10), *conclusion_columns(15, 22)]
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
            line_list(facts.groups, columns),
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
    columns = [*project_columns(33, 22, 15), *amount_columns(facts, 11)]
    head = _head(facts.office, words)
    approves = None if facts.is_national else facts.office.parent
    to = in_sentence(approves, words.dated_on or timezone.localdate()) if approves else OPEN
    centre = facts.round.plan.organisation.name
    return OfficialPaper(
        title="Tờ trình",
        about=f"Về việc phê duyệt {facts.name}",
        head=head,
        number=_numbered(words, "TTr-"),
        parts=[
            Words(f"Kính gửi: {to}", is_centred=True),
            *_decrees(facts, words),
            Words(f"Theo đề nghị của {centre},", is_italic=True),
            Words(
                f"{facts.office.name} đã thẩm định các đề án do {centre} đề nghị, "
                f"kính trình {to} xem xét, phê duyệt {facts.name} như sau:"
            ),
            *_totals(facts),
            Words("Danh mục đề án kèm theo Tờ trình này."),
            Words(f"{facts.office.name} kính trình {to} xem xét, quyết định./."),
        ],
        signatures=[Signature(head.signer, name=head.signer_name)],
        receivers=["- Như trên;", f"- {centre};", "- Lưu: VT, ……"],
        annex=annex(facts, f"Tờ trình số {words.number or '……'} {_day(words)}", columns),
    )


def draft_decision_paper(plan_round: PlanRound, user: User, words: PaperWords) -> OfficialPaper | None:
    """Dự thảo quyết định, for the office that approves to put into its own form; the Ministry, which approves what is
    asked of national money, writes its own."""
    facts = round_facts(plan_round, user)
    if facts.is_national or not facts.accepted:
        return None
    issuer = facts.office.parent or facts.office
    head = replace(_head(issuer, words), place_and_date=_head(issuer, PaperWords()).place_and_date)
    centre, whole = facts.round.plan.organisation.name, proposed_sum(facts.accepted)
    columns = [*project_columns(35, 25, 17), LineColumn("Kinh phí hỗ trợ", 13, total=proposed_sum)]
    return OfficialPaper(
        above="DỰ THẢO",
        title="Quyết định",
        about=f"Về việc phê duyệt {facts.name}",
        head=head,
        number="Số: ……/QĐ-……",
        parts=[
            Words(official_name(issuer, words.dated_on or timezone.localdate()).upper(), is_bold=True, is_centred=True),
            *_decrees(facts, words),
            Words(
                f"Theo đề nghị của {facts.office.name} tại Tờ trình số {words.number or '……'} {_day(words)}.",
                is_italic=True,
            ),
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
        ],
        signatures=[Signature(head.signer, name=head.signer_name)],
        receivers=["- Như Điều 3;", "- Lưu: VT, ……"],
        annex=annex(facts, f"Quyết định số ……/QĐ-…… {_day(PaperWords())}", columns),
    )


def _head(office: Organisation, words: PaperWords) -> DocumentHead:
    return document_head(office, named_on=words.dated_on or timezone.localdate(), dated_on=words.dated_on)


def _numbered(words: PaperWords, mark: str) -> str:
    return f"Số: {words.number or f'……/{mark}……'}"


def _day(words: PaperWords) -> str:
    return vietnamese_date(words.dated_on)


def _counted(facts: RoundFacts) -> list[str]:
    """How many lines got which conclusion, and what the accepted ones ask for."""
    counts = Counter(line.conclusion for line in facts.lines)
    said = "; ".join(f"{conclusion.lower()}: {count} đề án" for conclusion, count in counts.items())
    asked, proposed = (format_million(sum_of(facts.accepted)) for sum_of in (requested_sum, proposed_sum))
    also = f"; thẩm định đề nghị: {proposed} triệu đồng" if facts.has_recommended else ""
    return [
        f"Tổng số {len(facts.lines)} đề án, trong đó {said}.",
        f"Kinh phí đề nghị của các đề án được thống nhất: {asked} triệu đồng{also}.",
    ]


def _decrees(facts: RoundFacts, words: PaperWords) -> list[Part]:
    """The decrees of the contents, each with what amends it by the day of the paper."""
    day = words.dated_on or timezone.localdate()
    ids = {one.activity_type.regulation_id for line in facts.lines for one in line.project.components.all()}
    decrees = Regulation.objects.filter(pk__in=ids).order_by("issued_on", "number")
    return [Words(f"Căn cứ {_in_full(decree, day)};", is_italic=True) for decree in decrees]


def _in_full(decree: Regulation, day: dt.date) -> str:
    """“Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công, được sửa đổi bởi …”."""
    subject = decree.title.removeprefix("Nghị định ")
    said = f"Nghị định số {decree.number} {vietnamese_date(decree.issued_on)} của Chính phủ {subject}"
    for later in decree.amendments_by(day):
        said += f", được sửa đổi bởi Nghị định số {later.number} {vietnamese_date(later.issued_on)} của Chính phủ"
    return said


def _totals(facts: RoundFacts) -> list[Part]:
    """What is proposed of all, then by content."""
    whole = proposed_sum(facts.accepted)
    said = [
        f"- {group.title}: {len(group.lines)} đề án, {format_million(proposed_sum(group.lines))} triệu đồng"
        for group in facts.accepted_groups
    ]
    ends = [*[";"] * (len(said) - 1), "."]
    return [
        Words(
            f"Tổng số {len(facts.accepted)} đề án, kinh phí {format_million(whole)} triệu đồng "
            f"(bằng chữ: {in_words(whole or 0)}), trong đó:"
        ),
        *(Words(one + end) for one, end in zip(said, ends, strict=True)),
    ]
