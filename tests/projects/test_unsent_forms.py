"""Forms that arrive where they can't be taken: signed out, from an earlier sign-in, from htmx. Every form is walked in
tests/test_every_form_keeps_drafts.py; here are the ways in which a sign-in ends."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from khuyencong.drafts import UNSENT, Ticket
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, Comment, Project, Voucher
from tests.factories import make_plan, make_project, submit_all
from tests.people import PASSWORD
from tests.projects.accounting import approved_plan
from tests.projects.drafts import OFFER
from tests.sent import fields_in, fields_of, form_at, sign_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
REASON = "Thiếu bản vẽ mặt bằng"


@pytest.fixture
def project(centre_staff: User) -> Project:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    return make_project(plan=plan, by=centre_staff)


@pytest.fixture
def comments(project: Project) -> str:
    return reverse("projects:comment_add", args=[project.pk])


def by_browser(user: User) -> Client:
    """Signed in through the page, with the cookies and the tokens of forms that a browser has."""
    client = Client(enforce_csrf_checks=True)
    sign_in_by_browser(client, LOGIN, user)
    return client


def sign_in_by_browser(client: Client, asked: str, user: User) -> str:
    form = form_at(client, asked)
    answer = client.post(LOGIN, fields_in(form) | {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_comment_sent_signed_out_is_filled_in_on_the_project_and_saved(
    centre_staff: User, project: Project, comments: str
) -> None:
    client = by_browser(centre_staff)
    typed = fields_in(form_at(client, comments)) | {"text": REASON}
    Session.objects.all().delete()
    answer = client.post(comments, typed)
    login = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 302 and "Những gì bạn vừa nhập được giữ lại" in login and REASON not in login
    page = client.get(sign_in_by_browser(client, answer["Location"], centre_staff), follow=True)
    path, _status = page.redirect_chain[-1]
    assert path.startswith(f"{project.get_absolute_url()}?draft=") and path.endswith("#comments")
    text = page.content.decode()
    assert "Đang hiện bản nháp lúc" in text and '<details class="comment-form" open>' in text
    form = form_at(client, path.partition("#")[0].replace(project.get_absolute_url(), comments))
    assert client.post(comments, fields_in(form)).status_code == 302
    assert Comment.objects.get().text == REASON and not FormDraft.objects.exists()


@pytest.mark.parametrize("gone", [["sessionid"], ["sessionid", "csrftoken"]])
def test_cookies_that_are_gone_lose_nothing(centre_staff: User, comments: str, gone: list[str]) -> None:
    """Without the cookie of the token nothing could be saved; what was typed is kept all the same."""
    client = by_browser(centre_staff)
    typed = fields_in(form_at(client, comments)) | {"text": REASON}
    for name in gone:
        del client.cookies[name]
    answer = client.post(comments, typed)
    assert answer.status_code == 302 and answer["Location"].startswith(LOGIN)
    assert fields_in(form_at(client, sign_in_by_browser(client, answer["Location"], centre_staff)))["text"] == REASON


def test_signed_out_in_another_tab_and_in_again(centre_staff: User, comments: str) -> None:
    client = by_browser(centre_staff)
    page = form_at(client, comments)
    client.post("/accounts/logout/", {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    sign_in_by_browser(client, LOGIN, centre_staff)
    answer = client.post(comments, fields_in(page) | {"text": REASON})
    assert answer.status_code == 302 and not Comment.objects.exists(), "the token is that of the earlier sign-in"
    filled = client.get(answer["Location"], follow=True).content.decode()
    assert "Trang này mở từ trước khi bạn đăng nhập lại" in filled and REASON in filled
    assert client.post(comments, fields_in(form_at(client, answer["Location"]))).status_code == 302
    assert Comment.objects.get().text == REASON


def test_page_of_one_person_sent_in_the_name_of_another_saves_and_keeps_nothing(
    centre_staff: User, centre_head: User, comments: str
) -> None:
    client = by_browser(centre_staff)
    page = form_at(client, comments)
    client.post("/accounts/logout/", {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    sign_in_by_browser(client, LOGIN, centre_head)
    answer = client.post(comments, fields_in(page) | {"text": REASON})
    assert answer.status_code == 403 and "Trang đã mở quá lâu" in answer.content.decode()
    assert not FormDraft.objects.exists() and not Comment.objects.exists()


def test_conclusion_that_htmx_sends_signed_out_is_filled_in_on_the_line(
    client: Client, project: Project, centre_head: User, reviewer: User
) -> None:
    submit_all(plan=AnnualPlan.objects.get(), by=centre_head)
    plan_round = PlanRound.objects.get()
    line = reverse("projects:line_review", args=[plan_round.pk, project.pk])
    client.force_login(reviewer)
    typed = fields_in(form_at(client, line)) | {"note": REASON, "conclusion": "return"}
    client.logout()
    shown = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/rounds/{plan_round.pk}/review/"}
    asked = client.post(line, typed, headers=shown).headers["HX-Redirect"]
    page = client.get(sign_in(client, asked, "reviewer"), follow=True)
    assert page.redirect_chain[-1][0].startswith(f"/rounds/{plan_round.pk}/review/?line={project.pk}&draft=")
    filled = fields_in(form_at(client, parse_qs(urlsplit(asked).query)["next"][0]))
    assert filled["note"] == REASON and not Appraisal.objects.exists()
    done = client.post(line, filled | {"conclusion": "return"}, headers={"HX-Request": "true"})
    assert done.status_code == 200 and Appraisal.objects.get().note == REASON
    assert not FormDraft.objects.exists(), "htmx got the next line and not a redirect"


def test_draft_of_a_line_that_somebody_else_concluded_is_there_to_be_copied(
    client: Client, project: Project, centre_head: User, reviewer: User
) -> None:
    submit_all(plan=AnnualPlan.objects.get(), by=centre_head)
    line = reverse("projects:line_review", args=[PlanRound.objects.get().pk, project.pk])
    client.force_login(reviewer)
    typed = fields_in(form_at(client, line)) | {"note": REASON}
    client.logout()
    filled = sign_in(client, client.post(line, typed)["Location"], "reviewer")
    Project.objects.update(status="returned")
    answer = client.get(filled)
    assert answer.status_code == 403 and REASON in answer.content.decode()


def test_draft_is_offered_wherever_its_form_stands(
    client: Client, project: Project, comments: str, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    typed = fields_in(form_at(client, comments)) | {"text": REASON}
    client.logout()
    client.post(comments, typed)
    sign_in(client, LOGIN, "centre_staff")
    page = client.get(project.get_absolute_url()).content.decode()
    assert page.count(OFFER) == 1 and f"<q>{REASON}</q>" in page and f">{REASON}</textarea>" not in page
    assert OFFER not in client.get(reverse("projects:project_edit", args=[project.pk])).content.decode()


def test_several_tabs_sent_signed_out_are_all_kept(client: Client, comments: str, centre_staff: User) -> None:
    client.force_login(centre_staff)
    tabs = [fields_in(form_at(client, comments)) for _tab in range(2)]
    client.logout()
    for number, tab in enumerate(tabs):
        asked = client.post(comments, tab | {"text": f"Thẻ {number}"})["Location"]
    client.post(comments, tabs[0] | {"text": "Thẻ 0, gửi lần nữa"})
    sign_in(client, asked, "centre_staff")
    assert {dict(draft.data)["text"][0] for draft in FormDraft.objects.all()} == {"Thẻ 1", "Thẻ 0, gửi lần nữa"}


def test_what_waits_for_a_sign_in_holds_no_secrets_and_is_limited(
    client: Client, comments: str, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    page = fields_in(form_at(client, comments)) | {"csrfmiddlewaretoken": "bí mật"}
    client.logout()
    client.post(comments, page | {"text": "CCCD 031085001234", "password": "bí mật"})
    [[_ticket, data]] = client.session[UNSENT]
    assert ["text", ["CCCD 031…234"]] in data and "bí mật" not in str(data)
    asked = client.post(comments, page | {"text": "ệ" * 70_000})["Location"]
    assert "Nội dung quá dài nên không giữ lại được" in client.get(asked).content.decode()
    assert "?draft=" not in asked and len(client.session[UNSENT]) == 1


def test_whoever_never_opened_a_form_leaves_nothing_in_the_session(client: Client, comments: str) -> None:
    assert client.post(comments, {"text": REASON, "draft": "x"})["Location"] == f"{LOGIN}?next={comments}"
    assert UNSENT not in client.session


def test_what_is_typed_while_signed_out_is_kept_as_it_is_typed(
    client: Client, comments: str, centre_staff: User
) -> None:
    """The page sends its draft unasked, at the last when it is closed; nobody sees the answer."""
    client.force_login(centre_staff)
    page = fields_in(form_at(client, comments))
    client.logout()
    assert client.post(reverse("projects:draft_save"), page | {"text": REASON}).status_code == 302
    sign_in(client, LOGIN, "centre_staff")
    assert dict(FormDraft.objects.get().data)["text"] == [REASON]


def test_file_is_not_kept_and_the_page_says_so(client: Client, project: Project, centre_staff: User) -> None:
    address = reverse("projects:project_document_add", args=[project.pk])
    client.force_login(centre_staff)
    typed = fields_of(client.get(address)) | {"title": "Bản vẽ"}
    client.logout()
    page = client.get(sign_in(client, client.post(address, typed)["Location"], "centre_staff"))
    assert fields_of(page)["title"] == "Bản vẽ" and "Tệp đính kèm" in page.content.decode()
    assert "error-summary" not in page.content.decode()


def test_voucher_of_several_projects_comes_back_with_all_of_them(
    client: Client, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    first, second = Project.objects.in_plans([plan])
    address = f"{reverse('projects:voucher_create')}?project={first.pk}"
    client.force_login(accountant)
    wider = client.post(address, fields_of(client.get(address)) | {"add": "1", "add_code": second.code})
    typed = fields_of(wider) | {"content": "Chi cho hai đề án", "project": [str(first.pk), str(second.pk)]}
    client.logout()
    page = client.get(sign_in(client, client.post(address, typed)["Location"], "accountant")).content.decode()
    assert "Chi cho hai đề án" in page and first.name in page and second.name in page
    assert not Voucher.objects.exists()


def test_reason_for_a_warning_that_is_gone_is_shown_to_be_copied(
    client: Client, project: Project, centre_staff: User
) -> None:
    address = f"{reverse('projects:warning_reason', args=[project.pk])}?fingerprint=norm_over"
    typed = {"draft": Ticket(centre_staff.pk, address, "abc").signed(), "fingerprint": "norm_over", "reason": REASON}
    page = client.get(sign_in(client, client.post(address, typed)["Location"], "centre_staff"))
    assert page.status_code == 200 and fields_of(page)["reason"] == REASON
    assert "Quay lại đề án" in page.content.decode() and "Ghi lý do</button>" not in page.content.decode()
