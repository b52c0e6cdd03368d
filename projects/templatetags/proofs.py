"""What the administrator's pages say of the last proof of the totals."""

from __future__ import annotations

from django import template

from projects.models import ProofRun

register = template.Library()


@register.simple_tag
def last_proof() -> ProofRun | None:
    return ProofRun.objects.newest_first().first()
