"""What a browser would send: the fields of the form on a page, as its user finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

from tests.people import PASSWORD

# What a test's client gets.
if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
else:
    Answer = HttpResponse


def fields_of(response: Any) -> dict[str, str]:
    """Every field of the long form on the page with what stands in it; only the last of several values."""
    [form] = [form for form in html.fromstring(response.content.decode()).forms if "novalidate" in form.attrib]
    return {name: value for name, value in fields_in(form).items() if name != "csrfmiddlewaretoken"}


def opened(client: Client, address: str) -> dict[str, str]:
    """The hidden fields that say what the page was opened with."""
    fields = fields_of(client.get(address))
    return {name: fields[name] for name in ("version", "base")}


def form_at(client: Client, address: str) -> Any:
    """The form that is sent to the address, on the page to which the address leads."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    page = html.fromstring(answer.content.decode())
    forms = [form for form in page.forms if form.method == "POST"]
    path = address.partition("?")[0]
    [form] = [form for form in forms if (form.action or answer.request["PATH_INFO"]).partition("?")[0] == path]
    return form


def fields_in(form: Any) -> dict[str, str]:
    """With its token."""
    return {name: (value or "").removeprefix("\n") for name, value in form.form_values()}  # as browsers read a textarea


def sign_in(client: Client, asked: str, username: str) -> str:
    """Through the page that was asked for; returns the address that it leads to."""
    [form] = [form for form in html.fromstring(client.get(asked).content.decode()).forms if "password" in form.fields]
    answer = client.post(asked, {**fields_in(form), "username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return answer["Location"]
