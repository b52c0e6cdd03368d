"""Benchmarks render as a server does, without the test runner keeping a copy of each template's context."""

from __future__ import annotations

import pytest
from django.template import Context, Template


@pytest.fixture(autouse=True)
def _render_as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def render(self: Template, context: Context) -> str:
        return self.nodelist.render(context)

    monkeypatch.setattr(Template, "_render", render)
