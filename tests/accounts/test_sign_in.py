"""Signing in, being locked out, changing one's password, signing out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from tests.people import PASSWORD
from tests.sent import Answer

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str, **extra: str) -> Answer:
    return client.post(LOGIN, {"username": username, "password": password, **extra})


def test_person_signs_in_and_lands_on_the_first_page(client: Client, centre_staff: User) -> None:
    response = sign_in(client, "centre_staff", PASSWORD)
    assert response.status_code == 302 and response["Location"] == "/"
    assert "Nguyễn Thị Hoa" in client.get("/").content.decode()


def test_page_asked_for_opens_after_signing_in_but_never_another_site(client: Client, centre_staff: User) -> None:
    assert client.get("/plans/")["Location"] == "/accounts/login/?next=/plans/"
    assert sign_in(client, "centre_staff", PASSWORD, next="/plans/")["Location"] == "/plans/"
    for elsewhere in ("https://example.com/", "//example.com/plans/", "javascript:alert(1)"):
        assert sign_in(Client(), "centre_staff", PASSWORD, next=elsewhere)["Location"] == "/", elsewhere


def test_button_pressed_after_the_sign_in_expired_leads_to_a_page_that_says_so(
    client: Client, centre_staff: User
) -> None:
    delete = reverse("reports:view_delete", args=[1])
    asked = client.post(delete)["Location"]
    address = sign_in(client, "centre_staff", PASSWORD, next=asked.partition("next=")[2])["Location"]
    answer = client.get(address)
    assert (address, answer.status_code, answer["Allow"]) == (delete, 405, "POST")
    assert "thao tác trước đó chưa được ghi nhận" in answer.content.decode()


def test_part_of_a_page_asked_for_after_the_sign_in_expired_leads_to_signing_in(client: Client) -> None:
    """htmx would put the page of the sign-in into the place of the part, or nothing."""
    shown = {"HX-Request": "true", "HX-Current-URL": "http://testserver/projects/?year=2006&q=a+b"}
    answer = client.get("/projects/?year=2006&status=draft", headers=shown)
    assert answer.status_code == 200 and not answer.content
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/projects/%3Fyear%3D2006%26q%3Da%2Bb"
    assert client.get("/projects/")["Location"] == "/accounts/login/?next=/projects/"


@pytest.mark.parametrize("username", ["centre_staff", "nobody"])
def test_wrong_name_and_wrong_password_are_answered_alike(client: Client, centre_staff: User, username: str) -> None:
    page = sign_in(client, username, "sai").content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
    assert f'value="{username}"' in page


def test_tenth_failure_locks_even_the_right_password(client: Client, centre_staff: User, centre_head: User) -> None:
    for _ in range(9):
        assert "Tạm khóa đăng nhập" not in sign_in(client, "centre_staff", "sai").content.decode()
    response = sign_in(client, "centre_staff", "sai")
    assert response.status_code == 429
    assert "Tạm khóa đăng nhập" in response.content.decode()
    assert "Tạm khóa đăng nhập" in sign_in(client, "centre_staff", PASSWORD).content.decode()
    assert sign_in(client, "centre_head", PASSWORD).status_code == 302, "others from the same office still work"


def test_account_that_ended_does_not_sign_in(client: Client, centre_staff: User) -> None:
    User.objects.filter(pk=centre_staff.pk).update(is_active=False)
    assert sign_in(client, "centre_staff", PASSWORD).status_code == 200


def test_sign_out_is_a_post_only(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("sai", "một mật khẩu dài hơn", "một mật khẩu dài hơn", "Mật khẩu hiện nay không đúng."),
        (PASSWORD, "một mật khẩu dài hơn", "khác", "Hai lần nhập mật khẩu mới không giống nhau."),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu quá ngắn, phải có ít nhất 10 ký tự."),
        (PASSWORD, "1234567890123", "1234567890123", "số"),
    ],
)
def test_weak_or_wrong_password_is_refused_in_words(
    client: Client, centre_staff: User, old: str, new: str, again: str, message: str
) -> None:
    client.force_login(centre_staff)
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    response = client.post(reverse("accounts:password_change"), data)
    assert response.status_code == 422
    summary = response.content.decode()
    assert message in summary[summary.index("error-summary") :]
    centre_staff.refresh_from_db()
    assert centre_staff.check_password(PASSWORD)


def test_password_is_changed_and_the_session_stays(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    new = "chiếu cói Lật Dương"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    page = client.post(reverse("accounts:password_change"), data, follow=True).content.decode()
    assert "Đã đổi mật khẩu." in page and "Cán bộ Trung tâm" in page
    centre_staff.refresh_from_db()
    assert centre_staff.check_password(new)


def test_person_without_a_role_is_told_so(client: Client) -> None:
    client.force_login(User.objects.create(username="moi", full_name="Người mới"))
    assert "Bạn chưa được giao vai trò nào" in client.get(reverse("accounts:profile")).content.decode()
