"""The page of rights against what each role may do in the field, written here by hand (docs/user-guide.md “Vai trò”).

The page prints the tables that enforce them, so a slip in a table shows here.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import User

pytestmark = pytest.mark.django_db

ROLES = ["centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator"]
# Who may, in the order above: S, H, A of the Centre, R, D of the Department, O observes, M administers.
ROWS = """
    right-read                S H A R D O M
    right-plan                S H . . . . .
    right-assess              S H . . . . .
    right-write               S H . . . . .
    right-attach              S H . R D . .
    right-erase_withdrawn     . H . . D . M
    right-report              S H . . . . .
    right-registry            S H . . . . .
    right-erase               . H . . . . M
    right-comment             S H . R D . .
    right-review              . . . R . . .
    right-assign              . . . . D . .
    right-note                . . . R D . .
    right-paper               . . . R D . .
    right-decide              . . . . D . .
    right-adjust              . . . . D . .
    right-correct             . . . . D . .
    right-books               . . . . D . .
    right-pay                 . . A . . . .
    right-submit_centre       . H . . . . .
    right-submit_department   . . . . D . .
    right-delegate            . H A . D . .
    right-norms               . . . . . . M
    right-administer          . . . . . . M

    round-submit              . H . . . . .
    round-recall              . H . . . . .
    round-return              . . . R . . .
    round-endorse             . . . R . . .
    round-reopen              . . . . D . .
    round-forward             . . . . D . .
    round-approve             . . . . D . .
    round-cancel              . . . . D . .
    round-record              S H . . . . .

    project-submit            . H . . . . .
    project-recall            . H . . . . .
    project-withdraw          . H . . . . .
    project-discard           S H . . . . .
    project-appraise          . . . R . . .
    project-return            . . . R . . .
    project-refuse            . . . R . . .
    project-reconsider        . . . R . . .
    project-approve           . . . . D . .
    project-reject            . . . . D . .
    project-cancel            . . . . D . .
    project-contract          . . A . . . .
    project-start             S H . . . . .
    project-start_task        S H . . . . .
    project-accept            . H . . . . .
    project-settle            . . A . . . .
    project-liquidate         . . A . . . .
    project-stop              . . . . D . .
    project-record            S H . . . . .
    project-confirm           . . . . D . .
    project-take_over         . . . . D . .
    project-annul             . . . . D . .
