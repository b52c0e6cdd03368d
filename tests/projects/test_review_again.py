"""What comes to the reviewer a second time: what the Centre wrote with it, the answers of last time, and the remarks
of which each is open or answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Comment, Project
from projects.refusals import Refused
from projects.services.review import add_comment
from projects.services.rounds import resubmit_project
from tests.factories import submit_all
from tests.kept import kept
from tests.projects.reviewing import answers, page, plan_of_two, post, project

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = plan_of_two(centre_staff)
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


def checked(text: str) -> list[str]:
    """The criteria that the form shows answered, with what."""
    radios = [one.split(">")[0] for one in text.split('<input type="radio"')[1:]]
    found = []
    for radio in radios:
        if "checked" in radio:
            name, value = (radio.split(f'{key}="')[1].split('"')[0] for key in ("name", "value"))
            found.append(f"{name.removeprefix('verdict_')} {value}")
    return found


def test_reviewer_finds_the_note_and_the_answers_of_last_time(
    client: Client, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    client.force_login(reviewer)
    wrong = project("Thêu ren")
    judged = {"verdict_effect": "not_met", "note_effect": "Giá máy cao", "note": "Giảm dự toán", "verdict_ability": ""}
    post(client, wrong, answers(wrong, conclusion="return", **judged))
    resubmit_project(
        project=project("Thêu ren"), actor=centre_head, on=timezone.localdate(), note="Đã chào lại giá, còn 45 triệu"
    )
    text = page(client, wrong)
    assert "Đã chào lại giá, còn 45 triệu" in text and "Trung tâm ghi khi gửi" in text
    assert checked(text) == ["principles met", "effect not_met", "combination met", "completeness met"]
    assert 'value="Giá máy cao"' in text and "Đã điền theo lần thẩm định trước" in text
    opinion = text[text.index('name="note"') :]
    assert "Giảm dự toán" not in opinion[: opinion.index("</textarea>")], "the opinion is of that time"
    assert "Đã điền theo lần thẩm định trước" not in page(client, project("Chiếu cói"))


def open_words(text: str) -> int:
    return text.count("<strong>chưa trả lời</strong>")


def test_remark_is_open_until_the_other_side_answers_it(
    client: Client, centre_staff: User, reviewer: User, plan: AnnualPlan
) -> None:
    one = project("Thêu ren")
    add_comment(project=one, actor=reviewer, text="Nêu rõ địa điểm", field="places")
    add_comment(project=one, actor=reviewer, text="Thiếu báo giá")
    client.force_login(reviewer)
    assert open_words(page(client, one)) == 2 and "2 ý kiến chưa trả lời" in page(client)

    client.force_login(centre_staff)
    text = client.get(one.get_absolute_url()).content.decode()
    assert "Ý kiến (2)" in text and open_words(text) == 2
    remark = Comment.objects.get(text="Nêu rõ địa điểm")
    address = reverse("projects:comment_answer", args=[remark.pk])
    assert address in text and "Nêu rõ địa điểm" in client.get(address).content.decode()
    assert client.post(address, {"text": "  "}).status_code == 422
    answer = client.post(f"{address}?next={plan.get_absolute_url()}", {"text": "Thôn 3, xã Kiền Bái"})
    assert (answer.status_code, answer["Location"]) == (302, f"{plan.get_absolute_url()}#comments")
    text = client.get(one.get_absolute_url()).content.decode()
    assert "Ý kiến (1)" in text and open_words(text) == 1 and "Thôn 3, xã Kiền Bái" in text

    client.force_login(reviewer)
    assert "1 ý kiến chưa trả lời" in page(client)


def test_returned_project_asks_for_what_is_open_only(
    client: Client, centre_staff: User, reviewer: User, plan: AnnualPlan
) -> None:
    one = project("Thêu ren")
    client.force_login(reviewer)
    post(client, one, answers(one, conclusion="return", note="Bổ sung"))
    done = add_comment(project=one, actor=reviewer, text="Nêu rõ địa điểm", field="places")
    add_comment(project=one, actor=reviewer, text="Thiếu báo giá")
    add_comment(project=one, actor=centre_staff, text="Thôn 3", answers=done)
    client.force_login(centre_staff)
    asked = client.get(reverse("projects:project_edit", args=[one.pk])).content.decode()
    asked = asked[asked.index("asked-title") : asked.index("</section>", asked.index("asked-title"))]
    assert "Thiếu báo giá" in asked and "Nêu rõ địa điểm" not in asked


def test_answer_belongs_to_a_remark_on_that_project(centre_staff: User, reviewer: User, plan: AnnualPlan) -> None:
    one, other = project("Thêu ren"), project("Chiếu cói")
    remark = add_comment(project=one, actor=reviewer, text="Thiếu báo giá")
    answer = add_comment(project=one, actor=centre_staff, text="Đã có", answers=remark)
    for about, answered in ((other, remark), (one, answer)):
        with pytest.raises(Refused) as refused:
            add_comment(project=about, actor=centre_staff, text="Đã gửi", answers=answered)
        assert refused.value.code == "other_comment"
    with pytest.raises(Refused) as refused:
        add_comment(project=one, actor=centre_staff, text="Đã có", answers=remark)
    assert refused.value.code == "twice"
    add_comment(project=one, actor=centre_staff, text="Đã có")
    assert Comment.objects.count() == 3, "the same words, of something else"


def test_answer_is_told_to_those_who_asked(
    centre_staff: User, reviewer: User, plan: AnnualPlan, django_capture_on_commit_callbacks: Iterable[object]
) -> None:
    User.objects.filter(pk=reviewer.pk).update(email="chuyenvien@example.vn")
    remark = add_comment(project=project("Thêu ren"), actor=reviewer, text="Thiếu báo giá")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        add_comment(project=project("Thêu ren"), actor=centre_staff, text="Đã có", answers=remark)
    assert [message.subject for message in mail.outbox] == ["[Khuyến công] Trả lời ý kiến về: Thêu ren"]


def test_the_department_asks_again_what_was_not_answered_well(
    client: Client,
    centre_staff: User,
    centre_head: User,
    reviewer: User,
    plan: AnnualPlan,
    django_capture_on_commit_callbacks: Iterable[object],
) -> None:
    """The thread is open again until the Centre answers once more; the Centre's second word does not open it."""
    one = project("Thêu ren")
    User.objects.filter(pk=centre_head.pk).update(email="giamdoc@example.vn")
    remark = add_comment(project=one, actor=reviewer, text="Thiếu báo giá")
    add_comment(project=one, actor=reviewer, text="Của ba đơn vị", answers=remark)
    assert list(Comment.objects.open()) == [remark], "what the Department adds itself answers nothing"
    add_comment(project=one, actor=centre_staff, text="Đã gửi", answers=remark)
    add_comment(project=one, actor=centre_staff, text="Cả bản chụp", answers=remark)
    client.force_login(reviewer)
    text = page(client, one)
    assert not Comment.objects.open().exists() and "· đã trả lời" in text and ">Hỏi lại</a>" in text
    address = reverse("projects:comment_answer", args=[remark.pk])
    assert "<h1>Hỏi lại</h1>" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(address, {"text": "Mới có hai báo giá"})
    assert [message.subject for message in mail.outbox] == ["[Khuyến công] Hỏi lại về: Thêu ren"]
    text = page(client, one)
    assert list(Comment.objects.open()) == [remark] and "hỏi lại, chưa trả lời" in text and "Hỏi lại:</strong>" in text
    client.force_login(centre_staff)
    assert "hỏi lại, chưa trả lời" in client.get(one.get_absolute_url()).content.decode()
    add_comment(project=one, actor=centre_staff, text="Báo giá thứ ba", answers=remark)
    assert not Comment.objects.open().exists()


def test_open_remarks_are_counted_for_all_lines_at_once(reviewer: User, plan: AnnualPlan) -> None:
    one = project("Thêu ren")
    for text in ("Một", "Hai"):
        add_comment(project=one, actor=reviewer, text=text)
    assert Comment.objects.open_counts(Project.objects.all()) == {one.pk: 2}
    assert PlanRound.objects.count() == 1
