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
    rule = advance_limit(account.component, on, account.source.level)
    if rule.percent is None or 100 * advanced_vnd <= rule.percent * base:
        return ""
    text = _("Tạm ứng %(advanced)s đồng, quá %(percent)s%% của %(base)s đồng (tối đa %(limit)s đồng).")
    if rule.percent == 0:
        text = _("Tạm ứng %(advanced)s đồng, trong khi khoản này chỉ chi sau nghiệm thu, không tạm ứng.")
    said = text % {
        "advanced": format_vnd(advanced_vnd),
        "percent": rule.percent,
        "base": format_vnd(base),
        "limit": format_vnd(rule.percent * base // 100),
    }
    before = _("Hồ sơ: %(papers)s.") % {"papers": rule.precondition} if rule.precondition else ""
    return " ".join(filter(None, (said, before, rule.citation)))


class AdvanceLimit(NamedTuple):
    """At most how many percent of the support may be advanced; None: no rule is known for that day.

    ``precondition``: the papers that have to be there first.
    """

    percent: int | None
    citation: str
    is_confirmed: bool
    precondition: str = ""


def advance_limit(component: ProjectComponent, on: dt.date, level: str = "") -> AdvanceLimit:
    """The rule for the content's norm code, else the one for all the rest (norm fetched or not). A rule for money of
    that level goes before one for all money."""
    code = component.norm.code if component.norm else ""
    known = AdvanceShare.objects.in_force(on).for_codes(code, "").for_judging()
    rules = [rule for rule in reversed(known) if rule.funding_level in ("", level)]
    rule = max(rules, key=lambda one: (one.norm_code == code, bool(one.funding_level)), default=None)
    if rule is None:
        return AdvanceLimit(None, "", False)
    return AdvanceLimit(rule.max_percent, rule.citation, rule.is_confirmed, rule.precondition)
