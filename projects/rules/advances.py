"""What may be advanced before acceptance: a share of the contract by the kind of support (field-rules §4)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from khuyencong.money import format_vnd
from projects.ledger.line_accounts import LineAccount
from projects.rules.norms import advance_limit


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
