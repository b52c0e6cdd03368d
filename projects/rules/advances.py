"""What may be advanced before acceptance: a share of the contract by the kind of support (field-rules §4)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext as _

from khuyencong.money import format_vnd
from programmes.models import AdvanceShare
from projects.ledger.line_accounts import LineAccount
from projects.models import ProjectComponent


def advance_warning(account: LineAccount, advanced_vnd: int, on: dt.date) -> str:
    """Why so much advanced on the account is unwise; empty when it is within the share or no rule is known.

    The share is of what is contracted, or of what is approved while there is no contract.
    """
    base = account.contracted_vnd or account.approved_vnd or 0
    rule = advance_limit(account.component, on)
    if rule.percent is None or 100 * advanced_vnd <= rule.percent * base:
        return ""
    text = _("Tạm ứng %(advanced)s đồng, quá %(percent)s%% của %(base)s đồng (tối đa %(limit)s đồng).") % {
        "advanced": format_vnd(advanced_vnd),
        "percent": rule.percent,
        "base": format_vnd(base),
        "limit": format_vnd(rule.percent * base // 100),
    }
    return f"{text} {rule.citation}".strip()


class AdvanceLimit(NamedTuple):
    """At most how many percent of the support may be advanced; None: no rule is known for that day."""

    percent: int | None
    citation: str
    is_confirmed: bool


def advance_limit(component: ProjectComponent, on: dt.date) -> AdvanceLimit:
    """The rule for the content's norm code, else the one for all the rest (norm fetched or not)."""
    code = component.norm.code if component.norm else ""
    rules = list(AdvanceShare.objects.in_force(on).for_codes(code, "").for_judging())
    rule = next((rule for wanted in (code, "") for rule in reversed(rules) if rule.norm_code == wanted), None)
    if rule is None:
        return AdvanceLimit(None, "", False)
    return AdvanceLimit(rule.max_percent, rule.citation, rule.is_confirmed)
