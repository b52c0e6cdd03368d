"""Codes of projects that a list gives twice, or that other projects of the province bear: told before anything is
written."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from django.utils.translation import gettext as _

from programmes.models import AnnualPlan
from projects.importing.proposals import ProposedRow
from projects.models import Project
from projects.services.project_parts import taken_words


def refuse_codes(rows: Sequence[ProposedRow], plan: AnnualPlan, told_by: Callable[[ProposedRow], Hashable]) -> None:
    """``told_by``: by which rows are hardly two projects; as long as nobody said whether they are, their codes may be
    equal."""
    coded = [one for one in rows if one.entry.code and not one.is_left]
    _refuse_equal(coded, told_by)
    new = {one.entry.code: one for one in coded if one.existing is None}
    taken = Project.objects.in_province(plan.organisation.province().pk).filter(code__in=new)
    for twin in taken.select_related("organisation"):
        for one in coded:
            if one.entry.code == twin.code and one.existing is None:
                one.is_wrong("code", taken_words(twin, plan.organisation_id))


def _refuse_equal(coded: Sequence[ProposedRow], told_by: Callable[[ProposedRow], Hashable]) -> None:
    first: dict[str, ProposedRow] = {}
    for one in coded:
        other = first.setdefault(one.entry.code, one)
        if other is one or (one.is_waiting and told_by(one) == told_by(other)):
            continue
        for this, that in ((one, other), (other, one)):
            said = {"code": one.entry.code, "cell": that.row.place_of("code")}
            this.is_wrong("code", _("mã đề án %(code)s cũng ghi ở %(cell)s") % said)
