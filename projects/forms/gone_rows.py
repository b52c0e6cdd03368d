"""Amounts typed into rows that a form has no more: somebody else settled, paid or withdrew them meanwhile.

A form that dropped them would say “saved” of the rest.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from khuyencong.money_questions import is_answer
from khuyencong.requests import record_id
from programmes.models import AnnualPlan
from projects.models import PlanLine


def typed_for_gone_rows(
    data: Mapping[str, str], rows: Container[str], *prefixes: str, plan: AnnualPlan | None = None
) -> str:
    """“KC2006-001: 70 tr; 5 tr”, empty where nothing is lost. ``rows`` are the names that the form has.

    Those of rows begin with one of ``prefixes``; “line-12-…” tells the line of that ``plan``, and so the project.
    """
    names = [name for name in data if name.startswith(prefixes) and name not in rows and not is_answer(name)]
    typed = {name: text for name in names if (text := data[name].strip())}
    lines = {name: record_id(name.split("-")[1]) for name in typed if name.startswith("line-")}
    named = PlanLine.objects.for_plans([plan] if plan else []).filter(pk__in=filter(None, lines.values()))
    codes = dict(named.values_list("pk", "project__code"))
    known = {name: codes[line] for name, line in lines.items() if line in codes}
    return "; ".join(f"{known[name]}: {text}" if name in known else text for name, text in typed.items())
