"""The frame of the site: health, languages, error pages, static files, addresses from the environment."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils.translation import get_language
from django.views.defaults import page_not_found, permission_denied, server_error

from khuyencong import health
from khuyencong.accounts.models import User
from khuyencong.environment import database_from_url, email_from_url
from khuyencong.staticfinder import FILES
from khuyencong.urls import urlpatterns as site_urls
from tests.sent import Answer


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("deliberate")


urlpatterns = [path("broken/", broken), *site_urls]


def test_healthz_answers_without_sign_in_or_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_answers_when_every_migration_is_applied(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_readyz_says_database_when_it_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("connection refused by db.internal:5432")

    monkeypatch.setattr(health, "MigrationExecutor", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (503, "database")
    assert b"internal" not in response.content


@pytest.mark.django_db
def test_readyz_says_migrations_when_one_is_pending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *args: [("one", False)])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (503, "migrations")


def test_language_is_vietnamese_whatever_the_browser_prefers(client: Client) -> None:
    assert client.get("/healthz", headers={"accept-language": "en-GB"})["Content-Language"] == "vi"


def test_language_follows_the_choice_and_ends_with_the_request(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": "/healthz"})
    assert client.get("/healthz")["Content-Language"] == "en"
    assert get_language() == "vi"


def test_unknown_language_cookie_is_ignored(client: Client) -> None:
    client.cookies["django_language"] = "xx"
    assert client.get("/healthz")["Content-Language"] == "vi"


def menu(response: Answer) -> tuple[list[str], list[str]]:
    """The words of the main menu, and those that are marked as where one is; both places say the same."""
    drawn = re.findall(r'<nav class="main-nav".*?</nav>', response.content.decode(), re.DOTALL)
    assert len(drawn) == 2 and len(set(drawn)) == 1
    links = re.findall(r"<a [^>]*?(aria-current)?>([^<]+)</a>", drawn[0].replace('="page"', ""))
    return [words for _mark, words in links], [words for mark, words in links if mark]


def test_menu_is_of_the_person_the_place_and_the_language(
    client: Client, centre_staff: User, administrator: User
) -> None:
    """It is drawn once for everybody alike, so one person's must not be another's."""
    for user, is_administrator in ((administrator, True), (centre_staff, False), (administrator, True)):
        client.force_login(user)
        page = client.get("/reports/")
        words, here = menu(page)
        assert ("Quản trị" in words, here) == (is_administrator, ["Báo cáo"])
        assert menu(client.get("/projects/"))[1] == ["Đề án"]
        assert (centre_staff.full_name in page.content.decode()) == (user == centre_staff)
    client.force_login(centre_staff)
    client.post("/i18n/setlang/", {"language": "en", "next": "/healthz"})
    assert menu(client.get("/reports/"))[1] == ["Reports"]


@pytest.mark.parametrize(
    ("view", "error", "status", "words"),
    [
        (page_not_found, LookupError("bí mật"), 404, "Không tìm thấy trang"),
        (permission_denied, PermissionDenied("bí mật"), 403, "Bạn không có quyền thực hiện việc này"),
    ],
)
def test_error_page_is_vietnamese_and_tells_no_detail(
    rf: RequestFactory,
    view: Callable[[HttpRequest, Exception], HttpResponse],
    error: Exception,
    status: int,
    words: str,
) -> None:
    request = rf.get("/nowhere/")
    request.user = AnonymousUser()
    response = view(request, error)
    assert response.status_code == status
    assert words in response.content.decode()
    assert "bí mật" not in response.content.decode()


def test_server_error_page_needs_nothing(rf: RequestFactory) -> None:
    assert "Phần mềm gặp lỗi" in server_error(rf.get("/")).content.decode()


@override_settings(ROOT_URLCONF="tests.test_site")
@pytest.mark.django_db
def test_failing_view_answers_with_the_page(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Phần mềm gặp lỗi" in response.content.decode()
    assert "deliberate" not in response.content.decode()


def test_stale_form_is_explained(client: Client) -> None:
    response = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()


def test_policy_of_content_allows_no_inline_code(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", [*FILES, "admin/css/base.css", "css/site.css"])
def test_static_file_is_found(name: str) -> None:
    found = finders.find(name)
    assert found is not None
    assert Path(found).is_file()


@pytest.mark.parametrize("name", ["vendor/bootstrap.rtl.css", "js_lib_bootstrap5/__init__.py", "admin/none.css"])
def test_static_file_outside_the_list_is_not_found(name: str) -> None:
    assert finders.find(name) is None


def test_database_address() -> None:
    found = database_from_url("postgresql://ke%40toan:m%3At@db:5433/kc?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "ke@toan",
        "m:t",
        "db",
        "5433",
        "kc",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}
    assert database_from_url("sqlite:////srv/kc.sqlite3")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("read", [database_from_url, email_from_url])
def test_unknown_address_is_refused(read: Callable[[str], object]) -> None:
    with pytest.raises(ImproperlyConfigured):
        read("mysql://host/name")
