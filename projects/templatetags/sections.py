"""Sections and buttons that subjects of their own add to the pages of the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template

from khuyencong.asof import NOW
from khuyencong.providers import PageAction, PageSection, provided

register = template.Library()


@register.inclusion_tag("projects/includes/provided_sections.html", takes_context=True)
def provided_sections(context: Any, page: str, record: object) -> dict[str, Any]:
    """``{% provided_sections "project" project %}``: what is provided for that page and has something to show."""
    request = context["request"]
    return {"sections": list(_sections(request.user, page, record, context.get("as_of") or NOW)), "request": request}


@register.inclusion_tag("projects/includes/provided_actions.html", takes_context=True)
def provided_actions(context: Any, page: str, record: object) -> dict[str, Any]:
    """``{% provided_actions "plan" plan %}``: buttons of the page's head; a past day has none."""
    user, as_of = context["request"].user, context.get("as_of") or NOW
    shown = [one.shown(user, record, as_of) for one in provided(PageAction) if one.page == page]
    return {"actions": [action for action in shown if action is not None]}


def _sections(user: Any, page: str, record: object, as_of: Any) -> Iterator[tuple[PageSection, Any]]:
    for one in provided(PageSection):
        if one.page == page and (shown := one.shown(user, record, as_of)) is not None:
            yield one, shown
