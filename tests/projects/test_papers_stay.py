"""Papers do not change: whatever they name is changed afterwards, and the same page and the same file are printed."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from lxml import html

from khuyencong.accounts.models import Membership, Organisation, User
from khuyencong.paper.official_paper import OfficialPaper
from programmes.models import (
    ActivityType,
    AdminUnit,
    AllocationEntry,
    AnnualPlan,
    Decision,
    FundingSource,
    PlanRound,
    Regulation,
)
from projects.ledger.remainders import approved_cells
from projects.models import Appraisal, ApprovalEntry, CostLine, Project, RecordedPaper, Voucher
from projects.papers.kinds import PAPERS, written_paper
from projects.papers.round_papers import PaperWords
from projects.refusals import FutureDate, NotAllowed
from projects.services.papers import make_paper
from tests.factories import MILLION, decide, make_plan, make_project, submit_all
from tests.kept import kept
from tests.people import Tree, make_tree
from tests.projects.accounting import approved_plan, pay, sign
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db

MAKERS = {"approved-list": "department_head", "appendix": "department_head", "request": "accountant"} | dict.fromkeys(
    ("summary", "minutes", "submission", "draft-decision"), "reviewer"
)
TYPED = PaperWords("12/TTr-SCT", dt.date(2006, 6, 1), "Ông Nguyễn Văn A, Phó Giám đốc Sở\nBà Trần Thị B, chuyên viên")


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> AnnualPlan:
    """Approved by one letter, lowered by a second, with a voucher."""
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    key = next(key for key, amount in approved_cells(plan).items() if amount == 60 * MILLION)
    sign(key, accountant, 40)
    pay(plan, accountant, (key, "advance", 20))
    lower = {key: 45 * MILLION}
    decide(plan=plan, by=department_head, approved=lower, number="9/QĐ", on=dt.date(2006, 8, 1))
    return plan


def subject_of(kind: str) -> Any:
    if kind in ("approved-list", "appendix"):
        return Decision.objects.get(number="9/QĐ" if kind == "appendix" else "341/UBND-CN")
    return Voucher.objects.get() if kind == "request" else PlanRound.objects.get()


def make(kind: str, by: User, words: PaperWords = TYPED, reason: str = "") -> RecordedPaper:
    """As somebody does who reads it first."""
    subject = subject_of(kind)
    shown = written_paper(PAPERS[kind], subject, by, PaperWords())
    assert shown is not None
    return make_paper(kind=kind, subject=subject, words=words, seen=shown.digest, reason=reason, actor=by)


def printed(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    [sheet] = html.fromstring(answer.content.decode()).find_class("sheet")
    return html.tostring(sheet, encoding="unicode")


def change_everything() -> None:
    """What pages allow afterwards, and what nobody may, behind everybody's back."""
    Project.objects.update(name="Tên khác", notes="", area_scope="whole_city")
    CostLine.objects.update(amount_vnd=7 * MILLION)
    ActivityType.objects.update(short_name="Nội dung khác", legal_wording="Nội dung khác")
    AdminUnit.objects.update(name="Huyện Khác")
    Organisation.objects.update(name="Cơ quan khác")
    FundingSource.objects.update(name="Nguồn khác")
    Regulation.objects.update(title="Văn bản khác")
    PlanRound.objects.update(number=9)
    User.objects.update(full_name="Tên Mới")
    for entry in [*ApprovalEntry.objects.all(), *AllocationEntry.objects.all()]:
        type(entry).objects.create(
            **{
                field.attname: getattr(entry, field.attname)
                for field in entry._meta.concrete_fields
                if not field.primary_key and field.attname not in ("amount_vnd", "nature", "corrects_id", "recorded_at")
            },
            amount_vnd=MILLION,
            nature="correction",
            corrects_id=entry.corrects_id or entry.pk,
        )


