"""Mẫu số 1 (TT 36/2013): the estimate of a project with the two commitments of those who are helped.

Each content is a row of what is asked from each source, with its items below where the office keeps an estimate in
detail. The way in which items are shown is ours: the law names none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.funding import STATE_LEVELS, FundingLevel
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import format_million, format_vnd
from khuyencong.official import UNIT_LINE, document_head, vietnamese_date
from khuyencong.paper.official_paper import OfficialPaper, PaperColumn, PaperList, PaperRow, Part, Signature, Words
from projects.ledger.optional_amounts import add
from projects.models import Commitment, CostLine, EstimateItem, Project
from projects.papers.round_papers import PaperWords

OWN, OTHER = FundingLevel.COUNTERPART, FundingLevel.OTHER
Asked = dict[tuple[int, int], dict[str, int]]  # by year and content, then by the level of the source
Items = dict[tuple[int, int], list[EstimateItem]]  # by year and content
STATE_TITLES: dict[tuple[FundingLevel, ...], str] = {
    (FundingLevel.NATIONAL,): "Kinh phí khuyến công quốc gia",
    (FundingLevel.CITY,): "Kinh phí khuyến công địa phương",
}


def form_one_paper(project: Project, user: User, words: PaperWords) -> OfficialPaper | None:
    """Of all years of the project, with what is recorded of its commitments."""
    read = Project.objects.visible_to(user).for_detail().get(pk=project.pk)
    asked = _asked(read)
    items: Items = defaultdict(list)
    for item in EstimateItem.objects.of_project(read).in_reading_order().select_related("plan"):
        items[item.plan.year, item.component_id].append(item)
    if not asked and not items:
        return None
    head = document_head(read.organisation, named_on=words.dated_on or timezone.localdate(), dated_on=words.dated_on)
    signed = Commitment.objects.of_project(read).first()
    signed = signed if signed and signed.stands else None
    has_beneficiary = read.kind != Project.Kind.TASK
    signatures = [Signature.sealed(head)]
    if has_beneficiary:
        signer = signed.signer if signed else ""
        signatures.insert(0, Signature.by_hand("ĐẠI DIỆN ĐƠN VỊ THỤ HƯỞNG", signer))
    return OfficialPaper(
        above="Mẫu số 1",
        title="Dự toán kinh phí đề án khuyến công",
        about=mask_personal_numbers(read.name),
        attached_to=f"(Mã đề án: {read.code})",
        head=head,
        parts=[
            PaperList(_columns(asked), list(_rows(read, asked, items)), UNIT_LINE),
            *(_commitments(asked, signed) if has_beneficiary else []),
        ],
        signatures=signatures,
        is_wide=True,
    )


def _asked(project: Project) -> Asked:
    found: Asked = defaultdict(lambda: defaultdict(int))
    costs = CostLine.objects.of_project(project).amounts_by(
        "plan_line__round__plan__year", "component", "source__level"
    )
    for (year, component, level), amount in costs.items():
        found[year, component][level] += amount
    return found


def _columns(asked: Asked) -> list[PaperColumn]:
    """The State's money bears the name of its level where it is of one."""
    levels = tuple(level for level in STATE_LEVELS if any(level in amounts for amounts in asked.values()))
    return [
        PaperColumn("STT", 6, "centre", "A"),
        PaperColumn("Nội dung chi", 32, "left", "B"),
        PaperColumn("Tổng kinh phí", 12, "right", "1"),
        PaperColumn(STATE_TITLES.get(levels, "Kinh phí khuyến công"), 13, "right", "2"),
        PaperColumn("Kinh phí đóng góp của đơn vị thụ hưởng", 13, "right", "3"),
        PaperColumn("Nguồn khác", 10, "right", "4"),
        PaperColumn("Ghi chú", 14, "left", "5"),
    ]


def _rows(project: Project, asked: Asked, items: Items) -> Iterator[PaperRow]:
    years = sorted({year for year, _component in (*asked, *items)})
    for year in years:
        if len(years) > 1:
            yield PaperRow([f"Năm {year}"], "heading")
        contents = [one for one in project.components.all() if (year, one.pk) in {*asked, *items}]
        for number, component in enumerate(contents, 1):
            amounts = asked.get((year, component.pk), {})
            found = items.get((year, component.pk), [])
            yield PaperRow(
                [str(number), str(component.activity_type), *_split([amounts]), _note(amounts, found)], "sum"
            )
            for index, item in enumerate(found, 1):
                yield PaperRow([f"{number}.{index}", *_item(item, amounts)])
    yield PaperRow(["", "Cộng", *_split(asked.values()), ""], "sum")


def _split(rows: Iterable[Mapping[str, int]]) -> list[str]:
    """The whole, the State's, the beneficiary's and what others give, in triệu đồng; what nobody said is no nought."""
    found = list(rows)
    state = add(*(one.get(level) for one in found for level in STATE_LEVELS))
    own, other = (add(*(one.get(level) for one in found)) for level in (OWN, OTHER))
    return [format_million(amount) for amount in (add(state, own, other), state, own, other)]


def _note(amounts: Mapping[str, int], items: list[EstimateItem]) -> str:
    """Which levels the State's money is of where it is of both, and a sum of items that is another."""
    said = []
    if all(level in amounts for level in STATE_LEVELS):
        national, city = (format_million(amounts[level]) for level in (FundingLevel.NATIONAL, FundingLevel.CITY))
        said.append(f"KCQG {national}; KCĐP {city}")
    total = add(*(item.amount_vnd for item in items))
    if items and total != add(*amounts.values()):
        said.append(f"Cộng các khoản: {format_million(total)}")
    return "\n".join(said)


def _item(item: EstimateItem, amounts: Mapping[str, int]) -> list[str]:
    """What the State's money does not pay is the beneficiary's where the request names its money and nobody else's.
    Otherwise nobody said who pays it: the form stays blank there, and the note says so where nothing is named at all.
    """
    unit = f" {item.unit}" if item.unit else ""
    name = mask_personal_numbers(f"{item.name}\n({item.quantity_text}{unit} × {format_vnd(item.unit_price_vnd)} đồng)")
    rest = None if item.state_vnd is None else item.amount_vnd - item.state_vnd
    own = rest if rest == 0 or (OWN in amounts and OTHER not in amounts) else None
    is_unnamed = bool(rest) and amounts.keys().isdisjoint((OWN, OTHER))
    note = f"Chưa nêu nguồn của {format_million(rest)} còn lại" if is_unnamed else ""
    return [name, *map(format_million, (item.amount_vnd, item.state_vnd, own)), "", note]


def _commitments(asked: Asked, signed: Commitment | None) -> list[Part]:
    """Both as the form prints them, then what was recorded as signed."""
    share = add(*(amounts.get(OWN) for amounts in asked.values()))
    how_much = f": {format_million(share)} triệu đồng" if share else ""
    parts: list[Part] = [
        Words("Đơn vị thụ hưởng cam kết:", is_bold=True),
        Words("1. Không nhận hỗ trợ nào khác từ ngân sách nhà nước cho các khoản chi đề nghị hỗ trợ nêu trên."),
        Words(f"2. Bố trí đủ phần kinh phí đóng góp để thực hiện đề án{how_much}."),
    ]
    if signed and signed.signed_on:
        said = "; ".join(signed.said)
        text = f"Cam kết đã ký {vietnamese_date(signed.signed_on)}, người ký: {signed.signer} ({said})."
        parts.append(Words(text, is_italic=True))
    return parts
