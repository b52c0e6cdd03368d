"""What a browser would send: the fields of the form on a page, as its user finds them."""

from __future__ import annotations

from typing import Any

from django.test import Client
from lxml import html


def fields_of(response: Any) -> dict[str, str]:
    """Every field of the long form on the page with what stands in it; only the last of several values."""
    [form] = [form for form in html.fromstring(response.content.decode()).forms if "novalidate" in form.attrib]
    fields = {name: value or "" for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    return {name: value.removeprefix("\n") for name, value in fields.items()}  # as browsers read a textarea


def opened(client: Client, address: str) -> dict[str, str]:
    """The hidden fields that say what the page was opened with."""
    fields = fields_of(client.get(address))
    return {name: fields[name] for name in ("version", "base")}