@pytest.mark.parametrize("kind", MAKERS)
def test_what_was_made_is_printed_again_as_it_was(
    client: Client, plan: AnnualPlan, people: dict[str, User], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = people[MAKERS[kind]]
    made = make(kind, maker)
    client.force_login(maker)
    page, word = made.get_absolute_url(), reverse("projects:paper_word", args=[made.pk])
    before, file = printed(client, page), client.get(word).content
    change_everything()
    with monkeypatch.context() as changed:
        changed.setattr("projects.papers.kinds.render_to_string", lambda *args: "mẫu khác")
        assert printed(client, page) == before and client.get(word).content == file
        assert printed(client, reverse("projects:paper", args=[subject_of(kind).pk, kind])) == before
    assert "khác" not in before.lower() and RecordedPaper.objects.get(pk=made.pk).is_whole
    beside = client.get(page).content.decode()
    assert "chỗ khác với số liệu hiện nay" in beside and made.sha256 in beside


@pytest.mark.parametrize("kind", MAKERS)
def test_the_file_says_what_the_page_says(plan: AnnualPlan, people: dict[str, User], kind: str) -> None:
    """In the same order; a page breaks no figure that the file has."""
    made = make(kind, people[MAKERS[kind]])
    paper = OfficialPaper.from_plain(made.facts)
    assert OfficialPaper.from_plain(paper.to_plain()) == OfficialPaper.from_plain(made.facts)
    document = Document(io.BytesIO(bytes(made.word)))
    body = document.element.body
    file = "".join("".join(node.itertext()) for node in body.iterchildren())
    page = html.fromstring(f"<div>{made.page}</div>").text_content()
    spaced = "".join(file.split()).lower(), "".join(page.split()).lower()
    for line in paper.lines():
        for words in line.replace(" | ", "\n").replace(" – ", "\n").replace(": ", "\n").split("\n"):
            sought = "".join(words.split()).lower()
            assert all(sought in one for one in spaced), words


def test_sheet_of_an_appraisal_is_made_with_it(
    client: Client, plan: AnnualPlan, reviewer: User, centre_head: User
) -> None:
    first = Appraisal.objects.order_by("pk")[0]
    made = RecordedPaper.objects.get(appraisal=first)
    assert made.kind == "appraisal" and made.recorded_by == first.appraiser and made.is_whole
    client.force_login(centre_head)
    address = reverse("projects:appraisal", args=[first.project_id])
    before = printed(client, address)
    change_everything()
    assert printed(client, address) == before == printed(client, made.get_absolute_url())


def test_it_is_made_again_with_a_reason_and_both_stay(client: Client, plan: AnnualPlan, department_head: User) -> None:
    first = make("submission", department_head)
    assert code_of(lambda: make("submission", department_head)) == "unchanged"
    other = PaperWords("13/TTr-SCT", dt.date(2006, 6, 2))
    assert code_of(lambda: make("submission", department_head, other)) == "no_reason"
    second = make("submission", department_head, other, reason="Sai số tờ trình")
    assert (first.number, second.number, second.reason) == (1, 2, "Sai số tờ trình")
    client.force_login(department_head)
    assert "12/TTr-SCT" in printed(client, first.get_absolute_url())
    latest = client.get(reverse("projects:paper", args=[PlanRound.objects.get().pk, "submission"])).content.decode()
    assert "13/TTr-SCT" in latest and "Sai số tờ trình" in latest and first.get_absolute_url() in latest


def test_what_is_not_made(plan: AnnualPlan, people: dict[str, User], department_head: User) -> None:
    tomorrow = PaperWords(dated_on=timezone.localdate() + dt.timedelta(days=1))

    def said(kind: str, subject: Any) -> str:
        words: dict[str, Any] = {"words": TYPED, "seen": "khác", "actor": department_head}
        return code_of(lambda: make_paper(kind=kind, subject=subject, **words))

    assert said("submission", PlanRound.objects.get()) == "changed_meanwhile"
    assert said("appraisal", Appraisal.objects.first()) == "kind"
    with pytest.raises(FutureDate):
        make("submission", department_head, tomorrow)
    letter = Decision.objects.get(number="341/UBND-CN")
    assert said("appendix", letter) == "nothing"
    assert said("approved-list", Voucher.objects.get()) == said("none", letter) == "kind"
    for kind, maker in MAKERS.items():
        allowed = {maker} | ({"department_head"} if maker == "reviewer" else set())
        for role in set(people) - allowed:
            with pytest.raises(NotAllowed):
                make(kind, people[role])
    assert set(RecordedPaper.objects.values_list("kind", flat=True)) == {"appraisal"}


def test_nobody_of_another_province_reads_a_paper(
    client: Client, plan: AnnualPlan, people: dict[str, User], tree: Tree
) -> None:
    made = [make(kind, people[maker]) for kind, maker in MAKERS.items()]
    made += RecordedPaper.objects.filter(kind="appraisal")
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    stranger = User.objects.create(username="la", full_name="Người Lạ")
    Membership.objects.create(user=stranger, role="department_head", scope=abroad.department)
    client.force_login(stranger)
    for one in made:
        for name in ("paper_detail", "paper_word"):
            assert client.get(reverse(f"projects:{name}", args=[one.pk])).status_code == 404
    client.force_login(people["centre_staff"])
    seen = {one.kind for one in made if client.get(one.get_absolute_url()).status_code == 200}
    assert seen == {"appraisal", "request"}, "papers of the Department are its own"


def test_reviewer_makes_the_papers_of_a_round_on_its_page(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    plan_round = PlanRound.objects.get()
    desk = client.get(reverse("projects:round_papers", args=[plan_round.pk])).content.decode()
    assert desk.count("Chưa lập") == 4
    preview = client.get(reverse("projects:paper", args=[plan_round.pk, "minutes"])).content.decode()
    assert "Bản xem trước" in preview and "Biên bản họp thẩm định" in preview
    address = reverse("projects:paper_make", args=[plan_round.pk, "minutes"])
    form = html.fromstring(client.get(address).content.decode()).forms[-1]
    fields = dict(form.fields) | {"number": "05/BB-SCT", "dated_on": "01/06/2006", "members": "Ông A, Phó Giám đốc"}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    late = client.post(address, fields | {"dated_on": f"{tomorrow:%d/%m/%Y}"})
    refused = late.content.decode()
    assert late.status_code == 422 and "05/BB-SCT" in refused and "không được sau hôm nay" in refused
    answer = client.post(address, fields, follow=True)
    text = answer.content.decode()
    assert "05/BB-SCT" in text and "Ông A, Phó Giám đốc" in text and "Lập lần 1" in text
    assert "Lần 1" in client.get(reverse("projects:round_papers", args=[plan_round.pk])).content.decode()
    word = client.get(reverse("projects:paper_word", args=[RecordedPaper.objects.get(kind="minutes").pk]))
    assert word["Content-Type"].endswith("wordprocessingml.document") and ".docx" in word["Content-Disposition"]


def test_round_that_nobody_judged_has_no_papers(
    client: Client, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    client.force_login(reviewer)
    plan_round = PlanRound.objects.get()
    page = client.get(reverse("projects:round_papers", args=[plan_round.pk])).content.decode()
    assert page.count("Chưa có đề án được thẩm định") == 4
    assert client.get(reverse("projects:paper", args=[plan_round.pk, "summary"])).status_code == 404
