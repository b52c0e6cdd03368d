"""A content judged against the norm in force: within, over, no norm known, or figure unconfirmed.

Nothing here asks the database: the rows come from :mod:`projects.rules.warning_facts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation
from khuyencong.funding import FundingLevel
from khuyencong.money import format_vnd
from khuyencong.text import translated
from programmes.models import SupportNorm
from programmes.models.dated import is_in_force
from projects.models import ProjectComponent


class NormAnswer(models.TextChoices):
    """What the comparison says. “No norm” is never “within”."""

    WITHIN = "within", gettext_lazy("Trong mức")
    OVER = "over", gettext_lazy("Vượt mức")
    NO_NORM = "no_norm", gettext_lazy("Chưa có mức hỗ trợ")
    UNCONFIRMED = "unconfirmed", gettext_lazy("Chưa xác nhận")
    NO_CEILING = "no_ceiling", gettext_lazy("Không có mức trần")


@dataclass(frozen=True)
class AskedSupport:
    """The support of one level for one content, in đồng; whether a letter has approved it or it is only asked for."""

    level: FundingLevel
    amount_vnd: int
    is_approved: bool


@dataclass(frozen=True)
class Assessment:
    """The answer for one content and one level. ``is_over``: surely over the figure, confirmed or not.

    ``is_unchosen``: some norm is in force for the content, and none was chosen.
    """

    component: ProjectComponent
    asked: AskedSupport
    answer: NormAnswer
    text: str
    norm: SupportNorm | None = None
    limit_vnd: int | None = None
    is_over: bool = False
    is_unchosen: bool = False

    @property
    def citation(self) -> str:
        return self.norm.citation if self.norm else ""

    @property
    def label(self) -> str:
        return _("Chưa chọn mức") if self.is_unchosen else str(self.answer.label)


class NormBook:
    """All norms that may judge some projects, asked by code, level, province and day."""

    def __init__(self, norms: Iterable[SupportNorm]) -> None:
        # Of two rows that hold on one day the later one counts; a province's own goes before a general one.
        self._norms = sorted(norms, key=lambda norm: (norm.province_id is not None, norm.effective_from), reverse=True)

    def find(self, code: str, level: str, province: Organisation | None, on: dt.date) -> SupportNorm | None:
        return next((norm for norm in self._of(level, province, on) if norm.code == code), None)

    def has_any(self, activity_id: int, level: str, province: Organisation | None, on: dt.date) -> bool:
        """Whether some norm of that content is in force, so that one could be chosen."""
        return any(norm.activity_type_id == activity_id for norm in self._of(level, province, on))

    def open_norm(self, activity_id: int, level: str, province: Organisation | None, on: dt.date) -> SupportNorm | None:
        """The row that says there is no ceiling, of a content of which no row has one."""
        rows = [norm for norm in self._of(level, province, on) if norm.activity_type_id == activity_id]
        is_open = not any(norm.has_figures for norm in rows)
        return next((norm for norm in rows if norm.has_no_ceiling), None) if is_open else None

    def _of(self, level: str, province: Organisation | None, on: dt.date) -> Iterable[SupportNorm]:
        own = (None, province.pk if province else None)
        return (
            norm
            for norm in self._norms
            if norm.funding_level == level and norm.province_id in own and is_in_force(norm, on)
        )


def assess(
    component: ProjectComponent, asked: AskedSupport, *, book: NormBook, province: Organisation | None, on: dt.date
) -> Assessment:
    """Judges the content by the row in force on that day that has the code of the chosen norm."""
    chosen = component.norm
    norm = book.find(chosen.code, asked.level, province, on) if chosen else None
    if chosen is None:
        norm = book.open_norm(component.activity_type_id, asked.level, province, on)
    if norm is None:
        is_unchosen = chosen is None and book.has_any(component.activity_type_id, asked.level, province, on)
        text = _no_norm_text(component, asked, on, is_unchosen=is_unchosen)
        return Assessment(component, asked, NormAnswer.NO_NORM, text, is_unchosen=is_unchosen)
    return judge(component, asked, norm)


def judge(component: ProjectComponent, asked: AskedSupport, norm: SupportNorm) -> Assessment:
    """Support ≤ min(percent × eligible cost, ceiling × units), as far as these are known (field-rules §4)."""
    if norm.has_no_ceiling:
        return _without_ceiling(component, asked, norm)
    bounds = _Bounds(norm, component)
    is_over = bounds.is_surely_over(asked.amount_vnd)
    compared = _compared(asked, bounds)
    if not norm.is_confirmed:
        answer = NormAnswer.UNCONFIRMED
        head = _("Vượt mức hỗ trợ chưa xác nhận") if is_over else _("Mức hỗ trợ chưa xác nhận")
    elif is_over:
        answer, head = NormAnswer.OVER, _("Vượt mức hỗ trợ")
    elif bounds.is_surely_within(asked.amount_vnd):
        answer, head = NormAnswer.WITHIN, _("Trong mức hỗ trợ")
    else:
        answer, head = NormAnswer.UNCONFIRMED, _("Chưa đối chiếu được mức hỗ trợ")
    missing = "" if is_over else bounds.missing_text(asked.amount_vnd)
    text = f"{head}: {compared} — {norm.citation}{missing}"
    return Assessment(component, asked, answer, text, norm, bounds.limit_vnd, is_over)


def _without_ceiling(component: ProjectComponent, asked: AskedSupport, norm: SupportNorm) -> Assessment:
    """Nothing to compare with: the content is paid by general rules of spending."""
    doubt = "" if norm.is_confirmed else " " + _("(chưa xác nhận)")
    said = {"citation": f"{norm.citation}{doubt}", "note": f": {norm.note}" if norm.note else ""}
    text = _("Không có mức trần, theo chế độ hiện hành%(note)s — %(citation)s") % said
    return Assessment(component, asked, NormAnswer.NO_CEILING, text, norm)


@dataclass(frozen=True)
class _Bounds:
    """What a norm allows for a content; each half is unknown when the content does not say its figure."""

    norm: SupportNorm
    component: ProjectComponent

    @property
    def _lacks_cost(self) -> bool:
        return self.norm.max_percent is not None and self.component.eligible_cost_vnd is None

    @property
    def _lacks_units(self) -> bool:
        return self.norm.max_amount_vnd is not None and not self.component.units

    @property
    def by_percent(self) -> int | None:
        """Whole đồng, rounded down: half a đồng over is over."""
        cost = self.component.eligible_cost_vnd
        return None if self.norm.max_percent is None or cost is None else self.norm.max_percent * cost // 100

    @property
    def by_ceiling(self) -> int | None:
        units = self.component.units
        return self.norm.max_amount_vnd * units if self.norm.max_amount_vnd is not None and units else None

    @property
    def limit_vnd(self) -> int | None:
        """The smaller of what is known."""
        known = [bound for bound in (self.by_percent, self.by_ceiling) if bound is not None]
        return min(known, default=None)

    def is_surely_over(self, amount_vnd: int) -> bool:
        return self.limit_vnd is not None and amount_vnd > self.limit_vnd

    def is_surely_within(self, amount_vnd: int) -> bool:
        return self.norm.has_figures and not self.is_surely_over(amount_vnd) and not self._doubts(amount_vnd)

    def _doubts(self, amount_vnd: int) -> list[str]:
        """What must be known first. An unknown count is one at least, which may be enough."""
        missing = [_("chi phí hợp lệ")] if self._lacks_cost else []
        if self._lacks_units and amount_vnd > (self.norm.max_amount_vnd or 0):
            missing.append(_("số lượng (%(unit)s)") % {"unit": translated(self.norm.unit)})
        return missing

    def missing_text(self, amount_vnd: int) -> str:
        missing = self._doubts(amount_vnd)
        return _(". Chưa ghi: %(what)s") % {"what": ", ".join(missing)} if missing else ""

    def parts(self) -> str:
        """“50% của chi phí hợp lệ 700.000.000 đồng; 300.000.000 đồng/cơ sở × 1”."""
        parts = []
        if self.norm.max_percent is not None:
            cost = self.component.eligible_cost_vnd
            shown = _("%(cost)s đồng") % {"cost": format_vnd(cost)} if cost is not None else _("(chưa ghi)")
            parts.append(
                _("%(percent)d%% của chi phí hợp lệ %(cost)s") % {"percent": self.norm.max_percent, "cost": shown}
            )
        if self.norm.max_amount_vnd is not None:
            each = _("%(amount)s đồng/%(unit)s") % {
                "amount": format_vnd(self.norm.max_amount_vnd),
                "unit": translated(self.norm.unit),
            }
            parts.append(f"{each} × {self.component.units or _('(chưa ghi số lượng)')}")
        return "; ".join(parts) or self.norm.note


def _compared(asked: AskedSupport, bounds: _Bounds) -> str:
    """“đề nghị 350.000.000 đồng, tối đa 300.000.000 đồng (…)”."""
    word = _("được duyệt") if asked.is_approved else _("đề nghị")
    amount = _("%(word)s %(amount)s đồng") % {"word": word, "amount": format_vnd(asked.amount_vnd)}
    if bounds.limit_vnd is None:
        return f"{amount} ({bounds.parts()})"
    return _("%(asked)s, tối đa %(limit)s đồng (%(parts)s)") % {
        "asked": amount,
        "limit": format_vnd(bounds.limit_vnd),
        "parts": bounds.parts(),
    }


def _no_norm_text(component: ProjectComponent, asked: AskedSupport, on: dt.date, *, is_unchosen: bool) -> str:
    """Why nothing judges it: nothing was chosen, or nothing is in force for it on that day."""
    said = {
        "content": str(component.activity_type),
        "level": FundingLevel(asked.level).label,
        "on": f"{on:%d/%m/%Y}",
    }
    if is_unchosen:
        return _("Chưa chọn mức hỗ trợ áp dụng cho nội dung “%(content)s” (%(level)s).") % said
    if component.norm is None:
        return _("Chưa có mức hỗ trợ nào cho nội dung “%(content)s” (%(level)s) ngày %(on)s.") % said
    text = _("Chưa có mức hỗ trợ “%(item)s” (%(level)s) có hiệu lực ngày %(on)s.")
    return text % {**said, "item": component.norm.item}
