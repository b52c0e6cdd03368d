"""Which plans a yearly report is about: those of one year, under one organisation, that the user may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan

SEVERAL_PROVINCES = gettext_lazy("Bạn xem được kế hoạch của nhiều tỉnh, thành phố. Hãy chọn một đơn vị.")


@dataclass(frozen=True)
class Selection:
    """``organisations`` are those by which the year can be narrowed, ``chosen`` the one by which it is.

    Plans of several provinces make no report together, as nobody would sign it: then there are none, and ``tops``
    are the organisations of which one has to be chosen.
    """

    year: int
    plans: list[AnnualPlan]
    last_plans: list[AnnualPlan]
    organisations: list[Organisation]
    chosen: Organisation | None
    years: list[int]
    tops: list[Organisation] = field(default_factory=list)

    @property
    def scope(self) -> str:
        """Whose plans it holds, where it may not hold all that are under the issuer."""
        return "" if self.issuer in self.organisations else scope_of(self.plans)

    @property
    def words(self) -> list[str]:
        """What is asked in few words, where the form is folded away."""
        return [_("Năm %(year)s") % {"year": self.year}, *([str(self.chosen)] if self.chosen else [])]

    @property
    def issuer(self) -> Organisation:
        """Who would sign the report: the organisation asked for, or the lowest one above all the plans."""
        return self.chosen or lowest_above_all([plan.organisation for plan in self.plans])


def select_plans(user: User, year: int, code: str = "") -> Selection:
    """One query. An organisation that the user may not see has no plans, like one that does not exist."""
    seen = AnnualPlan.objects.seen_by(user)
    of_year = [plan for plan in seen if plan.year == year]
    organisations = organisations_above(of_year, user)
    chosen = next((node for node in organisations if node.code == code), None)

    def is_asked_for(plan: AnnualPlan) -> bool:
        return not code or (chosen is not None and chosen in plan.organisation.lineage())

    plans = [plan for plan in of_year if is_asked_for(plan)]
    if are_of_several_provinces(plans):
        return Selection(year, [], [], [], None, [], highest(organisations))
    return Selection(
        year=year,
        plans=plans,
        last_plans=[plan for plan in seen if plan.year == year - 1 and is_asked_for(plan)],
        organisations=organisations,
        chosen=chosen,
        years=list(dict.fromkeys(plan.year for plan in seen)),
    )


def organisations_above(plans: Iterable[AnnualPlan], user: User) -> list[Organisation]:
    """Those by which the plans can be narrowed: their own and those above them that the user sees; lowest first."""
    visible = user.visible_organisation_ids()
    above = {node.code: node for plan in plans for node in plan.organisation.lineage() if node.pk in visible}
    return sorted(above.values(), key=lambda node: (-len(node.lineage()), bytes(node.name_key)))


def are_of_several_provinces(plans: Iterable[AnnualPlan]) -> bool:
    return len({plan.organisation.lineage()[-1] for plan in plans}) > 1


def highest(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Those that stand under none of the others, by name."""
    nodes = set(organisations)
    tops = [node for node in nodes if not nodes & set(node.lineage()[1:])]
    return sorted(tops, key=lambda node: bytes(node.name_key))


def scope_of(plans: Iterable[AnnualPlan]) -> str:
    """In words, whose plans these are."""
    found = sorted({plan.organisation for plan in plans}, key=lambda node: bytes(node.name_key))
    return _("Phạm vi: %(names)s") % {"names": ", ".join(map(str, found))}


def lowest_above_all(organisations: Sequence[Organisation]) -> Organisation:
    """Of organisations of one province."""
    first, *others = organisations
    return next(node for node in first.lineage() if all(node in other.lineage() for other in others))