"""
WRITTEN = [line.split() for line in ROWS.splitlines() if line.strip()]
ALLOWED = {key: {role for role, mark in zip(ROLES, marks, strict=True) if mark != "."} for key, *marks in WRITTEN}
SENDER, ENTERER = "người đã thực hiện bước “Gửi Sở”", "người lập đề án"
APPRAISER = "người đã thực hiện bước “Thống nhất”"
JUDGED = f"{ENTERER}; {SENDER}"
ROUND_JUDGED = f"{SENDER}; người đã thực hiện bước “Thống nhất đợt”"
APPROVER = "người đã thực hiện bước “Phê duyệt”; người đã thực hiện bước “Tiếp nhận hồ sơ cũ”"
# From where to where, what must come with it, who may not take it.
STEPS = {
    "round-submit": ("Đang lập, Trả lại bổ sung → Đã gửi Sở", "", ""),
    "round-recall": ("Đã gửi Sở → Đang lập", "", ""),
    "round-return": ("Đã gửi Sở → Trả lại bổ sung", "lý do", SENDER),
    "round-endorse": ("Đã gửi Sở → Sở đã thống nhất", "", SENDER),
    "round-reopen": ("Sở đã thống nhất, Đã trình → Đã gửi Sở", "lý do", ""),
    "round-forward": ("Sở đã thống nhất → Đã trình", "", ROUND_JUDGED),
    "round-approve": ("Đã trình → Đã phê duyệt", "văn bản", ROUND_JUDGED),
    "round-cancel": ("Đã phê duyệt → Đã trình", "lý do, văn bản", ""),
    "round-record": ("Đang lập → Hồ sơ cũ", "", ""),
    "project-submit": ("Đang lập, Trả lại bổ sung → Đã gửi Sở", "", ""),
    "project-recall": ("Đã gửi Sở → Đang lập", "", ""),
    "project-withdraw": (
        "Đang lập, Đã gửi Sở, Trả lại bổ sung, Đã thẩm định, Hồ sơ cũ chờ xác nhận → Đã rút",
        "lý do",
        "",
    ),
    "project-appraise": ("Đã gửi Sở → Đã thẩm định", "", JUDGED),
    "project-return": ("Đã gửi Sở → Trả lại bổ sung", "lý do", JUDGED),
    "project-refuse": ("Đã gửi Sở → Không đưa vào kế hoạch", "lý do", JUDGED),
    "project-reconsider": ("Đã thẩm định, Không đưa vào kế hoạch → Đã gửi Sở", "lý do", JUDGED),
    "project-approve": ("Đã thẩm định → Đã phê duyệt", "văn bản", f"{JUDGED}; {APPRAISER}"),
    "project-discard": ("Đang lập, Hồ sơ cũ chờ xác nhận → Đã bỏ", "", ""),
    "project-reject": ("Đã thẩm định → Không đưa vào kế hoạch", "lý do, văn bản", f"{JUDGED}; {APPRAISER}"),
    "project-cancel": ("Đã phê duyệt, Không đưa vào kế hoạch → Đã thẩm định", "lý do, văn bản", ""),
    "project-contract": ("Đã phê duyệt → Đã ký hợp đồng", "số, ngày hợp đồng", APPROVER),
    "project-start": ("Đã ký hợp đồng → Đang thực hiện", "", ""),
    "project-start_task": ("Đã phê duyệt → Đang thực hiện", "", ""),
    "project-accept": ("Đang thực hiện → Đã nghiệm thu", "số, ngày biên bản nghiệm thu", ""),
    "project-settle": ("Đã nghiệm thu → Đã quyết toán", "số, ngày hồ sơ quyết toán", APPROVER),
    "project-liquidate": ("Đã quyết toán → Đã thanh lý", "số, ngày biên bản thanh lý", APPROVER),
    "project-stop": ("Đã phê duyệt, Đã ký hợp đồng, Đang thực hiện → Ngừng thực hiện", "lý do, văn bản", ""),
    "project-record": ("Đang lập → Hồ sơ cũ chờ xác nhận", "hồ sơ, báo cáo làm căn cứ", ""),
    "project-confirm": (
        "Hồ sơ cũ chờ xác nhận → Hồ sơ cũ",
        "văn bản",
        f"{ENTERER}; người đã thực hiện bước “Nhập hồ sơ cũ”",
    ),
    "project-annul": (
        "Hồ sơ cũ, Đã phê duyệt, Đã ký hợp đồng, Đang thực hiện, Đã nghiệm thu, Đã quyết toán, Đã thanh lý, "
        "Ngừng thực hiện → Hồ sơ cũ chờ xác nhận",
        "lý do, văn bản",
        "",
    ),
    "project-take_over": (
        "Hồ sơ cũ chờ xác nhận → Đã phê duyệt",
        "văn bản",
        f"{ENTERER}; người đã thực hiện bước “Nhập hồ sơ cũ”",
    ),
}


def page_of(client: Client, user: User) -> html.HtmlElement:
    client.force_login(user)
    return html.fromstring(client.get(reverse("projects:rights")).content.decode())


def test_every_right_and_step_stands_there_with_exactly_its_roles(client: Client, observer: User) -> None:
    rows = page_of(client, observer).xpath("//tbody/tr")
    assert [row.get("id") for row in rows] == list(ALLOWED)
    for row in rows:
        cells = {cell.get("data-role"): cell.text_content() for cell in row.findall("td")}
        assert list(cells) == ROLES
        allowed = {role for role, said in cells.items() if "được" in said}
        refused = {role for role, said in cells.items() if "không" in said}
        assert (allowed, refused) == (ALLOWED[row.get("id")], set(ROLES) - ALLOWED[row.get("id")]), row.get("id")


def test_each_step_says_from_where_to_where_with_what_and_by_whom_not(client: Client, centre_head: User) -> None:
    page = page_of(client, centre_head)
    assert set(STEPS) == {key for key in ALLOWED if not key.startswith("right-")}
    for key, (move, requires, excluded) in STEPS.items():
        said = {
            line.get("class"): " ".join(line.text_content().split()) for line in page.get_element_by_id(key).iter("p")
        }
        expected = {
            "move": move,
            "requires": f"Phải có: {requires}" if requires else None,
            "excluded": f"Không được là: {excluded}" if excluded else None,
            "kinds": "Chỉ dành cho: Nhiệm vụ" if key == "project-start_task" else None,
        }
        assert said == {name: text for name, text in expected.items() if text}, key


def test_own_roles_are_marked_in_words_too(client: Client, accountant: User, stranger: User) -> None:
    page = page_of(client, accountant)
    marked = {cell.get("data-role") for cell in page.xpath("//td[contains(@class, 'own')]")}
    assert marked == {"accountant"}
    heads = [" ".join(head.text_content().split()) for head in page.xpath("//thead//th[contains(@class, 'own')]")]
    assert set(heads) == {"Kế toán (vai trò của bạn)"}
    stranger.memberships.all().delete()
    page = page_of(client, User.objects.get(pk=stranger.pk))
    assert not page.find_class("own") and "chưa được giao" in page.text_content()


def test_who_is_refused_finds_the_page(client: Client, observer: User) -> None:
    client.force_login(observer)
    refused = client.get(reverse("projects:beneficiary_create"))
    assert refused.status_code == 403
    assert reverse("projects:rights") in refused.content.decode()
    assert reverse("projects:rights") in client.get(reverse("accounts:profile")).content.decode()


def test_nobody_reads_it_without_signing_in_and_nothing_is_posted(client: Client, observer: User) -> None:
    address = reverse("projects:rights")
    assert client.get(address).status_code == 302
    client.force_login(observer)
    assert client.post(address).status_code == 405
